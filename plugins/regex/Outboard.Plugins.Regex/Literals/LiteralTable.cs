using System.Numerics;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// Everything one literal pass needs: nibble tables for the vector filters, a bitmap of window hashes for the scalar one, and the
/// table that turns a candidate into the literals that really stand there. Immutable.
/// </summary>
internal sealed class LiteralTable
{
    public const int BucketCount = 8;

    private const uint FoldMask = 0xDFDF_DFDF;

    private LiteralTable(int windowLength, LiteralWindow[] windows)
    {
        WindowLength = windowLength;
        LiteralCount = windows.Length;
        uint widthMask = windowLength == 4 ? uint.MaxValue : 0xFFFF;
        Fold = FoldMask & widthMask;
        int bits = Math.Clamp(BitOperations.Log2((uint)windows.Length) + 7, 12, 22);
        HashShift = 32 - bits;
        Bitmap = new ulong[1 << bits >> 6];
        LowNibbles = new byte[windowLength * 16];
        HighNibbles = new byte[windowLength * 16];
        Heads = new int[(1 << bits) + 1];
        Entries = new LiteralEntry[windows.Length];
        FillNibbles(windows);
        (Values, Masks) = FillEntries(windows);
    }

    /// <summary>Bytes of a window: 2 or 4.</summary>
    public int WindowLength { get; }

    public int LiteralCount { get; }

    /// <summary>By window byte and low nibble: the buckets it may belong to.</summary>
    public byte[] LowNibbles { get; }

    public byte[] HighNibbles { get; }

    /// <summary>One bit for each hash of a folded window.</summary>
    public ulong[] Bitmap { get; }

    public uint Fold { get; }

    public int HashShift { get; }

    /// <summary>By hash, where its entries begin; they end where the next begin.</summary>
    public int[] Heads { get; }

    public LiteralEntry[] Entries { get; }

    /// <summary>The bytes of all literals, and their masks.</summary>
    public byte[] Values { get; }

    public byte[] Masks { get; }

    /// <summary>Bytes of all tables.</summary>
    public long ByteCount =>
        Bitmap.Length * 8L + Heads.Length * 4L + Entries.Length * 24L + Values.Length * 2L + WindowLength * 32;

    /// <summary>Makes the table of one window length, or null without windows.</summary>
    public static LiteralTable? Create(int windowLength, IReadOnlyList<LiteralWindow> windows) =>
        windows.Count == 0 ? null : new LiteralTable(windowLength, [.. windows]);

    /// <summary>The hash of a window that has been read as a little-endian number.</summary>
    public uint Hash(uint window) => (window & Fold) * 0x9E37_79B1u >> HashShift;

    /// <summary>Whether an entry's literal stands around a window at a position.</summary>
    public bool Stands(in LiteralEntry entry, ReadOnlySpan<byte> data, int position)
    {
        int start = position - entry.WindowOffset;
        if (start < 0 || start + entry.Length > data.Length)
        {
            return false;
        }

        ref byte value = ref MemoryMarshal.GetArrayDataReference(Values);
        ref byte mask = ref MemoryMarshal.GetArrayDataReference(Masks);
        ReadOnlySpan<byte> text = data.Slice(start, entry.Length);
        ReadOnlySpan<byte> values = MemoryMarshal.CreateReadOnlySpan(
            ref System.Runtime.CompilerServices.Unsafe.Add(ref value, entry.PoolOffset), entry.Length);
        ReadOnlySpan<byte> masks = MemoryMarshal.CreateReadOnlySpan(
            ref System.Runtime.CompilerServices.Unsafe.Add(ref mask, entry.PoolOffset), entry.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if ((text[i] & masks[i]) != values[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Neighbours in byte order share a bucket, so that a bucket's tables stay sparse.</summary>
    private void FillNibbles(LiteralWindow[] windows)
    {
        Array.Sort(windows, static (a, b) => WindowValue(a, 4).CompareTo(WindowValue(b, 4)));
        for (int w = 0; w < windows.Length; w++)
        {
            byte bucket = (byte)(1 << (int)((long)w * BucketCount / windows.Length));
            for (int k = 0; k < WindowLength; k++)
            {
                MaskedByte part = windows[w].Literal[windows[w].WindowOffset + k];
                Mark(k, part.Value, bucket);
                if (part.IsCaseless)
                {
                    Mark(k, (byte)(part.Value | 0x20), bucket);
                }
            }
        }
    }

    private void Mark(int k, byte value, byte bucket)
    {
        LowNibbles[k * 16 + (value & 15)] |= bucket;
        HighNibbles[k * 16 + (value >> 4)] |= bucket;
    }

    private (byte[] Values, byte[] Masks) FillEntries(LiteralWindow[] windows)
    {
        List<byte> values = [];
        List<byte> masks = [];
        var hashes = new uint[windows.Length];
        for (int w = 0; w < windows.Length; w++)
        {
            LiteralWindow window = windows[w];
            uint mask = 0;
            for (int k = 0; k < WindowLength; k++)
            {
                mask |= (uint)window.Literal[window.WindowOffset + k].Mask << (8 * k);
            }

            uint value = LittleEndian(window, WindowLength);
            hashes[w] = Hash(value);
            Entries[w] = new LiteralEntry(
                value, mask, window.WindowOffset, values.Count, window.Literal.Length, window.Rule);
            Bitmap[hashes[w] >> 6] |= 1UL << (int)(hashes[w] & 63);
            foreach (MaskedByte part in window.Literal)
            {
                values.Add(part.Value);
                masks.Add(part.Mask);
            }
        }

        Array.Sort(hashes, Entries);
        int at = 0;
        for (uint hash = 0; hash < Heads.Length - 1; hash++)
        {
            Heads[hash] = at;
            while (at < hashes.Length && hashes[at] == hash)
            {
                at++;
            }
        }

        Heads[^1] = at;
        return ([.. values], [.. masks]);
    }

    private static uint LittleEndian(LiteralWindow window, int length)
    {
        uint value = 0;
        for (int k = 0; k < length; k++)
        {
            value |= (uint)window.Literal[window.WindowOffset + k].Value << (8 * k);
        }

        return value;
    }

    private static uint WindowValue(LiteralWindow window, int length)
    {
        uint value = 0;
        for (int k = 0; k < length; k++)
        {
            int at = window.WindowOffset + k;
            value = value << 8 | (at < window.Literal.Length ? window.Literal[at].Value : 0u);
        }

        return value;
    }
}
