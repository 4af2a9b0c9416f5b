using System.Runtime.InteropServices;
using Outboard.Devices;

namespace Outboard.Ml;

/// <summary>The native layout of an <see cref="MlOp"/>: half a cache line, then the input and the output buffers.</summary>
/// <remarks>
/// <code>
///  0 pool handle   8 user data    16 status   18 model id   20 batch count   22 input count   23 output count
/// 24 error code   28 buffers each way   32 input buffers, then output buffers
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct MlOpHeader
{
    public const int Size = 32;

    [FieldOffset(0)] public nint Pool;
    [FieldOffset(8)] public ulong UserData;
    [FieldOffset(16)] public OpStatus Status;
    [FieldOffset(18)] public ushort ModelId;
    [FieldOffset(20)] public ushort BatchCount;
    [FieldOffset(22)] public byte InputCount;
    [FieldOffset(23)] public byte OutputCount;
    [FieldOffset(24)] public uint ErrorCode;
    [FieldOffset(28)] public ushort BufferMax;
}
