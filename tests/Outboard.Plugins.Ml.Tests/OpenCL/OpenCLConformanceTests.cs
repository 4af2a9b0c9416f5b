using Outboard.Conformance;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Tests.OpenCL;

public sealed class OpenCLConformanceTests
{
    public static TheoryData<string> Checks { get; } =
    [
        .. new MlConformance(new DriverRegistry(new SimdPolicy()), "ml_opencl0", MlConformanceModel.Perceptron)
            .Checks.Select(static check => check.Name),
    ];

    [Theory]
    [MemberData(nameof(Checks))]
    public void TheDevicePasses(string check) => Run(check, "ml_opencl0", allowInPlace: true);

    [Theory]
    [MemberData(nameof(Checks))]
    public void TheDevicePassesWithSmallBatchesAndCopies(string check) =>
        Run(check, "ml_opencl1,max_batch=7", allowInPlace: false);

    private static void Run(string name, string specifier, bool allowInPlace)
    {
        var suite = new MlConformance(OpenCLPlugin.Registry(allowInPlace), specifier, MlConformanceModel.Perceptron);

        ConformanceResult result = suite.Checks.Single(check => check.Name == name).Run();

        Assert.True(result.Outcome == ConformanceOutcome.Passed, $"{result.Check}: {result.Outcome} {result.Detail}");
    }
}
