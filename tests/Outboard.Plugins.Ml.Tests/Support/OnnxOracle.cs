using Microsoft.ML.OnnxRuntime;

namespace Outboard.Plugins.Ml.Tests.Support;

/// <summary>ONNX Runtime on one thread: the oracle that is not ours.</summary>
internal sealed class OnnxOracle : IDisposable
{
    private readonly InferenceSession _session;

    public OnnxOracle(byte[] model)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        _session = new InferenceSession(model, options);
    }

    public float[] Run(float[] input, long[] shape, string output = "y")
    {
        using OrtValue x = OrtValue.CreateTensorValueFromMemory(input, shape);
        using var run = new RunOptions();
        using var results = _session.Run(run, ["x"], [x], [output]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public long[] RunLabels(float[] input, long[] shape, string output)
    {
        using OrtValue x = OrtValue.CreateTensorValueFromMemory(input, shape);
        using var run = new RunOptions();
        using var results = _session.Run(run, ["x"], [x], [output]);
        return results[0].GetTensorDataAsSpan<long>().ToArray();
    }

    public void Dispose() => _session.Dispose();
}
