using Outboard.Plugins.Regex.Literals;
using Outboard.Plugins.Regex.Tests.Engine;
using Outboard.Simd;
using Outboard.Testing;

namespace Outboard.Plugins.Regex.Tests.Literals;

public sealed class LiteralSearcherTests
{
    public static TheoryData<int> Widths => [.. LiteralFactory.Widths.Select(static w => (int)w)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void EveryLiteralIsFoundOnceAtEveryLengthUpToAnUnreadablePage(int width)
    {
        using var buffer = new GuardedMemory(4096);
        foreach ((int count, int min, int max) in
            new[] { (1, 1, 1), (1, 12, 12), (5, 1, 3), (9, 4, 8), (40, 1, 20), (40, 11, 30), (300, 2, 16), (900, 5, 24) })
        {
            var random = new Random(count * 100 + max);
            List<LiteralSpec> specs = LiteralFactory.Specs(random, count, min, max, owners: true);
            LiteralIndex index = LiteralIndex.Build(specs, PayloadModel.Default);
            LiteralSearcher searcher = LiteralFactory.Searcher(index, (SimdWidth)width);
            for (int length = 0; length <= 200; length++)
            {
                Span<byte> data = length % 2 == 0 ? buffer.AtEnd(length) : buffer.AtStart(length);
                LiteralFactory.Fill(random, specs, data);
                AssertSame(specs, data, LiteralFactory.Search(searcher, data, room: 1 + length % 67));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void EveryKindOfPassFindsTheSame(int width)
    {
        var random = new Random(3);
        var data = new byte[700];
        foreach ((int stride, int window, bool shuffled) in
            new[] { (4, 8, false), (4, 5, false), (4, 4, false), (2, 4, false), (1, 4, false), (1, 3, false), (1, 2, false), (1, 4, true) })
        {
            var kind = new WindowKind(stride, window, shuffled);
            List<LiteralSpec> specs = LiteralFactory.Specs(random, 150, kind.LengthMin, kind.LengthMin + 9, owners: true);
            LiteralIndex index = LiteralIndex.Build(specs, PayloadModel.Default, kind);
            Assert.Equal(kind.IsShuffled, index.Tiers.Any(static t => t.Operation == "literal-shuffle"));
            LiteralSearcher searcher = LiteralFactory.Searcher(index, (SimdWidth)width);
            for (int round = 0; round < 60; round++)
            {
                Span<byte> text = data.AsSpan(0, random.Next(data.Length));
                LiteralFactory.Fill(random, specs, text);
                AssertSame(specs, text, LiteralFactory.Search(searcher, text));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void PayloadsFullOfRunBytesGiveEveryPlace(int width)
    {
        List<LiteralSpec> specs = [];
        foreach (int length in new[] { 1, 2, 3, 4, 5, 8, 11, 16, 40 })
        {
            specs.Add(new LiteralSpec(LiteralFactory.Bytes(new string('A', length)), specs.Count, 0));
            specs.Add(new LiteralSpec(LiteralFactory.Bytes(new string('\0', length)), specs.Count, 0));
            specs.Add(new LiteralSpec(LiteralFactory.Bytes(new string('\0', length) + "end"), specs.Count, 0));
        }

        LiteralSearcher searcher = LiteralFactory.Searcher(
            LiteralIndex.Build(specs, PayloadModel.Default), (SimdWidth)width);
        var data = new byte[2000];
        data.AsSpan(700, 800).Fill((byte)'A');
        "end"u8.CopyTo(data.AsSpan(400));
        AssertSame(specs, data, LiteralFactory.Search(searcher, data, room: 17));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void OneHundredThousandLiteralsAreFound(int width)
    {
        var random = new Random(4);
        List<LiteralSpec> specs = [];
        for (int i = 0; i < 100_000; i++)
        {
            var bytes = new byte[random.Next(4, 20)];
            random.NextBytes(bytes);
            specs.Add(new LiteralSpec([.. bytes.Select(static b => new MaskedByte(b, MaskedByte.ExactMask))], i, 0));
        }

        LiteralIndex index = LiteralIndex.Build(specs, PayloadModel.Default);
        LiteralSearcher searcher = LiteralFactory.Searcher(index, (SimdWidth)width);
        HashSet<LiteralHit> wanted = [];
        var data = new byte[60_000];
        random.NextBytes(data);
        for (int at = 0; at + 20 < data.Length; at += 24)
        {
            int spec = random.Next(specs.Count);
            specs[spec].Bytes.Select(static b => b.Value).ToArray().CopyTo(data, at);
            wanted.Add(new LiteralHit(spec, at));
        }

        List<LiteralHit> found = LiteralFactory.Search(searcher, data);
        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.Subset(found.ToHashSet(), wanted);
        Assert.All(found, hit => Assert.True(
            specs[hit.Spec].Bytes.Select((b, k) => b.Fits(data[hit.Start + k])).All(static fits => fits)));
    }

    [Fact]
    public void LiteralsOfThousandsOfBytesAreFound()
    {
        var random = new Random(8);
        var text = new byte[5000];
        random.NextBytes(text);
        MaskedByte[] literal = [.. text.Select(static b => new MaskedByte(b, MaskedByte.ExactMask))];
        List<LiteralSpec> specs = [new(literal, 0, 0), new(literal[1..], 1, 0), new(literal[..^1], 2, 0)];
        LiteralSearcher searcher = LiteralFactory.Searcher(
            LiteralIndex.Build(specs, PayloadModel.Default), LiteralFactory.Widths[^1]);
        byte[] data = [1, 2, 3, .. text, 4];
        AssertSame(specs, data, LiteralFactory.Search(searcher, data));
    }

    [Fact]
    public void ASearchAllocatesNothing()
    {
        var random = new Random(6);
        List<LiteralSpec> specs = LiteralFactory.Specs(random, 500, 1, 20, owners: false);
        LiteralSearcher searcher = LiteralFactory.Searcher(
            LiteralIndex.Build(specs, PayloadModel.Default), LiteralFactory.Widths[^1]);
        var data = new byte[3000];
        LiteralFactory.Fill(random, specs, data);
        var hits = new LiteralHit[32];
        int total = 0;
        bool clean = AllocationFree.Once(() =>
        {
            LiteralCursor cursor = default;
            bool done;
            do
            {
                done = searcher.Search(data, ref cursor, hits, out int count);
                total += count;
            }
            while (!done);
        });
        Assert.True(clean);
        Assert.True(total > 0);
    }

    /// <summary>The same hits, each once, and those of an owner in the order of the starts they stand for.</summary>
    private static void AssertSame(List<LiteralSpec> specs, ReadOnlySpan<byte> data, List<LiteralHit> found)
    {
        Dictionary<int, int> last = [];
        foreach (LiteralHit hit in found)
        {
            LiteralSpec spec = specs[hit.Spec];
            if (spec.OwnerOffset != LiteralSpec.Unordered)
            {
                int start = hit.Start - spec.OwnerOffset;
                Assert.True(start >= last.GetValueOrDefault(spec.Owner, int.MinValue), $"owner {spec.Owner} steps back to {start}");
                last[spec.Owner] = start;
            }
        }

        Assert.Equal(
            LiteralFactory.Naive(specs, data).OrderBy(static h => h.Spec).ThenBy(static h => h.Start),
            found.OrderBy(static h => h.Spec).ThenBy(static h => h.Start));
    }
}
