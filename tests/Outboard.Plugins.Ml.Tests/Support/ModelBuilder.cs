using System.Runtime.InteropServices;
using Google.Protobuf;
using Outboard.Plugins.Ml.Onnx.Proto;

namespace Outboard.Plugins.Ml.Tests.Support;

/// <summary>Writes small ONNX models. The input is called x and, unless said otherwise, the output y.</summary>
internal sealed class ModelBuilder
{
    private int _names;

    public ModelBuilder(long opset = 13, long classicOpset = 3)
    {
        Model.IrVersion = 8;
        Model.Graph = new GraphProto { Name = "test" };
        Model.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
        Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = classicOpset });
    }

    public ModelProto Model { get; } = new();

    public GraphProto Graph => Model.Graph;

    public byte[] Bytes => Model.ToByteArray();

    public ModelBuilder Input(string name, int type, params object[] dims)
    {
        Graph.Input.Add(Info(name, type, dims));
        return this;
    }

    public ModelBuilder Output(string name, int type, params object[] dims)
    {
        Graph.Output.Add(Info(name, type, dims));
        return this;
    }

    public string Floats(float[] values, params long[] dims)
    {
        var tensor = new TensorProto { Name = "c" + _names++, DataType = 1, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };
        tensor.Dims.AddRange(dims);
        Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    public string Longs(params long[] values)
    {
        var tensor = new TensorProto { Name = "c" + _names++, DataType = 7 };
        tensor.Int64Data.AddRange(values);
        tensor.Dims.Add(values.Length);
        Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Adds a node with one output and returns its name.</summary>
    public string Node(string op, string[] inputs, string? output = null, params AttributeProto[] attributes) =>
        Node(op, "", inputs, [output ?? "t" + _names++], attributes).Output[0];

    public NodeProto Node(string op, string domain, string[] inputs, string[] outputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = op, Domain = domain, Name = op.ToLowerInvariant() + Graph.Node.Count };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes);
        Graph.Node.Add(node);
        return node;
    }

    public static AttributeProto A(string name, long value) =>
        new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto A(string name, float value) =>
        new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    public static AttributeProto A(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };

    public static AttributeProto A(string name, IEnumerable<long> values)
    {
        var a = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        a.Ints.AddRange(values);
        return a;
    }

    public static AttributeProto A(string name, IEnumerable<float> values)
    {
        var a = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Floats };
        a.Floats.AddRange(values);
        return a;
    }

    public static AttributeProto A(string name, IEnumerable<string> values)
    {
        var a = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Strings };
        a.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
        return a;
    }

    private static ValueInfoProto Info(string name, int type, object[] dims)
    {
        var shape = new TensorShapeProto();
        foreach (object d in dims)
        {
            shape.Dim.Add(d is string s
                ? new TensorShapeProto.Types.Dimension { DimParam = s }
                : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(d) });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type, Shape = shape } } };
    }
}
