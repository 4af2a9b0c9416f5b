using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Ml.Graph;

namespace Outboard.Plugins.Ml.Plan;

/// <summary>Runs one operation on its constants with the scalar kernels, at load.</summary>
internal sealed unsafe class ConstantEvaluator : IConstantEvaluator
{
    public static ConstantEvaluator Instance { get; } = new();

    public byte[][] Evaluate(Operation operation)
    {
        foreach (GraphValue output in operation.Outputs)
        {
            output.Producer = operation;
        }

        var graph = new ModelGraph
        {
            Name = operation.Kind,
            Producer = "",
            Version = 0,
            Inputs = [],
            Outputs = operation.Outputs,
            Operations = [operation],
            IsBatched = false,
            Labels = new Dictionary<string, string[]>(),
        };
        using ExecutionPlan plan = PlanBuilder.Build(graph, KernelSet.Scalar, 1);
        using var context = new PlanContext(plan);
        byte[][] results = new byte[operation.Outputs.Length][];
        nint* outputs = stackalloc nint[results.Length];
        for (int i = 0; i < results.Length; i++)
        {
            // Pinned for the length of the run; an empty tensor still needs an address.
            results[i] = GC.AllocateUninitializedArray<byte>(Math.Max(1, plan.OutputBytes[i]), pinned: true);
            outputs[i] = (nint)Unsafe.AsPointer(
                ref MemoryMarshal.GetArrayDataReference(results[i]));
        }

        context.Run(null, (byte**)outputs, 1);
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = results[i][..plan.OutputBytes[i]];
        }

        return results;
    }
}
