using Outboard.Conformance;

namespace Outboard.Plugins.Crypto.Tests.Simd;

public sealed class CryptoConformanceTests
{
    public static TheoryData<string> Checks
    {
        get
        {
            var data = new TheoryData<string>();
            foreach (ConformanceCheck check in Suite("crypto_simd0").Checks)
            {
                data.Add(check.Name);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Checks))]
    public void TheDevicePasses(string name)
    {
        ConformanceResult result = Suite("crypto_simd0").Checks.Single(check => check.Name == name).Run();
        Assert.True(result.Outcome == ConformanceOutcome.Passed, result.ToString());
    }

    private static ConformanceSuite Suite(string device) => ConformanceSuite.For(SimdDevices.CreateRegistry(), device);
}
