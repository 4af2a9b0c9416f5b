using Outboard.Plugins.Ml.Graph;

namespace Outboard.Plugins.Ml.Plan;

/// <summary>
/// A model made ready for one set of kernels: steps in order, packed weights, and where every value lies. It does not change
/// once built, so any number of contexts may run it at once.
/// </summary>
/// <remarks>
/// Slots are numbered: graph inputs, graph outputs, then everything else. A slot of the arena has an offset instead of an
/// address; each context adds its own arena.
/// </remarks>
internal sealed unsafe class ExecutionPlan : IDisposable
{
    private readonly PlanMemory _memory;

    public ExecutionPlan(ModelGraph graph, PlanMemory memory)
    {
        Graph = graph;
        _memory = memory;
        InputBytes = [.. graph.Inputs.Select(v => v.ByteCount)];
        OutputBytes = [.. graph.Outputs.Select(v => v.ByteCount)];
    }

    public ModelGraph Graph { get; }

    public required PlanStep* Steps { get; init; }

    public required int StepCount { get; init; }

    /// <summary>One line for each step, for reports.</summary>
    public required IReadOnlyList<string> StepNames { get; init; }

    /// <summary>Addresses of constants, offsets in the arena, or 0 for inputs and outputs.</summary>
    public required nint[] Slots { get; init; }

    public required bool[] IsInArena { get; init; }

    /// <summary>Inferences that one run takes; more are run in several.</summary>
    public required int BatchMax { get; init; }

    /// <summary>Bytes of arena that a context needs.</summary>
    public required long ArenaBytes { get; init; }

    /// <summary>Bytes of each input and output for one inference.</summary>
    public int[] InputBytes { get; }

    public int[] OutputBytes { get; }

    /// <summary>Bytes of weights, constants and arguments.</summary>
    public long ByteCount => _memory.ByteCount;

    public void Dispose() => _memory.Dispose();
}
