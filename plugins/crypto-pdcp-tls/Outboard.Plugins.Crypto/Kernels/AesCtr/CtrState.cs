using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>One counter-mode message under way: 0 counter block, 16 keystream of the block that was cut, 32 bytes of it used.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal struct CtrState
{
    [FieldOffset(0)]
    private byte _counter;

    [FieldOffset(16)]
    private byte _keystream;

    /// <summary>Keystream bytes used up, 1 to 15; 0 when the message stands at a block boundary.</summary>
    [FieldOffset(32)]
    public int Used;

    [UnscopedRef]
    public ref byte Counter => ref _counter;

    [UnscopedRef]
    public ref byte Keystream => ref _keystream;
}
