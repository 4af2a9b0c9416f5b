using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.LiteralScan;

/// <summary>
/// The literal filter. Contract: from a position on, write every position at which a window of the table stands, and as few others
/// as the kernel's tables allow, in ascending order; stop when the list could overflow. The position is left where the next call goes
/// on, beyond the last window when the payload is done. Kernels may differ in the false candidates, never in the true ones.
/// </summary>
internal interface ILiteralScan
{
    static abstract SimdWidth Width { get; }

    static abstract bool IsSupported { get; }

    static abstract int Scan(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits);
}

/// <summary>A kernel chosen for a scanner.</summary>
internal readonly unsafe struct LiteralScanKernel(
    SimdWidth width,
    string name,
    delegate*<LiteralTable, ReadOnlySpan<byte>, ref int, Span<int>, int> entry)
{
    /// <summary>Least size of the list that a kernel fills: it stops when fewer places than its step are left.</summary>
    public const int HitsMin = 64;

    private readonly delegate*<LiteralTable, ReadOnlySpan<byte>, ref int, Span<int>, int> _entry = entry;

    /// <summary>The registers it uses.</summary>
    public SimdWidth Width { get; } = width;

    /// <summary>Its name in the device report.</summary>
    public string Name { get; } = name;

    public int Scan(LiteralTable table, ReadOnlySpan<byte> data, ref int position, Span<int> hits) =>
        _entry(table, data, ref position, hits);
}

/// <summary>The kernels of this operation.</summary>
internal static class LiteralScanTable
{
    /// <summary>The kernel of exactly a width, or null where the processor lacks it.</summary>
    public static unsafe LiteralScanKernel? Exactly(SimdWidth width) => width switch
    {
        SimdWidth.V512 when LiteralScanVector512.IsSupported =>
            new(SimdWidth.V512, "nibble filter, 64 positions a step", &LiteralScanVector512.Scan),
        SimdWidth.V256 when LiteralScanVector256.IsSupported =>
            new(SimdWidth.V256, "nibble filter, 32 positions a step", &LiteralScanVector256.Scan),
        SimdWidth.V128 when LiteralScanVector128.IsSupported =>
            new(SimdWidth.V128, "nibble filter, 16 positions a step", &LiteralScanVector128.Scan),
        SimdWidth.Scalar => new(SimdWidth.Scalar, "hashed window bitmap", &LiteralScanScalar.Scan),
        _ => null,
    };

    /// <summary>The widest kernel at or under a cap.</summary>
    public static LiteralScanKernel Widest(SimdWidth cap) =>
        (cap >= SimdWidth.V512 ? Exactly(SimdWidth.V512) : null)
        ?? (cap >= SimdWidth.V256 ? Exactly(SimdWidth.V256) : null)
        ?? (cap >= SimdWidth.V128 ? Exactly(SimdWidth.V128) : null)
        ?? Exactly(SimdWidth.Scalar)!.Value;
}
