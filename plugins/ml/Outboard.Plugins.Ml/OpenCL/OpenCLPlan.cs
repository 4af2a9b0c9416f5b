using Outboard.Plugins.Ml.Graph;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>
/// A model as OpenCL runs it: a program's source, the launches of one batch, and the constants they read.
/// </summary>
/// <remarks>Made when the model is loaded; nothing in it changes later.</remarks>
internal sealed class OpenCLPlan
{
    /// <summary>OpenCL C; one kernel for each step, with sizes and activations written into it.</summary>
    public required string Source { get; init; }

    /// <summary>The launches, in order.</summary>
    public required OpenCLStep[] Steps { get; init; }

    /// <summary>Bytes of each constant.</summary>
    public required byte[][] Constants { get; init; }

    /// <summary>Elements that one inference adds to each scratch buffer.</summary>
    public required int[] ScratchElements { get; init; }

    /// <summary>Elements that one inference adds to each input.</summary>
    public required int[] InputElements { get; init; }

    /// <summary>Elements that one inference adds to each output.</summary>
    public required int[] OutputElements { get; init; }

    /// <summary>True when many inferences can run as one batch.</summary>
    public required bool IsBatched { get; init; }

    /// <summary>
    /// Elements of the largest tensor for one inference: bounds the batch, since kernels count in 32 bits.
    /// </summary>
    public int ElementsMax => InputElements.Concat(OutputElements).Concat(ScratchElements).Max();

    /// <summary>Plans a model, or refuses it naming the first operator that has no kernel here.</summary>
    /// <exception cref="ModelException">An operation, a type or a shape that this backend has no kernel
    /// for.</exception>
    public static OpenCLPlan Of(ModelGraph graph, bool usesLocalMemory, int workGroupSizeMax) =>
        new OpenCLPlanner(graph, usesLocalMemory, workGroupSizeMax).Plan();
}
