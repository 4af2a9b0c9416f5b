using Outboard.Plugins.Ml.Kernels.Lanes;
using Outboard.Plugins.Ml.Plan;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Tests.Support;

/// <summary>The widths that this processor can run, each as a kernel set of exactly that width.</summary>
internal static class Widths
{
    public static SimdWidth[] All { get; } = [SimdWidth.Scalar, SimdWidth.V128, SimdWidth.V256, SimdWidth.V512];

    /// <summary>Those of them that this processor and runtime can run.</summary>
    public static SimdWidth[] Present { get; } =
    [
        .. All.Where(w => w switch
        {
            SimdWidth.V128 => Vector128Lanes.IsSupported,
            SimdWidth.V256 => Vector256Lanes.IsSupported,
            SimdWidth.V512 => Vector512Lanes.IsSupported,
            _ => true,
        }),
    ];

    public static TheoryData<int> Bits => [64, 128, 256, 512];

    public static KernelSet Kernels(SimdWidth width)
    {
        var policy = new SimdPolicy();
        policy.Set(0);
        try
        {
            return new KernelSet(new SimdSelector(policy, exact: width));
        }
        catch (PlatformNotSupportedException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    public static KernelSet Kernels(int bits) => Kernels((SimdWidth)bits);
}
