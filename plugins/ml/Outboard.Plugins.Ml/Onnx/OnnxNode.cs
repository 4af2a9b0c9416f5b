using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Onnx.Proto;

namespace Outboard.Plugins.Ml.Onnx;

/// <summary>
/// One ONNX node while it is lowered: its inputs as values, its attributes by name and type, and where its outputs go.
/// Attributes that the lowering never asks for are refused afterwards, so that none is silently ignored.
/// </summary>
internal sealed class OnnxNode(NodeProto proto, string domain, long opset, GraphBuilder builder, Dictionary<string, GraphValue> values)
{
    private readonly HashSet<string> _read = [];

    public GraphBuilder Builder => builder;

    /// <summary>Set by a classifier whose labels are strings: output 0 holds positions in this list.</summary>
    public string[]? Labels { get; set; }

    public string Operator => proto.OpType;

    public long Opset => opset;

    public int InputCount => proto.Input.Count;

    public int OutputCount => proto.Output.Count;

    public string Description => Describe(proto, domain, opset);

    public static string Describe(NodeProto proto, string domain, long opset)
    {
        string name = proto.Name.Length > 0 ? proto.Name : proto.Output.Count > 0 ? proto.Output[0] : "unnamed";
        return $"node '{OnnxImporter.Printable(name)}' ({OnnxImporter.Printable(proto.OpType)}, {domain} opset {opset})";
    }

    public bool HasInput(int index) => index < proto.Input.Count && proto.Input[index].Length > 0;

    public GraphValue Input(int index) =>
        OptionalInput(index) ?? throw Refuse($"input {index} is missing");

    public GraphValue? OptionalInput(int index) =>
        HasInput(index) ? values[proto.Input[index]] : null;

    /// <summary>An input that must be of one of the given types.</summary>
    public GraphValue Input(int index, params ReadOnlySpan<ElementType> types)
    {
        GraphValue value = Input(index);
        if (!types.Contains(value.Type))
        {
            throw Refuse($"input {index} is {value.Type.Name()}; supported: {string.Join(", ", types.ToArray().Select(t => t.Name()))}");
        }

        return value;
    }

    public GraphValue FloatInput(int index) => Input(index, ElementType.Float32);

    /// <summary>The numbers of an integer input that must be known at load.</summary>
    public long[] ConstantIntegers(int index, string what)
    {
        GraphValue value = Input(index, ElementType.Int64, ElementType.Int32);
        if (!value.IsConstant)
        {
            throw Refuse($"input {index} ({what}) is computed at run time; it must be a constant");
        }

        if (value.Type == ElementType.Int64)
        {
            return value.Elements<long>().ToArray();
        }

        return [.. value.Elements<int>().ToArray().Select(v => (long)v)];
    }

    public GraphValue ConstantInput(int index, string what)
    {
        GraphValue value = Input(index);
        return value.IsConstant ? value : throw Refuse($"input {index} ({what}) is computed at run time; it must be a constant");
    }

    public void SetOutput(int index, GraphValue value)
    {
        if (index < proto.Output.Count && proto.Output[index].Length > 0)
        {
            if (!values.TryAdd(proto.Output[index], value))
            {
                throw Refuse($"output {index} has the name of an input or initializer");
            }
        }
    }

    public bool WantsOutput(int index) => index < proto.Output.Count && proto.Output[index].Length > 0;

    public string OutputName(int index) => proto.Output[index];

    public AttributeProto? Attribute(string name)
    {
        _read.Add(name);
        foreach (AttributeProto a in proto.Attribute)
        {
            if (a.Name == name)
            {
                if (a.RefAttrName.Length > 0)
                {
                    throw Refuse($"attribute '{name}' refers to a function's attribute, which only a function body may do");
                }

                return a;
            }
        }

        return null;
    }

    /// <summary>Names an attribute that has no influence on inference.</summary>
    public void Ignore(string name) => _read.Add(name);

    public float Float(string name, float otherwise) =>
        Attribute(name) is { } a ? Typed(a, AttributeProto.Types.AttributeType.Float).F : otherwise;

    public long Int(string name, long otherwise) =>
        Attribute(name) is { } a ? Typed(a, AttributeProto.Types.AttributeType.Int).I : otherwise;

    public bool Flag(string name, bool otherwise) => Int(name, otherwise ? 1 : 0) != 0;

    public string String(string name, string otherwise) =>
        Attribute(name) is { } a ? Typed(a, AttributeProto.Types.AttributeType.String).S.ToStringUtf8() : otherwise;

    public long[]? Ints(string name) =>
        Attribute(name) is { } a ? Typed(a, AttributeProto.Types.AttributeType.Ints).Ints.ToArray() : null;

    public float[]? Floats(string name) =>
        Attribute(name) is { } a ? Typed(a, AttributeProto.Types.AttributeType.Floats).Floats.ToArray() : null;

    public string[]? Strings(string name) =>
        Attribute(name) is { } a
            ? [.. Typed(a, AttributeProto.Types.AttributeType.Strings).Strings.Select(s => s.ToStringUtf8())]
            : null;

    public GraphValue? Tensor(string name) =>
        Attribute(name) is { } a
            ? OnnxTensor.Read(Typed(a, AttributeProto.Types.AttributeType.Tensor).T ?? throw Refuse($"attribute '{name}' is empty"), name)
            : null;

    /// <summary>An axis attribute or number: -rank to rank - 1, made non-negative.</summary>
    public int Axis(long axis, int rank)
    {
        if (axis < -rank || axis >= rank)
        {
            throw Refuse($"axis {axis} is outside -{rank} to {rank - 1}");
        }

        return (int)(axis < 0 ? axis + rank : axis);
    }

    public ModelException Refuse(string reason) => new($"{Description}: {reason}");

    /// <summary>Refuses attributes that nothing asked for.</summary>
    public void CheckAttributes()
    {
        foreach (AttributeProto a in proto.Attribute)
        {
            if (!_read.Contains(a.Name))
            {
                throw Refuse($"attribute '{OnnxImporter.Printable(a.Name)}' is not supported");
            }
        }
    }

    private AttributeProto Typed(AttributeProto a, AttributeProto.Types.AttributeType type) =>
        a.Type == type || a.Type == AttributeProto.Types.AttributeType.Undefined
            ? a
            : throw Refuse($"attribute '{a.Name}' is of type {a.Type}; it must be {type}");
}
