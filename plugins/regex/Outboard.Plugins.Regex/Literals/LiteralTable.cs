using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// Everything one literal pass needs: nibble tables for few windows, a bitmap of window hashes for many, and the table that
/// turns a candidate into the literals that really stand there. Immutable.
/// </summary>
internal sealed class LiteralTable
{
    public const int BucketCount = 8;

    /// <summary>Greatest window.</summary>
    public const int WindowMax = 4;

    /// <summary>Bytes of one nibble table: sixteen entries, repeated so that a load of any width finds them.</summary>
    public const int TableLength = 64;

    /// <summary>
    /// Costs in nanoseconds a position on a Zen 5 core: one group of nibble tables, a candidate (2.2, and text has more than twice as many
    /// as the model of <see cref="ByteRarity"/> says), and the hash filter. They choose the number of groups, or the hash
    /// filter where no number is cheap enough.
    /// </summary>
    private const double GroupCost = 0.12;
    private const double CandidateCost = 5;
    private const double HashCost = 1.0;
    private const int GroupMax = 4;

    private const uint FoldMask = 0xDFDF_DFDF;
    private const uint Multiplier = 0x9E37_79B1;

    private readonly int _headShift;

    private LiteralTable(int windowLength, LiteralWindow[] windows)
    {
        WindowLength = windowLength;
        LiteralCount = windows.Length;
        Fold = windowLength == 4 ? FoldMask : FoldMask & ((1u << 8 * windowLength) - 1);
        int log = BitOperations.Log2((uint)windows.Length);
        int bits = Math.Clamp(log + 7, 13, 22);
        HashShift = 32 - bits;
        Bitmap = GC.AllocateArray<uint>(1 << bits >> 5, pinned: true);
        int headBits = Math.Clamp(log + 2, 4, 20);
        _headShift = 32 - headBits;
        Heads = new int[(1 << headBits) + 1];
        Entries = new LiteralEntry[windows.Length];
        Array.Sort(windows, (a, b) => WindowValue(a).CompareTo(WindowValue(b)));
        LowNibbles = HighNibbles = [];
        double best = double.MaxValue;
        for (int groups = 1; groups <= GroupMax; groups *= 2)
        {
            (byte[] low, byte[] high) = FillNibbles(windows, groups);
            double pass = EstimatePass(low, high, groups);
            double cost = groups * GroupCost + pass * CandidateCost;
            if (cost < best)
            {
                (best, LowNibbles, HighNibbles, GroupCount, NibblePass) = (cost, low, high, groups, pass);
            }
        }

        PreferHash = best > HashCost;
        (Values, Masks) = FillEntries(windows);
    }

    /// <summary>Bytes of a window: 2, 3 or 4.</summary>
    public int WindowLength { get; }

    public int LiteralCount { get; }

    /// <summary>Estimated share of positions that the nibble tables let through.</summary>
    public double NibblePass { get; }

    /// <summary>Whether the vector kernels should use the bitmap.</summary>
    public bool PreferHash { get; }

    /// <summary>Groups of eight buckets that the nibble tables tell apart.</summary>
    public int GroupCount { get; }

    /// <summary>By group, window byte and low nibble: the buckets it may belong to. Bytes behind the window allow every bucket.</summary>
    public byte[] LowNibbles { get; }

    public byte[] HighNibbles { get; }

    /// <summary>One bit for each hash of a folded window.</summary>
    public uint[] Bitmap { get; }

    /// <summary>What of four bytes read at a position counts: the window, without the bit that tells cases apart.</summary>
    public uint Fold { get; }

    public int HashShift { get; }

    /// <summary>By the top bits of the hash product, where entries begin; they end where the next begin.</summary>
    public int[] Heads { get; }

    public LiteralEntry[] Entries { get; }

    /// <summary>The bytes of all literals, and their masks.</summary>
    public byte[] Values { get; }

    public byte[] Masks { get; }

    /// <summary>Bytes of all tables.</summary>
    public long ByteCount =>
        Bitmap.Length * 4L + Heads.Length * 4L + Entries.Length * 24L + Values.Length * 2L + LowNibbles.Length * 2L;

    /// <summary>Makes the table of one window length, or null without windows.</summary>
    public static LiteralTable? Create(int windowLength, IReadOnlyList<LiteralWindow> windows) =>
        windows.Count == 0 ? null : new LiteralTable(windowLength, [.. windows]);

    /// <summary>Reads the window at a position, as a little-endian number; nothing behind it is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReadWindow(ref byte at, int windowLength) => windowLength switch
    {
        4 => Unsafe.ReadUnaligned<uint>(ref at),
        3 => Unsafe.ReadUnaligned<ushort>(ref at) | (uint)Unsafe.Add(ref at, 2) << 16,
        _ => Unsafe.ReadUnaligned<ushort>(ref at),
    };

