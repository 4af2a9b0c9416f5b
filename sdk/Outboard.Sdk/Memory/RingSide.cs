using System.Runtime.InteropServices;

namespace Outboard.Memory;

/// <summary>The indices of one side of a ring, alone on two cache lines (the adjacent-line prefetcher fetches pairs).</summary>
/// <remarks>
/// Indices run freely modulo 2^32. The tail is at the same place in every mode, since the other side reads it without knowing the mode:
/// <code>
///  0  Head, or the count of the relaxed tail      4  Tail
///  8  the relaxed head {count, position}         16  the other side's tail as last seen     24  stalls
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct RingSide
{
    public const int Size = 128;

    [FieldOffset(0)] public uint Head;
    [FieldOffset(4)] public uint Tail;
    [FieldOffset(0)] public ulong HeadAndTail;
    [FieldOffset(8)] public ulong RelaxedHead;
    [FieldOffset(16)] public uint SeenOpposite;
    [FieldOffset(24)] public long Stalls;
}
