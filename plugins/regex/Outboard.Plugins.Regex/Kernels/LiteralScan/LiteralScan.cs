using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.LiteralScan;

/// <summary>
/// The literal filter. Contract: from a position on, write every position at which a window of the table stands, and as few others
/// as the kernel's tables allow, in ascending order; stop when the list could overflow. The position is left where the next call goes
/// on, beyond the last window when the payload is done. Kernels may differ in the false candidates, never in the true ones.
/// </summary>
internal interface ILiteralScan : ISimdKernel
{
    static abstract int Scan(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits);
}

/// <summary>A kernel chosen for a scanner.</summary>
internal readonly unsafe struct LiteralScanKernel(
    delegate*<LiteralTable, ReadOnlySpan<byte>, ref int, Span<int>, int> entry)
{
    /// <summary>Least size of the list that a kernel fills: it stops when fewer places than its step are left.</summary>
    public const int HitsMin = 64;

    private readonly delegate*<LiteralTable, ReadOnlySpan<byte>, ref int, Span<int>, int> _entry = entry;

    public int Scan(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits) =>
        _entry(table, data, ref position, hits);
}

/// <summary>The kernels of this operation.</summary>
internal static class LiteralScanTable
{
    /// <summary>The operation's name in the device report.</summary>
    public const string Operation = "literal-scan";

    /// <summary>The rows, widest first.</summary>
    public static KernelDescriptor[] Rows { get; } =
    [
        KernelDescriptor.Of<LiteralScanVector512>(),
        KernelDescriptor.Of<LiteralScanVector256>(),
        KernelDescriptor.Of<LiteralScanVector128>(),
        KernelDescriptor.Of<LiteralScanScalar>(),
    ];

    /// <summary>The kernel of a row.</summary>
    public static unsafe LiteralScanKernel At(int row) => row switch
    {
        0 => new LiteralScanKernel(&LiteralScanVector512.Scan),
        1 => new LiteralScanKernel(&LiteralScanVector256.Scan),
        2 => new LiteralScanKernel(&LiteralScanVector128.Scan),
        _ => new LiteralScanKernel(&LiteralScanScalar.Scan),
    };
}
