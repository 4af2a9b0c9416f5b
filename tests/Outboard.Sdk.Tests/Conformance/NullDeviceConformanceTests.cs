using Outboard.Conformance;
using Outboard.Testing.NullDevices;

namespace Outboard.Sdk.Tests.Conformance;

public sealed class NullDeviceConformanceTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (string device in (string[])["regex_null0", "ml_null0", "crypto_null0", "net_null0"])
        {
            foreach (ConformanceCheck check in Suite(device).Checks)
            {
                data.Add(device, check.Name);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void NullDeviceKeepsTheContract(string device, string check)
    {
        ConformanceResult result = Suite(device).Checks.Single(c => c.Name == check).Run();
        Assert.True(result.Outcome != ConformanceOutcome.Failed, result.Detail);
    }

    private static ConformanceSuite Suite(string device) => device.StartsWith("ml_", StringComparison.Ordinal)
        ? new MlConformance(
            NullPlugin.CreateRegistry(), device, new MlConformanceModel(NullMlDriver.ModelBytes, 4, 4, input => input))
        : ConformanceSuite.For(NullPlugin.CreateRegistry(), device);
}
