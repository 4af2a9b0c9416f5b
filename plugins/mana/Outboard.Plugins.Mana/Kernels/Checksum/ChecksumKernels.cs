using Outboard.Simd;

namespace Outboard.Plugins.Mana.Kernels.Checksum;

/// <summary>The table of checksum kernels, widest first.</summary>
internal static class ChecksumKernels
{
    public const string Operation = "internet-checksum";

    /// <summary>Chooses the kernel of a device.</summary>
    public static KernelChoice Choose(SimdSelector selector)
    {
        ReadOnlySpan<KernelDescriptor> table =
        [
            KernelDescriptor.Of<ChecksumVector512>(),
            KernelDescriptor.Of<ChecksumVector256>(),
            KernelDescriptor.Of<ChecksumVector128>(),
            KernelDescriptor.Of<ChecksumScalar>(),
        ];
        return selector.Choose(Operation, table, out _);
    }
}
