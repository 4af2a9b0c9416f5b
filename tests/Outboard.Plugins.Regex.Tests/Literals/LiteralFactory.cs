using Outboard.Plugins.Regex.Kernels.WindowHash;
using Outboard.Plugins.Regex.Kernels.WindowShuffle;
using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.Literals;

/// <summary>Literals, searchers and the slow way to find them.</summary>
internal static class LiteralFactory
{
    /// <summary>The widths that this processor has.</summary>
    public static readonly SimdWidth[] Widths =
        [.. WindowShuffleTable.Rows.Where(static r => r.IsSupported).Select(static r => r.Width).Reverse()];

    public static WindowShuffleKernel Shuffle(SimdWidth width) =>
        WindowShuffleTable.At(Array.FindIndex(WindowShuffleTable.Rows, r => r.Width == width));

    public static WindowHashKernel Hash(SimdWidth width) =>
        WindowHashTable.At(Array.FindIndex(WindowHashTable.Rows, r => r.Width <= width && r.IsSupported));

    public static LiteralSearcher Searcher(LiteralIndex index, SimdWidth width) => new(index, Shuffle(width), Hash(width));

    /// <summary>A literal; letters take both cases when asked.</summary>
    public static MaskedByte[] Bytes(string text, bool caseless = false) =>
    [
        .. text.Select(c => caseless && char.IsAsciiLetter(c)
            ? new MaskedByte((byte)(c & MaskedByte.CaselessMask), MaskedByte.CaselessMask)
            : new MaskedByte((byte)c, MaskedByte.ExactMask)),
    ];

    public static List<LiteralHit> Search(LiteralSearcher searcher, ReadOnlySpan<byte> data, int room = 64)
    {
        List<LiteralHit> all = [];
        var hits = new LiteralHit[room];
        LiteralCursor cursor = default;
        bool done;
        do
        {
            done = searcher.Search(data, ref cursor, hits, out int count);
            Assert.True(done || count == room, "a search that is not done fills its list");
            all.AddRange(hits.AsSpan(0, count));
        }
        while (!done);
        return all;
    }

    /// <summary>Every literal at every position.</summary>
    public static List<LiteralHit> Naive(IReadOnlyList<LiteralSpec> specs, ReadOnlySpan<byte> data)
    {
        List<LiteralHit> all = [];
        for (int spec = 0; spec < specs.Count; spec++)
        {
            MaskedByte[] bytes = specs[spec].Bytes;
            for (int start = 0; start + bytes.Length <= data.Length; start++)
            {
                int k = 0;
                while (k < bytes.Length && bytes[k].Fits(data[start + k]))
                {
                    k++;
                }

                if (k == bytes.Length)
                {
                    all.Add(new LiteralHit(spec, start));
                }
            }
        }

        return all;
    }

    /// <summary>Literals of many lengths over few letters, with duplicates, runs, both cases and bytes beyond ASCII.</summary>
    public static List<LiteralSpec> Specs(Random random, int count, int lengthMin, int lengthMax, bool owners)
    {
        List<LiteralSpec> specs = [];
        while (specs.Count < count)
        {
            int owner = specs.Count;
            int offset = random.Next(3) == 0 ? LiteralSpec.Unordered : random.Next(5);
            int members = owners ? random.Next(1, 5) : 1;
            for (int m = 0; m < members && specs.Count < count; m++)
            {
                specs.Add(new LiteralSpec(Literal(random, random.Next(lengthMin, lengthMax + 1)), owner, offset));
            }

            if (random.Next(20) == 0 && specs.Count < count)
            {
                specs.Add(new LiteralSpec(specs[^1].Bytes, specs.Count, 0));
            }
        }

        return specs;
    }

    /// <summary>Payload out of the same letters and of pieces of the literals.</summary>
    public static void Fill(Random random, IReadOnlyList<LiteralSpec> specs, Span<byte> data)
    {
        for (int i = 0; i < data.Length;)
        {
            if (specs.Count > 0 && random.Next(3) == 0)
            {
                MaskedByte[] piece = specs[random.Next(specs.Count)].Bytes;
                int from = random.Next(4) == 0 ? random.Next(piece.Length) : 0;
                foreach (MaskedByte part in piece.AsSpan(from))
                {
                    if (i < data.Length)
                    {
                        data[i++] = (byte)(part.IsCaseless && random.Next(2) == 0 ? part.Value | 0x20 : part.Value);
                    }
                }
            }
            else
            {
                data[i++] = Letter(random);
            }
        }
    }

    private static MaskedByte[] Literal(Random random, int length)
    {
        var bytes = new MaskedByte[length];
        bool caseless = random.Next(2) == 0;
        byte run = Letter(random);
        bool isRun = random.Next(6) == 0;
        for (int i = 0; i < length; i++)
        {
            byte value = isRun ? run : Letter(random);
            bytes[i] = caseless && char.IsAsciiLetter((char)value)
                ? new MaskedByte((byte)(value & MaskedByte.CaselessMask), MaskedByte.CaselessMask)
                : new MaskedByte(value, MaskedByte.ExactMask);
        }

        return bytes;
    }

    private static byte Letter(Random random) => random.Next(8) switch
    {
        0 => (byte)random.Next(256),
        1 => 0,
        2 => (byte)'A',
        3 => (byte)'a',
        4 => 0xE1,
        5 => (byte)'!',
        6 => (byte)'b',
        _ => (byte)'B',
    };
}
