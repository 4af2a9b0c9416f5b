using Outboard.Simd;

namespace Outboard.Sdk.Tests.Simd;

public sealed class SimdPolicyTests
{
    [Fact]
    public void DefaultIsWhatTheRuntimeRecommends()
    {
        var policy = new SimdPolicy();
        Assert.Equal(SimdPolicy.Recommended, policy.Maximum);
        Assert.Equal(SimdPolicySource.Default, policy.Source);
        Assert.False(policy.IsForced);
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(128, 128)]
    [InlineData(256, 256)]
    [InlineData(512, 512)]
    [InlineData(1024, 1024)]
    [InlineData(16384, 16384)]
    [InlineData(32768, 32768)]
    [InlineData(0, 32768)]
    public void PowersOfTwoFrom64AreTaken(int bits, int limit)
    {
        var policy = new SimdPolicy();
        policy.Set(bits);
        Assert.Equal(limit, (int)policy.Maximum);
        Assert.Equal(SimdPolicySource.Api, policy.Source);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(100)]
    [InlineData(65536)]
    [InlineData(-64)]
    [InlineData(int.MinValue)]
    public void OtherNumbersAreRefused(int bits)
    {
        var policy = new SimdPolicy();
        Assert.Throws<ArgumentOutOfRangeException>(() => policy.Set(bits));
        Assert.Throws<ArgumentOutOfRangeException>(() => policy.Force(bits));
        Assert.Equal(SimdPolicySource.Default, policy.Source);
    }

    [Fact]
    public void CommandLineWinsAndLocks()
    {
        var policy = new SimdPolicy();
        policy.Set(256);
        policy.Force(128);
        Assert.True(policy.IsForced);
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => policy.Set(512));
        Assert.Contains("128", e.Message, StringComparison.Ordinal);
        Assert.Equal(SimdWidth.V128, policy.Maximum);
    }

    [Fact]
    public void EnvironmentIsRead()
    {
        SimdPolicy policy = SimdPolicy.FromText("128");
        Assert.Equal((SimdWidth.V128, SimdPolicySource.Environment), (policy.Maximum, policy.Source));
        Assert.Equal(SimdPolicySource.Default, SimdPolicy.FromText(null).Source);
        Assert.Equal(SimdPolicySource.Default, SimdPolicy.FromText(string.Empty).Source);
        foreach (string wrong in (string[])["wide", "96", "-1", " 64", "0x100"])
        {
            Assert.Contains(
                wrong, Assert.Throws<ArgumentException>(() => SimdPolicy.FromText(wrong)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ApiMaySetOverTheEnvironment()
    {
        SimdPolicy policy = SimdPolicy.FromText("128");
        policy.Set(512);
        Assert.Equal((SimdWidth.V512, SimdPolicySource.Api), (policy.Maximum, policy.Source));
    }
}
