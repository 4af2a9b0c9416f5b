using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Crypto.Kernels.AesCmac;

/// <summary>One CMAC message under way: 0 chain value, 16 last block so far, 32 bytes in it.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct CmacState
{
    public const int Size = 48;

    [FieldOffset(0)]
    public byte ChainFirst;

    [FieldOffset(16)]
    public byte BlockFirst;

    /// <summary>Bytes in the last block, 0 to 16: it is held back because the last block of all is masked by a subkey.</summary>
    [FieldOffset(32)]
    public int Pending;

    [UnscopedRef]
    public ref byte Chain => ref ChainFirst;

    [UnscopedRef]
    public ref byte Block => ref BlockFirst;
}
