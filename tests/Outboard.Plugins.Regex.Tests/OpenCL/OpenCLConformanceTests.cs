using Outboard.Conformance;
using Outboard.Plugins.Regex.OpenCL;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.OpenCL;

public sealed class OpenCLConformanceTests
{
    public static TheoryData<string> Checks { get; } =
        [.. new RegexConformance(new DriverRegistry(new SimdPolicy()), "regex_opencl0").Checks.Select(static check => check.Name)];

    [Theory]
    [MemberData(nameof(Checks))]
    public void TheDevicePasses(string check) => Run(check, "regex_opencl0,payload_max=200000", new OpenCLTuning());

    [Theory]
    [MemberData(nameof(Checks))]
    public void TheDevicePassesWithSmallBatchesAndCopies(string check) =>
        Run(check, "regex_opencl1,batch=7,depth=1,payload_max=4096", new OpenCLTuning(AllowInPlace: false));

    private static void Run(string name, string specifier, OpenCLTuning tuning)
    {
        var suite = new RegexConformance(OpenCLRegexPlugin.Registry(tuning), specifier);

        ConformanceResult result = suite.Checks.Single(check => check.Name == name).Run();

        Assert.SkipWhen(result.Outcome == ConformanceOutcome.NotOffered, result.Detail);
        Assert.True(result.Outcome == ConformanceOutcome.Passed, result.ToString());
    }
}
