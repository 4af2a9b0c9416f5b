using Outboard.Ml;

namespace Outboard.Cli.Vectors;

/// <summary>ONNX backend cases through <c>ml_simd</c>: a model.onnx with test_data_set_K folders of inputs and outputs beside it.</summary>
/// <remarks>Each data set is a case. A model that the device refuses is skipped, with the operator and the reason.</remarks>
internal sealed class MlVectors : IVectorRunner
{
    private const string DataSets = "test_data_set_*";

    /// <inheritdoc/>
    public string Name => "ml";

    /// <inheritdoc/>
    public bool Recognizes(VectorFile file) =>
        file.FileName.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
        && Path.GetDirectoryName(file.Path) is { } folder
        && Directory.EnumerateDirectories(folder, DataSets).Any();

    /// <inheritdoc/>
    public void Run(VectorFile file, VectorContext context)
    {
        byte[] onnx = File.ReadAllBytes(file.Path);
        string[] sets = [.. Directory.EnumerateDirectories(Path.GetDirectoryName(file.Path)!, DataSets).Order(StringComparer.Ordinal)];
        foreach (int width in context.Widths)
        {
            using MlDevice device = context.Host.OpenMl($"ml_simd0,max_simd={width}");
            device.Configure(new MlConfiguration());
            MlModel model;
            try
            {
                model = device.LoadModel(onnx, new MlModelOptions { Layout = MlIoLayout.Split });
            }
            catch (MlModelException e)
            {
                context.Report.Skip(Reason(e.Message), sets.Length);
                continue;
            }

            device.Start();
            device.StartModel(model);
            foreach (string set in sets)
            {
                Report(context.Report, MlCaseRunner.Run(device, model, set), file.Shown, Path.GetFileName(set), width);
            }
        }
    }

    private static void Report(VectorReport report, MlOutcome outcome, string file, string id, int width)
    {
        if (outcome.Skipped is { } reason)
        {
            report.Skip(reason);
        }
        else if (outcome.Failed is { } detail)
        {
            report.Fail(file, id, width, detail);
        }
        else
        {
            report.Pass();
        }
    }

    /// <summary>The refusal without what differs from model to model: "(Conv, ai.onnx opset 22): the operator is not supported".</summary>
    private static string Reason(string message)
    {
        const string Refused = "is refused: ", Node = "node '";
        int at = message.IndexOf(Refused, StringComparison.Ordinal);
        string reason = at < 0 ? message : message[(at + Refused.Length)..];
        int open = reason.StartsWith(Node, StringComparison.Ordinal) ? reason.IndexOf("' (", StringComparison.Ordinal) : -1;
        return open < 0 ? reason : reason[(open + 2)..];
    }
}
