using System.Text.Json;
using Outboard.Cli.Bench;

namespace Outboard.Cli.Tests.Bench;

public sealed class CryptoBenchTests
{
    private static readonly string[] s_short = ["--seconds", "0.01", "--burst", "4", "--size", "48", "--json"];

    public static TheoryData<string> Operations => ["encrypt", "decrypt", "generate", "verify"];

    [Theory]
    [MemberData(nameof(Operations))]
    public void EverySymmetricAlgorithmRunsEveryOperationThatItHas(string operation)
    {
        CryptoBenchOperation asked = Enum.Parse<CryptoBenchOperation>(operation, ignoreCase: true);
        CryptoBenchAlgorithm[] algorithms = [.. CryptoBenchAlgorithms.All.Where(one => one.Offers(asked))];
        string names = string.Join(',', algorithms.Select(one => one.Name));

        JsonElement[] lines = CliRun.Of(
            ["bench", "crypto", "--algorithm", names, "--operation", operation, .. s_short]).AssertDone().Json;

        Assert.Equal(algorithms.Select(one => $"{one.CaseName(asked)}/48").Order(), Timed(lines).Select(Case).Order());
        Assert.All(Timed(lines), line => Assert.Equal(0, line.GetProperty("allocated").GetInt64()));
    }

    [Theory]
    [InlineData("x25519", "generate", "x25519-derive")]
    [InlineData("ed25519", "generate", "ed25519-sign")]
    [InlineData("ecdsa-p256-sha256", "verify", "ecdsa-p256-sha256-verify")]
    [InlineData("rsa-2048-oaep-sha256", "decrypt", "rsa-2048-oaep-sha256-dec")]
    public void AsymmetricOpsGoRound(string algorithm, string operation, string name)
    {
        JsonElement[] lines = CliRun.Of(
            ["bench", "crypto", "--algorithm", algorithm, "--operation", operation, .. s_short]).AssertDone().Json;

        Assert.Equal([name], Timed(lines).Select(Case));
        Assert.Contains(lines, line => line.GetProperty("unit").GetString() == "ops/s");
    }

    [Fact]
    public void LinesHaveTheFieldsAndTheLineOverTheSizes()
    {
        JsonElement[] lines = CliRun.Of(
            "bench", "crypto", "--algorithm", "aes-128-gcm", "--sizes", "64,1420", "--seconds", "0.01", "--json").AssertDone().Json;

        foreach (JsonElement line in lines)
        {
            Assert.All(
                (string[])["case", "device", "simd", "metric", "value", "unit"],
                field => Assert.True(line.TryGetProperty(field, out _), field));
        }

        Assert.Equal(["aes-128-gcm-enc/64", "aes-128-gcm-enc/1420"], Timed(lines).Select(Case));
        Assert.Contains(lines, line => Case(line) == "aes-128-gcm-enc" && Metric(line) == "slope");
        Assert.Contains(lines, line => Case(line) == "aes-128-gcm-enc" && Metric(line) == "intercept");
        Assert.Contains(lines, line => Case(line) == "aes-128-gcm-enc/64" && Metric(line) == "cycles per op");
        Assert.Contains(lines, line => Case(line) == "aes-128-gcm-enc/64" && Metric(line) == "throughput");
    }

    [Fact]
    public void TheLineOverTheSizesIsFoundAgain()
    {
        (double slope, double intercept) = CryptoBenchMetrics.Fit([(64, 132), (256, 228), (1420, 810), (8192, 4196)])!.Value;

        Assert.Equal(0.5, slope, 9);
        Assert.Equal(100, intercept, 9);
        Assert.Null(CryptoBenchMetrics.Fit([(64, 132)]));
    }

    [Fact]
    public void MistakesGetOneLine()
    {
        CliRun.Of("bench", "crypto", "--algorithm", "rot13").AssertRefused("--algorithm rot13 is not known; there are all, aes-128-gcm");
        CliRun.Of("bench", "crypto", "--operation", "sign").AssertRefused("--operation sign");
        CliRun.Of("bench", "crypto", "--algorithm", "aes-128-cmac", "--operation", "decrypt").AssertRefused("aes-128-cmac has no such");
        CliRun.Of("bench", "crypto", "--algorithm", "aes-128-cbc", "--size", "15").AssertRefused("at least 16 bytes");
        CliRun.Of("bench", "crypto", "--size", "0").AssertRefused("'0' is not a number");
        CliRun.Of("bench", "crypto", "--burst", "513").AssertRefused("--burst 513");
        CliRun.Of("bench", "security", "--protocol", "ssl3").AssertRefused("--protocol ssl3");
        CliRun.Of("bench", "security", "--operation", "encrypt").AssertRefused("--operation encrypt");
        CliRun.Of("bench", "security", "--protocol", "tls13", "--algorithm", "nea2-nia2").AssertRefused("aes-128-gcm");
    }

    [Theory]
    [InlineData("pdcp", "protect")]
    [InlineData("pdcp", "unprotect")]
    [InlineData("tls12", "protect")]
    [InlineData("tls12", "unprotect")]
    [InlineData("tls13", "protect")]
    [InlineData("tls13", "unprotect")]
    [InlineData("dtls12", "protect")]
    [InlineData("dtls12", "unprotect")]
    public void EveryProtocolRunsBothWays(string protocol, string operation)
    {
        JsonElement[] lines = CliRun.Of(
            "bench", "security", "--protocol", protocol, "--operation", operation, "--size", "48", "--burst", "4", "--seconds", "0.01", "--json")
            .AssertDone().Json;

        Assert.NotEmpty(Timed(lines));
        Assert.All(Timed(lines), line => Assert.StartsWith(protocol, Case(line), StringComparison.Ordinal));
        Assert.All(Timed(lines), line => Assert.Equal(operation == "unprotect", Case(line).Contains("-unprotect/", StringComparison.Ordinal)));
        Assert.All(Timed(lines), line => Assert.Equal(0, line.GetProperty("allocated").GetInt64()));
    }

    private static IEnumerable<JsonElement> Timed(JsonElement[] lines) => lines.Where(line => Metric(line) == "time per op");

    private static string Metric(JsonElement line) => line.GetProperty("metric").GetString()!;

    private static string Case(JsonElement line) => line.GetProperty("case").GetString()!;
}
