namespace Outboard.Memory;

/// <summary>One level of the processor's data caches.</summary>
/// <param name="Level">1 for the nearest.</param>
/// <param name="SetCount">Sets; an address goes to set (address / line size) modulo this.</param>
/// <param name="WayCount">Lines a set.</param>
/// <param name="LineSize">Bytes a line.</param>
public sealed record CacheLevel(int Level, int SetCount, int WayCount, int LineSize)
{
    /// <summary>Bytes that the cache holds.</summary>
    public long ByteCount => (long)SetCount * WayCount * LineSize;

    /// <summary>The set that an address goes to.</summary>
    public int SetOf(nint address) => (int)((nuint)address / (nuint)LineSize % (nuint)SetCount);
}
