using System.Text;
using Outboard.Plugins.Regex.Literals;
using Outboard.Plugins.Regex.OpenCL;

namespace Outboard.Plugins.Regex.Tests.OpenCL;

public sealed class LiteralFilterTests
{
    [Fact]
    public void WithoutLiteralsThereIsNoFilter() => Assert.Null(LiteralFilter.Build([]));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(7, 4)]
    [InlineData(8, 8)]
    [InlineData(100, 8)]
    public void TheWindowIsAsWideAsTheLiteralAllows(int length, int width)
    {
        LiteralFilter filter = LiteralFilter.Build([Exact(new string('q', length))])!;

        Assert.Equal(width, filter.Classes.Single().Width);
    }

    [Fact]
    public void EveryLiteralIsFoundWhereItStandsInEitherCase()
    {
        var random = new Random(1);
        string[] texts = [.. Enumerable.Range(0, 3000).Select(_ => Text(random, random.Next(1, 20)))];
        LiteralFilter filter = LiteralFilter.Build([.. texts.Select(Caseless)])!;

        foreach (string text in texts)
        {
            byte[] payload = Encoding.Latin1.GetBytes(random.Next(2) == 0 ? text.ToUpperInvariant() : text);
            int first = FilterReference.FirstCandidate(filter, payload, 0, payload.Length);

            Assert.InRange(first, 0, payload.Length - 1);
        }
    }

    [Fact]
    public void FewPositionsPassByChance()
    {
        var random = new Random(2);
        LiteralFilter filter = LiteralFilter.Build(
            [.. Enumerable.Range(0, 20_000).Select(_ => Exact(Text(random, 12)))])!;
        byte[] noise = new byte[1 << 18];
        random.NextBytes(noise);

        int passed = 0;
        for (int at = 0; at + 8 <= noise.Length; at++)
        {
            passed += filter.MayHold(filter.Classes[0], BitConverter.ToUInt64(noise, at)) ? 1 : 0;
        }

        Assert.InRange(passed, 0, noise.Length / 4000);
    }

    private static string Text(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));

    private static ReadOnlyMemory<MaskedByte> Exact(string text) =>
        Encoding.Latin1.GetBytes(text).Select(static b => new MaskedByte(b, MaskedByte.ExactMask)).ToArray();

    private static ReadOnlyMemory<MaskedByte> Caseless(string text) =>
        Encoding.Latin1.GetBytes(text).Select(static b => new MaskedByte((byte)(b & 0xDF), MaskedByte.CaselessMask)).ToArray();
}
