using Outboard.Plugins.Regex.Kernels.LiteralScan;
using Outboard.Plugins.Regex.Literals;
using Outboard.Plugins.Regex.Tests.Engine;
using Outboard.Simd;
using Outboard.Testing;

namespace Outboard.Plugins.Regex.Tests.Kernels;

public sealed class LiteralScanTests
{
    public static TheoryData<int, int, int> Kernels
    {
        get
        {
            TheoryData<int, int, int> data = [];
            foreach (SimdWidth width in ScannerFactory.Widths)
            {
                for (int length = 2; length <= LiteralTable.WindowMax; length++)
                {
                    data.Add((int)width, length, 5);
                    data.Add((int)width, length, 120);
                    data.Add((int)width, length, 2000);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryWindowIsFoundAtEveryLengthUpToAnUnreadablePage(int width, int windowLength, int literals)
    {
        LiteralTable table = Table(windowLength, Many(literals));
        LiteralScanKernel kernel = ScannerFactory.LiteralScan((SimdWidth)width);
        using var buffer = new GuardedMemory(4096);
        var random = new Random(5);
        var hits = new int[LiteralScanKernel.HitsMin];
        for (int length = 0; length <= 200; length++)
        {
            Span<byte> data = buffer.AtEnd(length);
            Fill(random, data);
            var found = new List<int>();
            int position = 0;
            while (position <= length - windowLength)
            {
                int before = position;
                int count = kernel.Scan(table, data, ref position, hits);
                Assert.True(position > before);
                found.AddRange(hits.AsSpan(0, count));
            }

            Assert.Equal(found.Order(), found);
            Assert.All(found, at => Assert.InRange(at, 0, length - windowLength));
            for (int at = 0; at + windowLength <= length; at++)
            {
                if (Stands(table, data, at))
                {
                    Assert.Contains(at, found);
                }
            }
        }
    }

    [Fact]
    public void TheNibbleFilterPassesTheSameCandidatesAtEveryVectorWidth()
    {
        LiteralTable table = Table(4, "GET ", "needle", "abcabc", "POST", "Host: ", "User-Agent");
        var random = new Random(6);
        var data = new byte[3000];
        Fill(random, data);
        List<List<int>> lists = [];
        foreach (SimdWidth width in ScannerFactory.Widths.Where(static w => w != SimdWidth.Scalar))
        {
            LiteralScanKernel kernel = ScannerFactory.LiteralScan(width);
            var hits = new int[4096];
            int position = 0;
            int count = kernel.Scan(table, data, ref position, hits);
            lists.Add([.. hits.AsSpan(0, count)]);
        }

        Assert.All(lists, list => Assert.Equal(lists[0], list));
    }

    /// <summary>Enough literals to have one group of nibble tables, several, or the hash filter.</summary>
    private static string[] Many(int count)
    {
        var random = new Random(9);
        List<string> all = ["GET ", "needle", "abcabc", "zz\x80\xFF", "POST"];
        while (all.Count < count)
        {
            var text = new char[random.Next(4, 9)];
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = (char)random.Next(256);
            }

            all.Add(new string(text));
        }

        return [.. all];
    }

    [Fact]
    public void FewLiteralsUseNibblesAndManyTheHash()
    {
        Assert.Equal((false, 1), (Table(4, Many(5)).PreferHash, Table(4, Many(5)).GroupCount));
        Assert.True(Table(4, Many(2000)).PreferHash);
    }

    private static LiteralTable Table(int windowLength, params string[] literals)
    {
        LiteralWindow[] windows =
        [
            .. literals.Select((text, i) => new LiteralWindow(
                [.. text.Select((c, k) => i % 2 == 0 && char.IsAsciiLetter(c)
                    ? new MaskedByte((byte)(c & MaskedByte.CaselessMask), MaskedByte.CaselessMask)
                    : new MaskedByte((byte)c, MaskedByte.ExactMask))],
                text.Length - windowLength,
                i)),
        ];
        return LiteralTable.Create(windowLength, windows)!;
    }

    private static bool Stands(LiteralTable table, ReadOnlySpan<byte> data, int at)
    {
        foreach (LiteralEntry entry in table.Entries)
        {
            bool fits = true;
            for (int k = 0; k < table.WindowLength; k++)
            {
                fits &= (data[at + k] & (byte)(entry.WindowMask >> (8 * k))) == (byte)(entry.Window >> (8 * k));
            }

            if (fits)
            {
                return true;
            }
        }

        return false;
    }

    private static void Fill(Random random, Span<byte> data)
    {
        random.NextBytes(data);
        string[] parts = ["GET ", "get ", "dle", "needle", "NEEDLE", "bcabc", "zz\x80\xFF", "\x80\xFF", "OST", "ost", "et"];
        for (int i = 0; i + 8 < data.Length; i += random.Next(1, 12))
        {
            string part = parts[random.Next(parts.Length)];
            for (int k = 0; k < part.Length; k++)
            {
                data[i + k] = (byte)part[k];
            }
        }
    }
}
