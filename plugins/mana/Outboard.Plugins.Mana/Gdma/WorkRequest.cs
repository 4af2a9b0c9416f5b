using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Mana.Gdma;

/// <summary>
/// Work queue elements as the driver writes them: 8-byte header, inline out-of-band data, scatter-gather elements,
/// rounded up to basic units of 32 bytes (reference 1.3).
/// </summary>
internal static unsafe class WorkRequest
{
    public const uint BasicUnit = 32;
    public const int BasicUnitShift = 5;
    public const int HeaderSize = 8;
    public const int ScatterGatherSize = 16;

    /// <summary>Scatter-gather elements that fit the 512 bytes of a send element beside 8 bytes of OOB.</summary>
    public const int SendSegmentMaxShort = 31;

    /// <summary>The same beside 24 bytes of OOB.</summary>
    public const int SendSegmentMaxLong = 30;

    /// <summary>Scatter-gather elements that fit the 256 bytes of a receive element.</summary>
    public const int ReceiveSegmentMax = 15;

    private const int SegmentCountShift = 32;
    private const int OobSizeShift = 40;

    /// <summary>Header with nothing but the counts: no fence, no consume credit, no client data.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Header(int segmentCount, int oobByteCount) =>
        ((ulong)(uint)segmentCount << SegmentCountShift) | ((ulong)(uint)(oobByteCount >> 2) << OobSizeShift);

    /// <summary>Basic units of an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint BasicUnits(int segmentCount, int oobByteCount) =>
        (uint)(HeaderSize + oobByteCount + (segmentCount * ScatterGatherSize) + (int)BasicUnit - 1) >> BasicUnitShift;

    /// <summary>Writes one scatter-gather element. The caller guarantees 16 writable bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteSegment(byte* target, ulong address, uint key, uint byteCount)
    {
        *(ulong*)target = address;
        *(ulong*)(target + 8) = key | ((ulong)byteCount << 32);
    }
}