    /// <summary>Whether the bitmap allows a window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MayHold(uint window)
    {
        uint hash = (window & Fold) * Multiplier >> HashShift;
        return (Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Bitmap), hash >> 5) >> (int)(hash & 31) & 1) != 0;
    }

    /// <summary>The index into <see cref="Heads"/> of a window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Head(uint window) => (window & Fold) * Multiplier >> _headShift;

    /// <summary>Whether an entry's literal stands around a window at a position.</summary>
    public bool Stands(in LiteralEntry entry, ReadOnlySpan<byte> data, int position)
    {
        int start = position - entry.WindowOffset;
        if (start < 0 || start + entry.Length > data.Length)
        {
            return false;
        }

        ref byte text = ref Unsafe.Add(ref MemoryMarshal.GetReference(data), start);
        ref byte value = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Values), entry.PoolOffset);
        ref byte mask = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Masks), entry.PoolOffset);
        int i = 0;
        for (; i <= entry.Length - 8; i += 8)
        {
            ulong here = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, i));
            if ((here & Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref mask, i)))
                != Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref value, i)))
            {
                return false;
            }
        }

        for (; i < entry.Length; i++)
        {
            if ((Unsafe.Add(ref text, i) & Unsafe.Add(ref mask, i)) != Unsafe.Add(ref value, i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Neighbours in byte order share a bucket, so that a bucket's tables stay sparse.</summary>
    private (byte[] Low, byte[] High) FillNibbles(LiteralWindow[] windows, int groups)
    {
        var low = new byte[groups * WindowMax * TableLength];
        var high = new byte[groups * WindowMax * TableLength];
        for (int w = 0; w < windows.Length; w++)
        {
            int bucket = (int)((long)w * BucketCount * groups / windows.Length);
            for (int k = 0; k < WindowLength; k++)
            {
                MaskedByte part = windows[w].Literal[windows[w].WindowOffset + k];
                Mark(bucket, k, part.Value);
                if (part.IsCaseless)
                {
                    Mark(bucket, k, (byte)(part.Value | 0x20));
                }
            }
        }

        for (int table = 0; table < groups * WindowMax; table++)
        {
            Complete(low.AsSpan(table * TableLength, TableLength), table % WindowMax);
            Complete(high.AsSpan(table * TableLength, TableLength), table % WindowMax);
        }

        return (low, high);

        void Mark(int bucket, int k, byte value)
        {
            int table = (bucket / BucketCount * WindowMax + k) * TableLength;
            byte bit = (byte)(1 << bucket % BucketCount);
            low[table + (value & 15)] |= bit;
            high[table + (value >> 4)] |= bit;
        }
    }

    private void Complete(Span<byte> table, int k)
    {
        if (k >= WindowLength)
        {
            table.Fill(0xFF);
        }

        for (int copy = 16; copy < TableLength; copy += 16)
        {
            table[..16].CopyTo(table[copy..]);
        }
    }

    private double EstimatePass(byte[] low, byte[] high, int groups)
    {
        double pass = 0;
        for (int bucket = 0; bucket < BucketCount * groups; bucket++)
        {
            double together = 1;
            for (int k = 0; k < WindowLength; k++)
            {
                int table = (bucket / BucketCount * WindowMax + k) * TableLength;
                double here = 0;
                for (int value = 0; value < 256; value++)
                {
                    int both = low[table + (value & 15)] & high[table + (value >> 4)];
                    here += (both >> bucket % BucketCount & 1) != 0 ? ByteRarity.Share((byte)value) : 0;
                }

                together *= here;
            }

            pass += together;
        }

        return pass;
    }

    private (byte[] Values, byte[] Masks) FillEntries(LiteralWindow[] windows)
    {
        List<byte> values = [];
        List<byte> masks = [];
        var heads = new uint[windows.Length];
        for (int w = 0; w < windows.Length; w++)
        {
            LiteralWindow window = windows[w];
            uint value = 0;
            uint mask = 0;
            for (int k = 0; k < WindowLength; k++)
            {
                MaskedByte part = window.Literal[window.WindowOffset + k];
                value |= (uint)part.Value << 8 * k;
                mask |= (uint)part.Mask << 8 * k;
            }

            heads[w] = Head(value);
            uint hash = (value & Fold) * Multiplier >> HashShift;
            Bitmap[hash >> 5] |= 1u << (int)(hash & 31);
            Entries[w] = new LiteralEntry(
                value, mask, window.WindowOffset, values.Count, window.Literal.Length, window.Rule);
            foreach (MaskedByte part in window.Literal)
            {
                values.Add(part.Value);
                masks.Add(part.Mask);
            }
        }

        Array.Sort(heads, Entries);
        int at = 0;
        for (uint head = 0; head < Heads.Length - 1; head++)
        {
            Heads[head] = at;
            while (at < heads.Length && heads[at] == head)
            {
                at++;
            }
        }

        Heads[^1] = at;
        return ([.. values], [.. masks]);
    }

    private uint WindowValue(LiteralWindow window)
    {
        uint value = 0;
        for (int k = 0; k < WindowLength; k++)
        {
            value = value << 8 | window.Literal[window.WindowOffset + k].Value;
        }

        return value;
    }
}
