using System.Runtime.InteropServices;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>Scratch of one short message on the stack. A type of its own because a generic one cannot have a layout.</summary>
[StructLayout(LayoutKind.Explicit, Size = 160 + (int)HashedLength)]
internal struct GcmWorkspace
{
    /// <summary>64 bytes of associated data, 112 of ciphertext, the block of lengths.</summary>
    public const uint HashedLength = 64 + 112 + 16;

    [FieldOffset(0)]
    public byte Keystream;

    [FieldOffset(128)]
    public byte Counter;

    [FieldOffset(144)]
    public byte Hash;

    [FieldOffset(160)]
    public byte Hashed;
}
