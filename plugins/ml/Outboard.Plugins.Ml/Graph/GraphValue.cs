using System.Runtime.InteropServices;

namespace Outboard.Plugins.Ml.Graph;

/// <summary>
/// One tensor of the graph, assigned once. It is either a constant, a graph input, a view of another value (the same
/// bytes under another shape), or the output of one operation.
/// </summary>
internal sealed class GraphValue(string name, ElementType type, TensorShape shape)
{
    public string Name { get; } = name;

    public ElementType Type { get; } = type;

    public TensorShape Shape { get; } = shape;

    /// <summary>Little-endian elements of a constant; null for what is computed at run time.</summary>
    public byte[]? Constant { get; init; }

    /// <summary>The value whose bytes this one shows under another shape.</summary>
    public GraphValue? ViewOf { get; init; }

    /// <summary>The operation that computes it; null for inputs, constants and views.</summary>
    public Operation? Producer { get; set; }

    public bool IsConstant => Constant is not null;

    /// <summary>Bytes that one inference adds.</summary>
    public int ByteCount => Shape.ElementCount * Type.Size();

    /// <summary>What really holds the bytes: follows views.</summary>
    public GraphValue Storage
    {
        get
        {
            GraphValue v = this;
            while (v.ViewOf is not null)
            {
                v = v.ViewOf;
            }

            return v;
        }
    }

    public ReadOnlySpan<T> Elements<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Constant);

    public static GraphValue FromElements<T>(string name, ElementType type, TensorShape shape, ReadOnlySpan<T> elements)
        where T : unmanaged =>
        new(name, type, shape) { Constant = MemoryMarshal.AsBytes(elements).ToArray() };

    public override string ToString() => $"{Name}: {Type.Name()}{Shape}";
}
