using Outboard.Devices;
using Outboard.Plugins;
using Outboard.Regex;
using Outboard.Testing.NullDevices;

namespace Outboard.Sdk.Tests.RegexClass;

/// <summary>What the class itself sees to, whatever driver stands behind it.</summary>
public sealed class RegexDeviceTests
{
    [Fact]
    public void ADeviceIsFoundByItsOwnName()
    {
        DriverRegistry registry = NullPlugin.CreateRegistry();
        using RegexDevice zero = registry.OpenRegex("regex_null0");
        using RegexDevice one = registry.OpenRegex("regex_null1");
        Assert.Equal(("regex_null0", "regex_null1"), (zero.Name, one.Name));
        Assert.Throws<ArgumentException>(() => registry.OpenRegex("regex_null1"));
        Assert.Throws<ArgumentException>(() => registry.OpenRegex("crypto_null0"));
    }

    [Fact]
    public void ZeroRulesPerGroupMeansTheDevicesLimit()
    {
        using RegexDevice device = Configured();
        Assert.Equal(device.Info.RulesPerGroupMax, device.Configuration.RulesPerGroupMax);
    }

    [Theory]
    [InlineData(RegexConfigurationFlags.CrossBufferScan)]
    [InlineData(RegexConfigurationFlags.MatchAsEnd)]
    [InlineData(RegexConfigurationFlags.MatchAll)]
    public void AConfigurationThatTheDeviceLacksIsNamed(RegexConfigurationFlags flag)
    {
        using RegexDevice device = NullPlugin.CreateRegistry().OpenRegex("regex_null0");
        ArgumentException e = Assert.Throws<ArgumentException>(() => device.Configure(new RegexConfiguration { Flags = flag }));
        Assert.Contains(flag.ToString(), e.Message, StringComparison.Ordinal);
        Assert.Equal(DeviceState.Opened, device.State);
    }

    [Fact]
    public void ARuleOutsideTheLimitsIsRefusedAndNoneOfItsUpdateIsAdded()
    {
        using RegexDevice device = Configured();
        RegexRule fine = RegexRule.FromText(1, "a");
        Assert.Throws<ArgumentException>(() => device.AddRules([fine, RegexRule.FromText(-1, "b")]));
        Assert.Throws<ArgumentException>(() => device.AddRules([fine, RegexRule.FromText(2, "b", groupId: 1)]));
        Assert.Throws<ArgumentException>(() => device.AddRules([fine, RegexRule.FromText(2, "b", RegexRuleFlags.Utf)]));
        Assert.False(device.RemoveRule(1));
        device.CompileAndActivate();
        Assert.Empty(device.ExplainRules());
    }

    [Fact]
    public void StreamsNeedTheirConfigurationAndForeignOnesAreRefused()
    {
        using RegexDevice device = Configured();
        Assert.Contains(
            "CrossBufferScan", Assert.Throws<InvalidOperationException>(() => device.CreateStream()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => device.ReleaseStream(0x1234));
    }

    [Fact]
    public void ADeviceThatDoesNotLearnSaysSo()
    {
        using RegexDevice device = Configured();
        Assert.False(device.Info.IsTrainable);
        Assert.Contains(
            "regex_null0", Assert.Throws<NotSupportedException>(() => device.TrainOn("abc"u8)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequestAndResponseFlagsHaveABitEach()
    {
        Assert.All(Enum.GetValues<RegexRequestFlags>(), static f => Assert.True(f == 0 || ushort.IsPow2((ushort)f)));
        Assert.All(Enum.GetValues<RegexResponseFlags>(), static f => Assert.True(f == 0 || ushort.IsPow2((ushort)f)));
        Assert.All(Enum.GetValues<RegexCapabilities>(), static f => Assert.True(f == 0 || int.IsPow2((int)f)));
        Assert.All(Enum.GetValues<RegexRuleFlags>(), static f => Assert.True(f == 0 || int.IsPow2((int)f)));
    }

    [Fact]
    public void AnOpHasRoomForAsManyMatchesAsItsPoolSaysUpTo65535()
    {
        foreach (int room in (int[])[1, 255, 256, 65_535])
        {
            using var pool = new RegexOpPool(new RegexOpPoolOptions { Name = "room", Count = 1, MatchesMax = room });
            Assert.True(pool.TryAlloc(out RegexOp op));
            Assert.Equal(room, op.MatchCapacity);
            Assert.Equal((RegexOp.ToEnd, 0, 0), (op.PayloadLength, op.ActualMatchCount, op.Matches.Length));
            op.Free();
        }

        foreach (int room in (int[])[0, -1, 65_536])
        {
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new RegexOpPool(new RegexOpPoolOptions { Name = "room", Count = 1, MatchesMax = room }));
        }
    }

    private static RegexDevice Configured()
    {
        RegexDevice device = NullPlugin.CreateRegistry().OpenRegex("regex_null0");
        device.Configure(new RegexConfiguration());
        return device;
    }
}
