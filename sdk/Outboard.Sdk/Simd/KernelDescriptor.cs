namespace Outboard.Simd;

/// <summary>One row of an operation's kernel table.</summary>
/// <param name="Width">The width of the registers that the kernel works in.</param>
/// <param name="Name">A short name for reports.</param>
/// <param name="IsSupported">Whether this processor and runtime can run it.</param>
/// <param name="IsAccelerated">Whether it is worth choosing over a narrower one.</param>
public readonly record struct KernelDescriptor(SimdWidth Width, string Name, bool IsSupported, bool IsAccelerated)
{
    /// <summary>The row of a kernel type.</summary>
    /// <typeparam name="TKernel">The kernel.</typeparam>
    public static KernelDescriptor Of<TKernel>()
        where TKernel : struct, ISimdKernel =>
        new(TKernel.Width, TKernel.Name, TKernel.IsSupported, TKernel.IsAccelerated);
}
