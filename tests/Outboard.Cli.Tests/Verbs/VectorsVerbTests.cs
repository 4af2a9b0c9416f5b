using System.Text.Json;
using Outboard.Cli.Verbs;
using Outboard.Simd;
using Outboard.Testing;

namespace Outboard.Cli.Tests.Verbs;

public sealed class VectorsVerbTests : TemporaryFolder
{
    private static readonly int s_widths = VectorsVerb.GetWidths(new SimdPolicy()).Length;

    [Fact]
    public void EveryCaseCountsOnceAWidth()
    {
        JsonElement last = CliRun.Of("vectors", Sample("right.json"), "--json").AssertDone().Json[^1];

        Assert.Equal((2 * s_widths, 0, 0), Counts(last));
    }

    [Fact]
    public void AFailureIsNamedWithItsWidthAndTheExitCodeTellsIt()
    {
        CliRun run = CliRun.Of("vectors", Sample("wrong.json"), "--json");

        Assert.Equal(CliProgram.Failure, run.ExitCode);
        Assert.Equal((s_widths, s_widths, 0), Counts(run.Json[^1]));
        JsonElement[] failures = [.. run.Json.Where(line => line.TryGetProperty("failed", out JsonElement one) && one.ValueKind == JsonValueKind.Object)];
        Assert.Equal(s_widths, failures.Length);
        Assert.All(failures, line => Assert.Equal("0/1", line.GetProperty("failed").GetProperty("id").GetString()));
    }

    [Fact]
    public void RangesInBitsRunAndWhatIsNotOfferedIsNamed()
    {
        JsonElement[] lines = CliRun.Of("vectors", Sample("bits.json"), "--json").AssertDone().Json;

        Assert.Equal((2 * s_widths, 0, s_widths), Counts(lines[^1]));
        JsonElement skipped = lines[^2].GetProperty("skipped");
        Assert.Equal("crypto_simd does not offer KASUMI_F8", skipped.GetProperty("reason").GetString());
        Assert.Equal(s_widths, skipped.GetProperty("count").GetInt32());
    }

    [Fact]
    public void AFileThatIsCutOffGetsOneLine()
    {
        string text = File.ReadAllText(Sample("right.json"));

        CliRun.Of("vectors", Write("cut.json", text[..(text.Length / 2)])).AssertRefused("not a file of crypto vectors");
    }

    private static string Sample(string name) =>
        Path.Combine(SharedVectors.RepositoryRoot!, "tests", "vectors", "crypto", "program", name);

    private static (int Passed, int Failed, int Skipped) Counts(JsonElement line) =>
        (line.GetProperty("passed").GetInt32(), line.GetProperty("failed").GetInt32(), line.GetProperty("skipped").GetInt32());
}
