using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.WindowHash;

/// <summary>
/// The filter for many windows. Contract: from a position on, test every position that is a multiple of the stride (1, 2 or 4) against the
/// bitmap of the table and write those that pass, in ascending order; stop when the list could overflow. The position is left
/// where the next call goes on, and behind the last window when the payload is done. Every kernel writes the same.
/// </summary>
internal interface IWindowHash : ISimdKernel
{
    static abstract int Scan(
        WindowTable table, int stride, ReadOnlySpan<byte> data, ref int position, Span<int> candidates);
}

/// <summary>A kernel chosen for a scanner.</summary>
internal readonly unsafe struct WindowHashKernel(
    delegate*<WindowTable, int, ReadOnlySpan<byte>, ref int, Span<int>, int> entry)
{
    /// <summary>Least size of the list that a kernel fills: it stops when fewer places than its step are left.</summary>
    public const int CandidatesMin = 64;

    private readonly delegate*<WindowTable, int, ReadOnlySpan<byte>, ref int, Span<int>, int> _entry = entry;

    public int Scan(
        WindowTable table, int stride, ReadOnlySpan<byte> data, ref int position, Span<int> candidates) =>
        _entry(table, stride, data, ref position, candidates);
}

/// <summary>The kernels of this operation.</summary>
internal static class WindowHashTable
{
    /// <summary>The operation's name in the device report.</summary>
    public const string Operation = "literal-hash";

    /// <summary>The rows, widest first.</summary>
    public static KernelDescriptor[] Rows { get; } =
    [
        KernelDescriptor.Of<WindowHashVector512>(),
        KernelDescriptor.Of<WindowHashVector256>(),
        KernelDescriptor.Of<WindowHashVector128>(),
        KernelDescriptor.Of<WindowHashScalar>(),
    ];

    /// <summary>The kernel of a row.</summary>
    public static unsafe WindowHashKernel At(int row) => row switch
    {
        0 => new WindowHashKernel(&WindowHashVector512.Scan),
        1 => new WindowHashKernel(&WindowHashVector256.Scan),
        2 => new WindowHashKernel(&WindowHashVector128.Scan),
        _ => new WindowHashKernel(&WindowHashScalar.Scan),
    };
}
