using Outboard.OpenCL;
using Outboard.Plugins.Ml.Graph;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>A started model on a device: its program is built and its weights are resident.</summary>
internal sealed class OpenCLModel : IDisposable
{
    private readonly OpenCLBuffer[] _constants;

    /// <param name="context">The device's context.</param>
    /// <param name="queue">Takes the weights to the device.</param>
    /// <param name="plan">The model.</param>
    /// <param name="cache">Where built programs are kept.</param>
    /// <exception cref="OpenCLException">The device refused the program or a buffer.</exception>
    public OpenCLModel(OpenCLContext context, OpenCLQueue queue, OpenCLPlan plan, OpenCLProgramCache cache)
    {
        Context = context;
        Plan = plan;
        Program = context.BuildProgram(plan.Source, "", cache);
        _constants = new OpenCLBuffer[plan.Constants.Length];
        try
        {
            for (int i = 0; i < _constants.Length; i++)
            {
                _constants[i] = context.CreateBuffer((nuint)plan.Constants[i].Length, OpenCLAccess.Read);
                queue.Write(_constants[i], 0, plan.Constants[i]);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public OpenCLContext Context { get; }

    public OpenCLPlan Plan { get; }

    public OpenCLProgram Program { get; }

    public OpenCLBuffer Constant(int index) => _constants[index];

    /// <summary>
    /// The largest batch whose elements and rows kernels can count in 32 bits, at most what was asked for.
    /// </summary>
    /// <exception cref="ModelException">Not even one inference fits.</exception>
    public static int BatchMaxOf(OpenCLPlan plan, int wanted)
    {
        // TensorShape.ElementsMax keeps one inference far below; a staging slot holds all inputs and outputs.
        long perInference = plan.InputElements.Sum(static n => (long)n) + plan.OutputElements.Sum(static n => (long)n);
        long batchMax = int.MaxValue / 2 / Math.Max(perInference * OpenCLLane.SlotCount, plan.ElementsMax);
        if (batchMax == 0)
        {
            throw new ModelException($"one inference of {perInference} input and output elements is too large");
        }

        return plan.IsBatched ? (int)Math.Min(wanted, batchMax) : 1;
    }

    public void Dispose()
    {
        foreach (OpenCLBuffer? constant in _constants)
        {
            constant?.Dispose();
        }

        Program.Dispose();
    }
}
