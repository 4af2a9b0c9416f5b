namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>Where things lie in the memory of a batch; offsets in bytes from its start.</summary>
/// <remarks>
/// The tables the host writes, the payloads, and what the kernels write: the first candidate of each slice and the rows of woken
/// lists. Payloads begin at multiples of <see cref="Alignment"/>, so each may leave a slice that is not full and some bytes unused.
/// </remarks>
internal sealed class BatchLayout
{
    /// <summary>Lanes of the wake pass: more automata than this share lanes.</summary>
    public const int LaneMax = 8;

    private const int Alignment = 16;
    private const int RegionAlignment = 64;

    /// <param name="payloadMax">Most payloads in a batch.</param>
    /// <param name="payloadLengthMax">Longest payload; one always fits into an empty batch.</param>
    public BatchLayout(int payloadMax, int payloadLengthMax)
    {
        PayloadMax = payloadMax;
        RoomLength = Math.Max(Align(payloadLengthMax), payloadMax * AverageLength);
        SliceMax = RoomLength / FilterKernels.SliceLength + payloadMax;
        long end = 0;
        PayloadsAt = Reserve(ref end, payloadMax * 2L * sizeof(uint));
        SlicesAt = Reserve(ref end, SliceMax * 2L * sizeof(uint));
        RoomAt = Reserve(ref end, RoomLength + FilterKernels.Gap);
        FirstAt = Reserve(ref end, SliceMax * (long)sizeof(uint));
        RowsAt = Reserve(ref end, payloadMax * (long)LaneMax * FilterKernels.RowLength * sizeof(uint));
        ByteCount = (int)end;
    }

    /// <summary>Bytes that a batch has room for, for each of its payloads; longer ones make the batch end earlier.</summary>
    public const int AverageLength = 1024;

    public int PayloadMax { get; }

    public int SliceMax { get; }

    /// <summary>Bytes of payloads, each rounded up.</summary>
    public int RoomLength { get; }

    public int PayloadsAt { get; }

    public int SlicesAt { get; }

    public int RoomAt { get; }

    public int FirstAt { get; }

    public int RowsAt { get; }

    public int ByteCount { get; }

    /// <summary>What a payload of a length takes up.</summary>
    public static int Align(int length) => (length + Alignment - 1) / Alignment * Alignment;

    private static int Reserve(ref long end, long byteCount)
    {
        int start = (int)end;
        end = checked((int)((end + byteCount + RegionAlignment - 1) / RegionAlignment * RegionAlignment));
        return start;
    }
}
