using System.Text.Json;

namespace Outboard.Cli.Tests.Verbs;

public sealed class OtherVerbsTests : TemporaryFolder
{
    [Fact]
    public void DevicesListsEveryDriverWithItsKernels()
    {
        JsonElement[] lines = CliRun.Of("devices", "--json").AssertDone().Json;

        JsonElement[] devices = [.. lines.Where(line => line.TryGetProperty("device", out _)).Select(line => line.GetProperty("device"))];
        string[] drivers = [.. devices.Select(device => device.GetProperty("driver").GetString()!)];
        Assert.Equal(["crypto_simd", "ml_opencl", "ml_simd", "net_mana", "regex_opencl", "regex_simd"], drivers);
        foreach (JsonElement device in devices)
        {
            string state = device.GetProperty("state").GetString()!;
            Assert.True(state is "present" || device.GetProperty("reason").GetString()!.Length != 0, state);
            if (state == "present")
            {
                Assert.NotEmpty(device.GetProperty("kernels").EnumerateArray());
                Assert.NotEmpty(device.GetProperty("capabilities").EnumerateArray());
            }
        }

        Assert.All(
            lines.Where(line => line.TryGetProperty("plugin", out _)),
            line => Assert.Equal("loaded", line.GetProperty("plugin").GetProperty("state").GetString()));
    }

    [Fact]
    public void DevicesSaysWhyAPluginIsRefusedAndWhatTheLimitDoes()
    {
        string folder = Directory.CreateDirectory(InFolder("broken")).FullName;

        CliRun run = CliRun.Of("devices", "--plugin", folder, "--max-simd-bitwidth", "128").AssertDone();

        Assert.Contains("refused: broken", run.Output, StringComparison.Ordinal);
        Assert.Contains("no plugin.json", run.Output, StringComparison.Ordinal);
        Assert.Contains("above the maximum SIMD width 128 (CommandLine)", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void PoolShowsWhatSpreadingDoes()
    {
        JsonElement[] lines = CliRun.Of("pool", "--count", "1024", "--size", "2048", "--json").AssertDone().Json;

        JsonElement[] first = [.. lines.Where(line => line.GetProperty("cacheLevel").GetInt32() == 1)];
        Assert.Equal(["spread", "packed", "page"], first.Select(line => line.GetProperty("layout").GetString()));
        Assert.Equal(2112, first[0].GetProperty("stride").GetInt32());
        Assert.True(first[0].GetProperty("setsUsed").GetInt32() > first[1].GetProperty("setsUsed").GetInt32());
        Assert.Equal(1, first[2].GetProperty("setsUsed").GetInt32());
        Assert.Contains("spread", CliRun.Of("pool", "--layout", "spread").AssertDone().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ConformanceOfARealDevicePasses()
    {
        JsonElement last = CliRun.Of("conformance", "regex_simd0", "--json").AssertDone().Json[^1];

        Assert.Equal(0, last.GetProperty("failed").GetInt32());
        Assert.True(last.GetProperty("passed").GetInt32() > 10);
    }

    [Fact]
    public void MistakesGetOneLine()
    {
        CliRun.Of().AssertRefused("a verb is missing");
        CliRun.Of("inspct").AssertRefused("'inspct' is no verb");
        CliRun.Of("devices", "--colour").AssertRefused("--colour");
        CliRun.Of("pool", "--count", "0").AssertRefused("--count 0");
        CliRun.Of("pool", "--layout", "round").AssertRefused("--layout round");
        CliRun.Of("conformance", "regex_simd0,colour=red").AssertRefused("'colour'");
        CliRun.Of("conformance", "Regex").AssertRefused("'Regex' is not a device name");
        CliRun.Of("vectors", InFolder("none")).AssertRefused("no such file or folder");
        CliRun.Of("vectors", Write("x.json", "{}")).AssertRefused("not a vector file");
    }

    [Fact]
    public void HelpIsThereForEveryVerb()
    {
        foreach (string verb in (string[])["inspect", "devices", "pool", "vectors", "conformance", "bench", "regex"])
        {
            CliRun run = CliRun.Of(verb, "--help").AssertDone();
            Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
        }
    }
}
