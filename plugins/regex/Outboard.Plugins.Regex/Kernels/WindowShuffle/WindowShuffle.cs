using Outboard.Plugins.Regex.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.WindowShuffle;

/// <summary>
/// The filter for few or short windows. Contract: from a position on, write every position at which some bucket of the tables allows
/// each byte of its window, and as few others as the form of the tables permits, in ascending order; stop when the list could
/// overflow. Bytes behind the end count as zero. The position is left where the next call goes on, and behind the last window when the
/// payload is done. Kernels may differ in the false candidates, never in the true ones.
/// </summary>
internal interface IWindowShuffle : ISimdKernel
{
    static abstract int Scan(ShuffleTables tables, ReadOnlySpan<byte> data, ref int position, Span<int> candidates);
}

/// <summary>A kernel chosen for a scanner.</summary>
internal readonly unsafe struct WindowShuffleKernel(
    delegate*<ShuffleTables, ReadOnlySpan<byte>, ref int, Span<int>, int> entry)
{
    /// <summary>Least size of the list that a kernel fills: it stops when fewer places than its step are left.</summary>
    public const int CandidatesMin = 64;

    private readonly delegate*<ShuffleTables, ReadOnlySpan<byte>, ref int, Span<int>, int> _entry = entry;

    public int Scan(ShuffleTables tables, ReadOnlySpan<byte> data, ref int position, Span<int> candidates) =>
        _entry(tables, data, ref position, candidates);
}

/// <summary>The kernels of this operation.</summary>
internal static class WindowShuffleTable
{
    /// <summary>The operation's name in the device report.</summary>
    public const string Operation = "literal-shuffle";

    /// <summary>The rows, widest first.</summary>
    public static KernelDescriptor[] Rows { get; } =
    [
        KernelDescriptor.Of<WindowShuffleVector512>(),
        KernelDescriptor.Of<WindowShuffleVector256>(),
        KernelDescriptor.Of<WindowShuffleVector128>(),
        KernelDescriptor.Of<WindowShuffleScalar>(),
    ];

    /// <summary>The kernel of a row.</summary>
    public static unsafe WindowShuffleKernel At(int row) => row switch
    {
        0 => new WindowShuffleKernel(&WindowShuffleVector512.Scan),
        1 => new WindowShuffleKernel(&WindowShuffleVector256.Scan),
        2 => new WindowShuffleKernel(&WindowShuffleVector128.Scan),
        _ => new WindowShuffleKernel(&WindowShuffleScalar.Scan),
    };
}
