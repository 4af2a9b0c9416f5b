using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// For each of four bytes, the buckets of windows that allow a value: one bit a bucket, in the forms that the kernels read. Bytes behind
/// a shorter window allow every bucket that holds it. Immutable.
/// </summary>
internal sealed class ShuffleTables
{
    /// <summary>Bytes of the greatest window, and buckets of one group (the bits of a byte).</summary>
    public const int WindowMax = 4;
    public const int GroupBuckets = 8;
    public const int GroupMax = 4;

    /// <summary>Bytes of one table by the low seven bits, and of one by a nibble.</summary>
    public const int SevenLength = 128;
    public const int NibbleLength = 16;

    public ShuffleTables(IReadOnlyList<ByteSet[]> buckets, int groupCount, int windowMin)
    {
        GroupCount = groupCount;
        WindowMin = windowMin;
        Sets = GC.AllocateArray<uint>(WindowMax * 256, pinned: true);
        Seven = GC.AllocateArray<byte>(groupCount * WindowMax * SevenLength, pinned: true);
        LowNibbles = GC.AllocateArray<byte>(groupCount * WindowMax * NibbleLength, pinned: true);
        HighNibbles = GC.AllocateArray<byte>(groupCount * WindowMax * NibbleLength, pinned: true);
        for (int bucket = 0; bucket < buckets.Count; bucket++)
        {
            for (int k = 0; k < WindowMax; k++)
            {
                foreach (byte value in buckets[bucket][k].ToArray())
                {
                    Mark(bucket, k, value);
                }
            }
        }
    }

    /// <summary>Groups of eight buckets: 1, 2 or 4.</summary>
    public int GroupCount { get; }

    /// <summary>Bytes of the shortest window.</summary>
    public int WindowMin { get; }

    /// <summary>By window byte and value, the buckets of all groups.</summary>
    public uint[] Sets { get; }

    /// <summary>By group, window byte and low seven bits.</summary>
    public byte[] Seven { get; }

    /// <summary>By group, window byte and low nibble.</summary>
    public byte[] LowNibbles { get; }

    /// <summary>By group, window byte and high nibble.</summary>
    public byte[] HighNibbles { get; }

    public long ByteCount => Sets.Length * 4L + Seven.Length + LowNibbles.Length + HighNibbles.Length;

    /// <summary>The share of positions of a sample that pass.</summary>
    public double PassRate(ReadOnlySpan<byte> sample)
    {
        int passed = 0;
        for (int i = 0; i + WindowMax <= sample.Length; i++)
        {
            uint found = Sets[sample[i]] & Sets[256 + sample[i + 1]] & Sets[512 + sample[i + 2]] & Sets[768 + sample[i + 3]];
            passed += found != 0 ? 1 : 0;
        }

        return (double)passed / Math.Max(1, sample.Length);
    }

    private void Mark(int bucket, int k, byte value)
    {
        (int group, int bit) = Math.DivRem(bucket, GroupBuckets);
        int table = group * WindowMax + k;
        Sets[k * 256 + value] |= 1u << bucket;
        Seven[table * SevenLength + (value & SevenLength - 1)] |= (byte)(1 << bit);
        LowNibbles[table * NibbleLength + (value & NibbleLength - 1)] |= (byte)(1 << bit);
        HighNibbles[table * NibbleLength + value / NibbleLength] |= (byte)(1 << bit);
    }
}
