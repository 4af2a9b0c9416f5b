using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>One GCM message under way. Secret-bearing: its owner wipes it.</summary>
/// <remarks>Offsets: 0 counter block, 16 hash, 32 E(J0), 48 block being filled, 64 keystream of that block, 80 lengths.</remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct GcmState
{
    public const int Size = 112;

    [FieldOffset(0)]
    private byte _counter;

    [FieldOffset(16)]
    private byte _hash;

    [FieldOffset(32)]
    private byte _mask;

    [FieldOffset(48)]
    private byte _block;

    [FieldOffset(64)]
    private byte _keystream;

    [FieldOffset(80)]
    public ulong AssociatedLength;

    [FieldOffset(88)]
    public ulong DataLength;

    /// <summary>Bytes in the block being filled, 0 to 15.</summary>
    [FieldOffset(96)]
    public int Pending;

    [UnscopedRef]
    public ref byte Counter => ref _counter;

    [UnscopedRef]
    public ref byte Hash => ref _hash;

    [UnscopedRef]
    public ref byte Mask => ref _mask;

    [UnscopedRef]
    public ref byte Block => ref _block;

    [UnscopedRef]
    public ref byte Keystream => ref _keystream;
}
