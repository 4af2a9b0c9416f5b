using System.Runtime.InteropServices;
using Google.Protobuf;
using Outboard.Plugins.Ml.Onnx.Proto;

namespace Outboard.Benchmarks.OpenCL;

/// <summary>Writes a fully connected network: Gemm and Relu in turn, softmax at the end, weights from a fixed seed.</summary>
internal static class OnnxNetwork
{
    public static byte[] Of(int[] sizes)
    {
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = string.Join('-', sizes) } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 13 });
        model.Graph.Input.Add(Tensor("x", sizes[0]));
        var random = new Random(1);
        string last = "x";
        for (int i = 1; i < sizes.Length; i++)
        {
            Constant(model, random, $"w{i}", sizes[i - 1], sizes[i]);
            Constant(model, random, $"b{i}", 1, sizes[i]);
            Node(model, "Gemm", $"g{i}", last, $"w{i}", $"b{i}");
            last = $"g{i}";
            if (i < sizes.Length - 1)
            {
                Node(model, "Relu", $"r{i}", last);
                last = $"r{i}";
            }
        }

        Node(model, "Softmax", "y", last);
        model.Graph.Output.Add(Tensor("y", sizes[^1]));
        return model.ToByteArray();
    }

    private static void Node(ModelProto model, string type, string output, params string[] inputs)
    {
        var node = new NodeProto { OpType = type, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        model.Graph.Node.Add(node);
    }

    private static void Constant(ModelProto model, Random random, string name, int rows, int columns)
    {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() - 0.5f) / MathF.Sqrt(rows);
        }

        var tensor = new TensorProto
        {
            Name = name,
            DataType = 1,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())),
        };
        tensor.Dims.Add(rows);
        tensor.Dims.Add(columns);
        model.Graph.Initializer.Add(tensor);
    }

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
