using Outboard.Conformance;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Tests.Simd;

/// <summary>The conformance bodies of the class, at every width.</summary>
public sealed class SimdMlConformanceTests
{
    public static TheoryData<int, string> Cases()
    {
        var data = new TheoryData<int, string>();
        foreach (int bits in (int[])[64, 128, 256, 0])
        {
            foreach (ConformanceCheck check in Suite(bits).Checks)
            {
                data.Add(bits, check.Name);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheDeviceKeepsTheContract(int bits, string check)
    {
        ConformanceResult result = Suite(bits).Checks.Single(c => c.Name == check).Run();
        Assert.SkipWhen(result.Outcome == ConformanceOutcome.NotOffered, result.Detail);
        Assert.True(result.Outcome == ConformanceOutcome.Passed, result.Detail);
    }

    private static ConformanceSuite Suite(int bits)
    {
        var policy = new SimdPolicy();
        policy.Set(bits);
        var registry = new DriverRegistry(policy);
        registry.Register(new MlPlugin(), "ml", "test");
        return ConformanceSuite.For(registry, "ml_simd0");
    }
}
