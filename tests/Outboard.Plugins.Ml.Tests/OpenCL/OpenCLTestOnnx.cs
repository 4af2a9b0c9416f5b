using System.Runtime.InteropServices;
using Google.Protobuf;
using Outboard.Plugins.Ml.Onnx.Proto;

namespace Outboard.Plugins.Ml.Tests.OpenCL;

/// <summary>Writes small ONNX models.</summary>
internal sealed class OpenCLTestOnnx
{
    private readonly ModelProto _model = new() { IrVersion = 8, Graph = new GraphProto { Name = "test" } };

    public OpenCLTestOnnx() => _model.OpsetImport.Add(new OperatorSetIdProto { Version = 13 });

    /// <summary>x [N, sizes[0]] through layers of Gemm and Relu to softmax.</summary>
    public static byte[] Mlp(params int[] sizes)
    {
        var onnx = new OpenCLTestOnnx();
        onnx.Input("x", sizes[0]);
        var random = new TestGraph(sizes[^1]);
        string last = "x";
        for (int i = 1; i < sizes.Length; i++)
        {
            int k = sizes[i - 1], n = sizes[i];
            onnx.Constant($"w{i}", random.Floats(k * n, 1 / MathF.Sqrt(k)), k, n);
            onnx.Constant($"b{i}", random.Floats(n), n);
            onnx.Node("Gemm", $"g{i}", last, $"w{i}", $"b{i}");
            last = $"g{i}";
            if (i < sizes.Length - 1)
            {
                onnx.Node("Relu", $"r{i}", last);
                last = $"r{i}";
            }
        }

        onnx.Node("Softmax", "y", last);
        return onnx.Output("y", sizes[^1]).ToBytes();
    }

    public OpenCLTestOnnx Input(string name, int length)
    {
        _model.Graph.Input.Add(Tensor(name, length));
        return this;
    }

    public OpenCLTestOnnx Output(string name, int length)
    {
        _model.Graph.Output.Add(Tensor(name, length));
        return this;
    }

    public OpenCLTestOnnx Constant(string name, float[] values, params int[] dims)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = 1,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())),
        };
        tensor.Dims.AddRange(dims.Select(static d => (long)d));
        _model.Graph.Initializer.Add(tensor);
        return this;
    }

    public OpenCLTestOnnx Node(string type, string output, params string[] inputs)
    {
        var node = new NodeProto { OpType = type, Name = $"{type.ToLowerInvariant()}_{output}" };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        _model.Graph.Node.Add(node);
        return this;
    }

    public byte[] ToBytes() => _model.ToByteArray();

    private static ValueInfoProto Tensor(string name, int length)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = length });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = shape } },
        };
    }
}
