using Outboard.Plugins.Regex.Kernels.ByteScan;
using Outboard.Plugins.Regex.Kernels.WindowHash;
using Outboard.Plugins.Regex.Kernels.WindowShuffle;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>The kernels that a device was opened with.</summary>
internal sealed class RegexKernels
{
    public required WindowShuffleKernel WindowShuffle { get; init; }

    public required WindowHashKernel WindowHash { get; init; }

    public required ByteScanKernel ByteScan { get; init; }

    /// <summary>Chooses each kernel, and says which and why.</summary>
    public static RegexKernels Choose(SimdSelector simd, out IReadOnlyList<KernelChoice> choices)
    {
        KernelChoice shuffle = simd.Choose(WindowShuffleTable.Operation, WindowShuffleTable.Rows, out int shuffleRow);
        KernelChoice hash = simd.Choose(WindowHashTable.Operation, WindowHashTable.Rows, out int hashRow);
        KernelChoice bytes = simd.Choose(ByteScanTable.Operation, ByteScanTable.Rows, out int byteRow);
        choices = [shuffle, hash, bytes, Automata, Backtracking];
        return new RegexKernels
        {
            WindowShuffle = WindowShuffleTable.At(shuffleRow),
            WindowHash = WindowHashTable.At(hashRow),
            ByteScan = ByteScanTable.At(byteRow),
        };
    }

    private static KernelChoice Automata => new(
        "automaton", SimdWidth.Scalar, "table-dfa-x4", "a table look-up a byte waits for the one before; four payloads go side by side instead");

    private static KernelChoice Backtracking => new(
        "backtracking", SimdWidth.Scalar, "bounded", "its steps depend on one another; runs of bytes use the byte scan");
}
