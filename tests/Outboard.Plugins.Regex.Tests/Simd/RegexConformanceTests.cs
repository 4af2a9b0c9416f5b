using Outboard.Conformance;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.Simd;

public sealed class RegexConformanceTests
{
    public static TheoryData<string> Checks =>
        [.. Suite("regex_simd0").Checks.Select(static check => check.Name)];

    [Theory]
    [MemberData(nameof(Checks))]
    public void TheDevicePasses(string name)
    {
        ConformanceResult result = Suite("regex_simd0").Checks.Single(check => check.Name == name).Run();
        Assert.True(result.Outcome != ConformanceOutcome.Failed, result.ToString());
        Assert.SkipWhen(result.Outcome == ConformanceOutcome.NotOffered, result.Detail);
    }

    private static ConformanceSuite Suite(string device)
    {
        var registry = new DriverRegistry(new SimdPolicy());
        registry.Register(new RegexPlugin(), "Outboard.Plugins.Regex", "test");
        return ConformanceSuite.For(registry, device);
    }
}
