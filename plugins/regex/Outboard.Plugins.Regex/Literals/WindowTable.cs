using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// Windows of one length by their hash: a bitmap that turns nearly every other position away, and buckets of entries behind it. A window
/// is hashed without its case bits, so one position has one bucket. Immutable.
/// </summary>
internal sealed class WindowTable
{
    /// <summary>Greatest window.</summary>
    public const int WindowMax = 8;

    /// <summary>Multipliers of the first and of the second four bytes, and the shift that brings high bits of the sum down.</summary>
    public const uint MultiplierLow = 0x9E37_79B1;
    public const uint MultiplierHigh = 0x85EB_CA77;
    public const int MixShift = 15;

    private const ulong FoldMask = 0xDFDF_DFDF_DFDF_DFDF;
    private const int BitmapBitsMin = 13;
    private const int BitmapBitsMax = 21;
    private const int WordBits = 5;
    private const int HeadBitsMax = 18;

    private readonly int _headShift;
    private readonly int[] _heads;

    /// <summary>Makes the table of windows that begin at an offset of each literal, and at the next ones up to a count of alignments.</summary>
    public WindowTable(
        int windowLength, IReadOnlyList<LiteralSpec> specs, LiteralPool pool, IReadOnlyList<LiteralPlace> places, int alignments, int entryBase)
    {
        WindowLength = windowLength;
        Fold = FoldMask >> 8 * (WindowMax - windowLength);
        int count = places.Count * alignments;
        int bits = BitmapBits(count);
        WordShift = 32 - (bits - WordBits);
        Bitmap = GC.AllocateArray<uint>(1 << bits - WordBits, pinned: true);
        int headBits = Math.Clamp(BitOperations.Log2((uint)count) + 3, 4, HeadBitsMax);
        _headShift = 32 - headBits;
        _heads = new int[(1 << headBits) + 1];
        var keys = new ulong[count];
        var entries = new WindowEntry[count];
        int at = 0;
        foreach (LiteralPlace place in places)
        {
            for (int k = 0; k < alignments; k++)
            {
                MaskedByte[] bytes = specs[place.Spec].Bytes;
                uint hash = Hash(Value(bytes, place.Offset + k, windowLength));
                Bitmap[hash >> WordShift] |= Bits(hash);

                // Within a bucket the greater offset comes first: at one position it is the earlier start.
                keys[at] = (ulong)(hash >> _headShift) << 16 | (ushort)~(place.Offset + k);
                entries[at++] = Entry(bytes, place.Spec, pool.OffsetOf(place.Spec), place.Offset + k, windowLength);
            }
        }

        Array.Sort(keys, entries);
        Entries = entries;
        FillHeads(keys, entryBase);
    }

    /// <summary>Bytes of a window, 1 to 8.</summary>
    public int WindowLength { get; }

    /// <summary>What of eight bytes read at a position counts: the window, without the bit that tells cases apart.</summary>
    public ulong Fold { get; }

    /// <summary>Two bits in one word for each hash of a window.</summary>
    public uint[] Bitmap { get; }

    /// <summary>A hash shifted by this names its word of the bitmap.</summary>
    public int WordShift { get; }

    /// <summary>By bucket. In the numbers of <see cref="Bucket"/> they begin at the base given to the constructor.</summary>
    public WindowEntry[] Entries { get; }

    public long ByteCount => Bitmap.Length * 4L + _heads.Length * 4L + Entries.Length * (long)Unsafe.SizeOf<WindowEntry>();

    /// <summary>Bits of the bitmap for a count of windows: few enough to stay near the core, enough that few windows share one.</summary>
    public static int BitmapBits(int windows) =>
        Math.Clamp(BitOperations.Log2((uint)Math.Max(1, windows)) + 5, BitmapBitsMin, BitmapBitsMax);

    /// <summary>The hash that the bitmap, the buckets and the kernels use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Hash(ulong window)
    {
        window &= Fold;
        uint sum = (uint)window * MultiplierLow + (uint)(window >> 32) * MultiplierHigh;
        return sum ^ sum >> MixShift;
    }

    /// <summary>The two bits of a hash in its word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(uint hash) => 1u << (int)hash | 1u << (int)(hash >> WordBits);

    /// <summary>1 if the bitmap allows a hash, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Test(uint hash)
    {
        uint word = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Bitmap), hash >> WordShift);
        return (int)(word >> (int)hash & word >> (int)(hash >> WordBits) & 1);
    }

    /// <summary>The entries of a hash, from the first to the one before the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int From, int To) Bucket(uint hash)
    {
        ref int head = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_heads), hash >> _headShift);
        return (head, Unsafe.Add(ref head, 1));
    }

    private static WindowEntry Entry(MaskedByte[] bytes, int spec, int poolOffset, int windowOffset, int windowLength)
    {
        // The eight bytes hold the window, and what follows it before what precedes it.
        int from = Math.Max(0, Math.Min(windowOffset, bytes.Length - WindowMax));
        int count = Math.Min(WindowMax, bytes.Length);
        ulong mask = 0;
        for (int i = 0; i < count; i++)
        {
            mask |= (ulong)bytes[from + i].Mask << 8 * i;
        }

        return new WindowEntry(
            Value(bytes, from, count), mask, spec, poolOffset, bytes.Length, (ushort)windowOffset, (ushort)from);
    }

    private static ulong Value(MaskedByte[] bytes, int from, int count)
    {
        ulong value = 0;
        for (int i = 0; i < count; i++)
        {
            value |= (ulong)bytes[from + i].Value << 8 * i;
        }

        return value;
    }

    private void FillHeads(ulong[] keys, int entryBase)
    {
        int at = 0;
        for (int head = 0; head < _heads.Length - 1; head++)
        {
            _heads[head] = entryBase + at;
            while (at < keys.Length && keys[at] >> 16 == (ulong)head)
            {
                at++;
            }
        }

        _heads[^1] = entryBase + at;
    }
}
