using System.Runtime.InteropServices;

namespace Outboard.Memory;

/// <summary>The head of a ring's native block; the elements follow it.</summary>
/// <remarks><code>0 SlotCount  4 Mask  8 Capacity  12 HeadTailDistanceMax  128 Producer  256 Consumer  384 elements</code></remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct RingHeader
{
    public const int Size = 384;

    [FieldOffset(0)] public uint SlotCount;
    [FieldOffset(4)] public uint Mask;
    [FieldOffset(8)] public uint Capacity;
    [FieldOffset(12)] public uint HeadTailDistanceMax;
    [FieldOffset(128)] public RingSide Producer;
    [FieldOffset(256)] public RingSide Consumer;
}
