using Outboard.Ml;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>A loaded model: its entry in the driver's table.</summary>
internal sealed class OpenCLMlModel(OpenCLPlan plan, MlModelInfo info)
{
    private volatile bool _isStarted;

    public OpenCLPlan Plan { get; } = plan;

    public MlModelInfo Info { get; } = info;

    /// <summary>Program and weights, from the first start to the unload.</summary>
    public OpenCLModel? Device { get; set; }

    public bool IsStarted
    {
        get => _isStarted;
        set => _isStarted = value;
    }

    /// <summary>Bytes of an op's inputs for one inference.</summary>
    public int InputByteCount { get; } = plan.InputElements.Sum() * sizeof(float);

    /// <summary>Bytes of an op's outputs for one inference.</summary>
    public int OutputByteCount { get; } = plan.OutputElements.Sum() * sizeof(float);
}
