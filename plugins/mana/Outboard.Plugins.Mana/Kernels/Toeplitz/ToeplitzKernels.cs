using Outboard.Simd;

namespace Outboard.Plugins.Mana.Kernels.Toeplitz;

/// <summary>The table of Toeplitz kernels, widest first.</summary>
internal static class ToeplitzKernels
{
    public const string Operation = "toeplitz-hash";

    /// <summary>Chooses the kernel of a device.</summary>
    public static KernelChoice Choose(SimdSelector selector)
    {
        ReadOnlySpan<KernelDescriptor> table =
        [
            KernelDescriptor.Of<ToeplitzVector512>(),
            KernelDescriptor.Of<ToeplitzVector256>(),
            KernelDescriptor.Of<ToeplitzVector128>(),
            KernelDescriptor.Of<ToeplitzScalar>(),
        ];
        return selector.Choose(Operation, table, out _);
    }
}
