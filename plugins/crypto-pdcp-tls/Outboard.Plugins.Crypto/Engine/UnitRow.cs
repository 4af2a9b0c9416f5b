using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Engine;

/// <summary>One row of an algorithm's table: a kernel, and how to make the unit that is closed over it.</summary>
/// <param name="Kernel">What it is and whether it runs here.</param>
/// <param name="Make">Makes the unit.</param>
/// <param name="IsEmitted">Whether it needs emitted code, so that <c>emit=off</c> takes it away.</param>
internal readonly record struct UnitRow(KernelDescriptor Kernel, Func<KernelChoice, CryptoUnit> Make, bool IsEmitted)
{
    /// <summary>The row of a kernel made of intrinsics or of plain code.</summary>
    public static UnitRow Of<TKernel>(Func<KernelChoice, CryptoUnit> make)
        where TKernel : struct, ISimdKernel => new(KernelDescriptor.Of<TKernel>(), make, IsEmitted: false);

    /// <summary>The row of a kernel that is emitted at run time.</summary>
    public static UnitRow Emitted<TKernel>(Func<KernelChoice, CryptoUnit> make)
        where TKernel : struct, ISimdKernel => new(KernelDescriptor.Of<TKernel>(), make, IsEmitted: true);

    /// <summary>A width that cannot help: the kernel of a narrower one runs there, and the report says why.</summary>
    /// <param name="width">The wider width.</param>
    /// <param name="why">Why no kernel of that width is faster.</param>
    /// <param name="make">Makes the unit.</param>
    public static UnitRow Same<TKernel>(SimdWidth width, string why, Func<KernelChoice, CryptoUnit> make)
        where TKernel : struct, ISimdKernel =>
        new(KernelDescriptor.Of<TKernel>() with { Width = width, Name = $"{TKernel.Name} ({why})" }, make, IsEmitted: false);

    /// <summary>Chooses the row that the width switch and this machine allow, and makes its unit.</summary>
    /// <param name="selector">The widths allowed.</param>
    /// <param name="emit">Whether emitted kernels may be chosen.</param>
    /// <param name="operation">The algorithm's name in reports and figures, such as <c>snow3g-uea2</c>.</param>
    /// <param name="widestFirst">The rows in order of preference; the last is scalar.</param>
    public static CryptoUnit Choose(SimdSelector selector, bool emit, string operation, params ReadOnlySpan<UnitRow> widestFirst)
    {
        var rows = new KernelDescriptor[widestFirst.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            KernelDescriptor kernel = widestFirst[i].Kernel;
            rows[i] = widestFirst[i].IsEmitted && !emit ? kernel with { IsSupported = false } : kernel;
        }

        KernelChoice choice = selector.Choose(operation, rows, out int index);
        return widestFirst[index].Make(choice);
    }
}
