using System.Numerics;
using Outboard.Plugins.Regex.Literals;

namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>
/// One window of each literal of a rule set, hashed into bitmaps, one for each width. Where no window's bits are set no literal
/// stands; the reverse need not hold. Immutable.
/// </summary>
/// <remarks>
/// A window has 8 bytes where the literal has as many, else 4, 3, 2 or 1, without the bit in which cases differ. It sets two bits, both
/// from one product: with one bit alone, large sets would flag every second payload by chance.
/// </remarks>
internal sealed class LiteralFilter
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;
    private const ulong SecondMultiplier = 0xC2B2_AE3D_27D4_EB4F;
    private const ulong FoldMask = 0xDFDF_DFDF_DFDF_DFDF;
    private const int WidthMax = 8;
    private const int BitsLeast = 13;
    private const int BitsMost = 22;

    /// <summary>Bitmap bits for each window, as a power of two: one position in four thousand or fewer passes by chance.</summary>
    private const int BitsPerWindowLog = 7;

    private LiteralFilter(LiteralFilterClass[] classes, uint[] bitmaps)
    {
        Classes = classes;
        Bitmaps = bitmaps;
    }

    /// <summary>Widest first.</summary>
    public LiteralFilterClass[] Classes { get; }

    /// <summary>All bitmaps, one after the other.</summary>
    public uint[] Bitmaps { get; }

    /// <summary>Makes the filter, or null without literals.</summary>
    public static LiteralFilter? Build(IEnumerable<ReadOnlyMemory<MaskedByte>> literals)
    {
        HashSet<ulong>[] windows = [.. Enumerable.Range(0, WidthMax + 1).Select(static _ => new HashSet<ulong>())];
        foreach (ReadOnlyMemory<MaskedByte> literal in literals)
        {
            int width = WidthOf(literal.Length);
            int offset = BestOffset(literal.Span, width);
            windows[width].Add(Fold(literal.Span.Slice(offset, width)));
        }

        List<LiteralFilterClass> classes = [];
        List<uint> bitmaps = [];
        for (int width = WidthMax; width > 0; width--)
        {
            if (windows[width].Count > 0)
            {
                classes.Add(AddClass(width, windows[width], bitmaps));
            }
        }

        return classes.Count == 0 ? null : new LiteralFilter([.. classes], [.. bitmaps]);
    }

    /// <summary>Whether the bitmap of a class allows the window that begins with these bytes, the first one lowest.</summary>
    public bool MayHold(in LiteralFilterClass kind, ulong bytes)
    {
        (uint first, uint second) = Hash(bytes & kind.Mask, kind.Shift);
        return IsSet(kind.BitmapStart, first) && IsSet(kind.BitmapStart, second);
    }

    private bool IsSet(int start, uint hash) => (Bitmaps[start + (int)(hash >> 5)] >> (int)(hash & 31) & 1) != 0;

    private static (uint First, uint Second) Hash(ulong window, int shift)
    {
        ulong product = window * Multiplier;
        return ((uint)(product >> shift), (uint)((product ^ product >> 32) * SecondMultiplier >> shift));
    }

    private static LiteralFilterClass AddClass(int width, HashSet<ulong> windows, List<uint> bitmaps)
    {
        int bits = Math.Clamp(BitOperations.Log2((uint)windows.Count) + 1 + BitsPerWindowLog, BitsLeast, BitsMost);
        var bitmap = new uint[1 << bits >> 5];
        var kind = new LiteralFilterClass(width, FoldMask >> 8 * (WidthMax - width), bitmaps.Count, 64 - bits);
        foreach (ulong window in windows)
        {
            (uint first, uint second) = Hash(window, kind.Shift);
            bitmap[first >> 5] |= 1u << (int)(first & 31);
            bitmap[second >> 5] |= 1u << (int)(second & 31);
        }

        bitmaps.AddRange(bitmap);
        return kind;
    }

    private static int WidthOf(int length) => length >= WidthMax ? WidthMax : Math.Min(length, 4);

    private static int BestOffset(ReadOnlySpan<MaskedByte> literal, int width)
    {
        int best = 0;
        double least = double.MaxValue;
        for (int offset = 0; offset + width <= literal.Length; offset++)
        {
            double share = PayloadModel.Default.Probability(literal.Slice(offset, width));
            if (share < least)
            {
                (best, least) = (offset, share);
            }
        }

        return best;
    }

    private static ulong Fold(ReadOnlySpan<MaskedByte> window)
    {
        ulong value = 0;
        for (int k = 0; k < window.Length; k++)
        {
            value |= (ulong)window[k].Value << 8 * k;
        }

        return value & FoldMask;
    }
}
