using System.Runtime.InteropServices;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>Scratch of one short message on the stack. A type of its own because a generic one cannot have a layout.</summary>
/// <remarks>Associated data ends where the message begins, so that both are hashed in one go; the tag mask is made in its last block.</remarks>
[StructLayout(LayoutKind.Explicit, Size = MessageOffset + DataLengthMax + 16 + 32)]
internal struct GcmWorkspace
{
    public const int MessageOffset = 64;
    public const int DataLengthMax = 432;

    [FieldOffset(0)]
    public byte First;

    [FieldOffset(MessageOffset - 16)]
    public byte Mask;

    [FieldOffset(MessageOffset)]
    public byte Message;

    [FieldOffset(MessageOffset + DataLengthMax + 16)]
    public byte Counter;

    [FieldOffset(MessageOffset + DataLengthMax + 32)]
    public byte Hash;
}
