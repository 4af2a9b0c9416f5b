using System.Numerics;

namespace Outboard.Memory;

/// <summary>The distance between object starts for a layout.</summary>
public static class ObjectStride
{
    /// <summary>Bytes of a cache line.</summary>
    public const int LineSize = 64;

    /// <summary>The distance between object starts; bytes, a multiple of <see cref="LineSize"/>.</summary>
    /// <param name="objectSize">Bytes of one object; at least 1.</param>
    /// <param name="layout">The layout.</param>
    /// <param name="channels">Memory channels; at least 1.</param>
    /// <param name="ranks">Ranks a channel; at least 1.</param>
    public static int Of(int objectSize, MempoolLayout layout, int channels = 4, int ranks = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(objectSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ranks);
        if (layout == MempoolLayout.Page)
        {
            int page = Environment.SystemPageSize;
            return checked((objectSize + page - 1) / page * page);
        }

        int lines = checked(objectSize + LineSize - 1) / LineSize;
        if (layout == MempoolLayout.Spread)
        {
            // An odd number is coprime with every power of two, so it covers all sets of all caches; coprime with channels times
            // ranks, it covers those too.
            lines |= 1;
            while (BigInteger.GreatestCommonDivisor(lines, (BigInteger)channels * ranks) != 1)
            {
                lines += 2;
            }
        }

        return checked(lines * LineSize);
    }
}
