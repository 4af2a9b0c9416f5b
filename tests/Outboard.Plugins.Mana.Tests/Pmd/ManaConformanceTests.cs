using Outboard.Conformance;
using Outboard.Plugins.Mana.Tests.Support;

namespace Outboard.Plugins.Mana.Tests.Pmd;

public sealed class ManaConformanceTests
{
    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (string device in (string[])["net_mana0", "net_mana0,coalesce=on", "net_mana0,checks=on"])
        {
            foreach (ConformanceCheck check in ConformanceSuite.For(ManaPorts.NewRegistry(), device).Checks)
            {
                data.Add(device, check.Name);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ThePortKeepsTheContract(string device, string check)
    {
        ConformanceResult result =
            ConformanceSuite.For(ManaPorts.NewRegistry(), device).Checks.Single(c => c.Name == check).Run();
        Assert.True(result.Outcome == ConformanceOutcome.Passed, $"{result.Outcome}: {result.Detail}");
    }
}
