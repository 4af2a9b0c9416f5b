using System.Text;
using Outboard.Cli.Verbs;

namespace Outboard.Cli.Tests.Verbs;

public sealed class RegexCorpusTests : TemporaryFolder
{
    [Fact]
    public void APayloadsFileGivesItsPayloads()
    {
        string path = InFolder("x.payloads");
        File.WriteAllBytes(path, [2, 0, 0, 0, .. "ab"u8, 0, 0, 0, 0, 3, 0, 0, 0, .. "cde"u8]);

        var corpus = RegexCorpus.Read("--corpus", path, frames: false);

        Assert.False(corpus.IsPlain);
        Assert.Equal(["ab", "cde"], corpus.Payloads.Select(Encoding.ASCII.GetString));
        Assert.Equal(["ab", "cd"], corpus.Cut(2).Select(Encoding.ASCII.GetString));
        Assert.Equal(["abcde"], corpus.Cut(9).Select(Encoding.ASCII.GetString));
        Assert.Same(corpus.Payloads, corpus.Cut(0));
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0 }, 0)]
    [InlineData(new byte[] { 4, 0, 0, 0, 1, 2, 3 }, 0)]
    [InlineData(new byte[] { 1, 0, 0, 0, 1, 255, 255, 255, 255 }, 5)]
    public void ADamagedPayloadsFileIsRefusedWithThePlace(byte[] content, int offset)
    {
        string path = InFolder("x.payloads");
        File.WriteAllBytes(path, content);

        UserException error = Assert.Throws<UserException>(() => RegexCorpus.Read("--corpus", path, frames: false));

        Assert.Contains($"at offset {offset} ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACaptureGivesWhatItsPacketsCarryOrItsFrames()
    {
        var payloads = RegexCorpus.Read("--corpus", CliRun.Campus, frames: false);
        var frames = RegexCorpus.Read("--corpus", CliRun.Campus, frames: true);

        Assert.False(payloads.IsPlain);
        Assert.True(frames.Payloads.Count >= payloads.Payloads.Count);
        Assert.True(frames.Payloads.Sum(static frame => frame.Length) > payloads.Payloads.Sum(static payload => payload.Length));
        Assert.Contains(payloads.Payloads, static payload => payload.AsSpan().StartsWith("HTTP/1.1"u8));
        Assert.DoesNotContain(frames.Payloads, static frame => frame.AsSpan().StartsWith("HTTP/1.1"u8));
    }

    [Fact]
    public void AnyOtherFileIsOnePayload()
    {
        var corpus = RegexCorpus.Read("--corpus", Write("x.txt", "some text"), frames: false);

        Assert.True(corpus.IsPlain);
        Assert.Equal(["some text"], corpus.Payloads.Select(Encoding.ASCII.GetString));
        Assert.Throws<UserException>(() => RegexCorpus.Read("--corpus", Write("empty", string.Empty), frames: false));
    }
}
