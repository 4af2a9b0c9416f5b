using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Onnx;
using Outboard.Plugins.Ml.Onnx.Proto;
using Outboard.Plugins.Ml.Tests.Support;
using Outboard.Testing;

namespace Outboard.Plugins.Ml.Tests.Onnx;

/// <summary>The published ONNX cases beside the repository, where they are there.</summary>
public sealed class VectorTests(ITestOutputHelper output)
{
    [Theory]
    [MemberData(nameof(Widths.Bits), MemberType = typeof(Widths))]
    public void EveryLoadableCaseGivesThePublishedOutputs(int bits)
    {
        Assert.SkipUnless(SharedVectors.TryFind("mldev", out string root), SharedVectors.Reason("mldev"));
        var kernels = Widths.Kernels(bits);
        var refused = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var failures = new List<string>();
        int passed = 0;
        foreach (string file in Directory.EnumerateFiles(root, "model.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string folder = Path.GetDirectoryName(file)!, name = Path.GetRelativePath(root, folder);
            ModelGraph graph;
            try
            {
                graph = Inference.Import(File.ReadAllBytes(file));
                using var inference = new Inference(graph, kernels);
                foreach (string set in Directory.EnumerateDirectories(folder, "test_data_set_*").Order(StringComparer.Ordinal))
                {
                    if (Check(inference, graph, set) is { } failure)
                    {
                        failures.Add($"{name}/{Path.GetFileName(set)}: {failure}");
                    }
                    else
                    {
                        passed++;
                    }
                }
            }
            catch (ModelException e)
            {
                string reason = System.Text.RegularExpressions.Regex.Replace(e.Message, "^node '.*?' ", "");
                refused[reason] = refused.GetValueOrDefault(reason) + 1;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                failures.Add($"{name}: {e}");
            }
        }

        output.WriteLine($"{passed} passed, {refused.Values.Sum()} refused, {failures.Count} failed");
        foreach ((string reason, int count) in refused)
        {
            output.WriteLine($"{count} x {reason}");
        }

        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));
        Assert.True(passed > 100, $"only {passed} cases ran");
    }

    private static string? Check(Inference inference, ModelGraph graph, string set)
    {
        var inputs = new List<byte[]>();
        int batch = 1;
        for (int i = 0; i < graph.Inputs.Length; i++)
        {
            GraphValue tensor = Read(Path.Combine(set, $"input_{i}.pb"));
            GraphValue want = graph.Inputs[i];
            if (tensor.Type != want.Type || tensor.Constant!.Length % Math.Max(1, want.ByteCount) != 0)
            {
                return $"input {i} is {tensor}, the model wants {want}";
            }

            batch = graph.IsBatched ? tensor.Constant.Length / want.ByteCount : 1;
            inputs.Add(tensor.Constant);
        }

        byte[][] outputs = inference.Run([.. inputs], batch);
        for (int i = 0; i < outputs.Length; i++)
        {
            GraphValue expected = Read(Path.Combine(set, $"output_{i}.pb"));
            GraphValue got = graph.Outputs[i];
            if (expected.Type != got.Type || expected.Constant!.Length != outputs[i].Length)
            {
                return $"output {i}: expected {expected}, got {got} with {outputs[i].Length} bytes";
            }

            var actual = new GraphValue("actual", expected.Type, expected.Shape) { Constant = outputs[i] };
            double[] e = Numbers(expected), a = Numbers(actual);
            for (int j = 0; j < e.Length; j++)
            {
                if (!Close.Within(e[j], a[j], 1e-3, 1e-7))
                {
                    return $"output {i} element {j}: expected {e[j]:G9}, got {a[j]:G9}";
                }
            }
        }

        return null;
    }

    private static double[] Numbers(GraphValue v) => v.Type switch
    {
        ElementType.Float32 => [.. v.Elements<float>().ToArray().Select(x => (double)x)],
        ElementType.Float64 => v.Elements<double>().ToArray(),
        ElementType.Float16 => [.. v.Elements<Half>().ToArray().Select(x => (double)x)],
        ElementType.BFloat16 => [.. v.Elements<ushort>().ToArray().Select(x => (double)BitConverter.UInt32BitsToSingle((uint)x << 16))],
        ElementType.Int64 => [.. v.Elements<long>().ToArray().Select(x => (double)x)],
        ElementType.Int32 => [.. v.Elements<int>().ToArray().Select(x => (double)x)],
        ElementType.UInt32 => [.. v.Elements<uint>().ToArray().Select(x => (double)x)],
        ElementType.UInt64 => [.. v.Elements<ulong>().ToArray().Select(x => (double)x)],
        ElementType.Int16 => [.. v.Elements<short>().ToArray().Select(x => (double)x)],
        ElementType.UInt16 => [.. v.Elements<ushort>().ToArray().Select(x => (double)x)],
        ElementType.Int8 => [.. v.Elements<sbyte>().ToArray().Select(x => (double)x)],
        _ => [.. v.Constant!.Select(x => (double)x)],
    };

    private static GraphValue Read(string path) => OnnxTensor.Read(TensorProto.Parser.ParseFrom(File.ReadAllBytes(path)), path);
}
