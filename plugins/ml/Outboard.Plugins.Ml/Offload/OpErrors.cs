using System.Runtime.CompilerServices;
using Outboard.Ml;

namespace Outboard.Plugins.Ml.Offload;

/// <summary>Why an op was refused: the codes, the checks that give them, and the words.</summary>
internal static class OpErrors
{
    public const uint NoModel = 1;
    public const uint NotStarted = 2;
    public const uint Batch = 3;
    public const uint InputCount = 4;
    public const uint InputLength = 5;
    public const uint OutputCount = 6;
    public const uint OutputLength = 7;

    /// <summary>Checks an op against its model: 0 when its buffers are all there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Check(MlOp op, LoadedModel model)
    {
        if (op.BatchCount == 0 || op.BatchCount > model.OpBatchMax)
        {
            return Batch;
        }

        if (model.IsPacked)
        {
            if (op.InputCount != 1 && !(op.InputCount == 0 && model.InputTotal == 0))
            {
                return InputCount;
            }

            if (model.InputTotal != 0 && OpBuffers.Length(in op.GetInput(0)) < model.InputTotal * op.BatchCount)
            {
                return InputLength;
            }

            if (op.OutputCount != 1 && !(op.OutputCount == 0 && model.OutputTotal == 0))
            {
                return OutputCount;
            }

            return model.OutputTotal != 0 && OpBuffers.Length(in op.GetOutput(0)) < model.OutputTotal * op.BatchCount
                ? OutputLength
                : 0;
        }

        return CheckSplit(op, model);
    }

    public static string Describe(MlOp op, LoadedModel? model)
    {
        if (model is null || op.ErrorCode == NoModel)
        {
            return $"model {op.ModelId} is not loaded";
        }

        string name = model.Info.Name;
        int batch = op.BatchCount;
        return op.ErrorCode switch
        {
            NotStarted => $"model {name} is not started",
            Batch => $"batch {batch} for model {name}; allowed are 1 to {model.OpBatchMax}",
            InputCount => $"{op.InputCount} input buffers for model {name}; {(model.IsPacked ? 1 : model.InputBytes.Length)} are needed",
            InputLength => $"an input buffer is too short for a batch of {batch} of model {name}: {Needed(model.InputBytes, batch, model.IsPacked)}",
            OutputCount => $"{op.OutputCount} output buffers for model {name}; {(model.IsPacked ? 1 : model.OutputBytes.Length)} are needed",
            OutputLength => $"an output buffer is too short for a batch of {batch} of model {name}: {Needed(model.OutputBytes, batch, model.IsPacked)}",
            _ => $"unknown error {op.ErrorCode}",
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint CheckSplit(MlOp op, LoadedModel model)
    {
        if (op.InputCount != model.InputBytes.Length)
        {
            return InputCount;
        }

        for (int i = 0; i < model.InputBytes.Length; i++)
        {
            if (model.InputBytes[i] != 0 && OpBuffers.Length(in op.GetInput(i)) < (long)model.InputBytes[i] * op.BatchCount)
            {
                return InputLength;
            }
        }

        if (op.OutputCount != model.OutputBytes.Length)
        {
            return OutputCount;
        }

        for (int i = 0; i < model.OutputBytes.Length; i++)
        {
            if (model.OutputBytes[i] != 0 && OpBuffers.Length(in op.GetOutput(i)) < (long)model.OutputBytes[i] * op.BatchCount)
            {
                return OutputLength;
            }
        }

        return 0;
    }

    private static string Needed(int[] bytes, int batch, bool packed) => packed
        ? $"{bytes.Sum(b => (long)b) * batch} bytes are needed"
        : $"{string.Join(", ", bytes.Select(b => (long)b * batch))} bytes are needed";
}
