using Outboard.Simd;

namespace Outboard.Sdk.Tests.Simd;

public sealed class SimdSelectorTests
{
    private static readonly KernelDescriptor[] s_table =
    [
        new(SimdWidth.V512, "wide", true, true),
        new(SimdWidth.V256, "lacking", false, true),
        new(SimdWidth.V128, "slow", true, false),
        new(SimdWidth.Scalar, "plain", true, true),
    ];

    [Fact]
    public void WidestWithinTheLimitIsChosen()
    {
        KernelChoice choice = Selector(512).Choose("op", s_table, out int index);
        Assert.Equal(0, index);
        Assert.Equal(new KernelChoice("op", SimdWidth.V512, "wide", "the widest there is"), choice);
    }

    [Fact]
    public void EveryWiderKernelHasItsReason()
    {
        KernelChoice choice = Selector(256).Choose("op", s_table, out int index);
        Assert.Equal(3, index);
        Assert.Equal("plain", choice.Kernel);
        Assert.Contains("512: above the maximum SIMD width 256 (Api)", choice.Reason, StringComparison.Ordinal);
        Assert.Contains("256: this processor or runtime lacks the instructions", choice.Reason, StringComparison.Ordinal);
        Assert.Contains("128: not worth it here", choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void DeviceNarrowsThePolicyAndNeverWidensIt()
    {
        var policy = new SimdPolicy();
        policy.Set(256);
        Assert.Equal(SimdWidth.V128, new SimdSelector(policy, SimdWidth.V128).Maximum);
        Assert.Equal(SimdWidth.V256, new SimdSelector(policy, SimdWidth.V512).Maximum);
        KernelChoice choice = new SimdSelector(policy, SimdWidth.Scalar).Choose("op", s_table, out _);
        Assert.Contains("max_simd=64", choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ExactWidthRunsThatKernelEvenWhenItIsSlow()
    {
        var policy = new SimdPolicy();
        policy.Set(512);
        new SimdSelector(policy, exact: SimdWidth.V128).Choose("op", s_table, out int index);
        Assert.Equal(2, index);
    }

    [Fact]
    public void ExactWidthThatCannotRunIsAnError()
    {
        var policy = new SimdPolicy();
        policy.Set(512);
        var selector = new SimdSelector(policy, exact: SimdWidth.V256);
        Assert.Throws<PlatformNotSupportedException>(() => selector.Choose("op", s_table, out _));
        policy.Set(128);
        Assert.Throws<ArgumentException>(() => new SimdSelector(policy, exact: SimdWidth.V256));
    }

    private static SimdSelector Selector(int bits)
    {
        var policy = new SimdPolicy();
        policy.Set(bits);
        return new SimdSelector(policy);
    }
}
