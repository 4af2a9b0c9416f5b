using System.Buffers.Binary;
using System.Text;

namespace Outboard.Conformance;

/// <summary>Writes the few ONNX messages that a check's model needs; field numbers as in onnx.proto.</summary>
internal sealed class OnnxWriter
{
    private readonly MemoryStream _graph = new();

    public void AddNode(string type, string[] inputs, string output)
    {
        using var node = new MemoryStream();
        foreach (string input in inputs)
        {
            Bytes(node, 1, Encoding.UTF8.GetBytes(input));
        }

        Bytes(node, 2, Encoding.UTF8.GetBytes(output));
        Bytes(node, 3, Encoding.UTF8.GetBytes($"{type}_{output}"));
        Bytes(node, 4, Encoding.UTF8.GetBytes(type));
        Bytes(_graph, 1, node.ToArray());
    }

    public void AddInitializer(string name, int[] dims, float[] values)
    {
        using var tensor = new MemoryStream();
        foreach (int dim in dims)
        {
            Number(tensor, 1, (uint)dim);
        }

        Number(tensor, 2, 1);
        Bytes(tensor, 8, Encoding.UTF8.GetBytes(name));
        byte[] raw = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(i * 4), values[i]);
        }

        Bytes(tensor, 9, raw);
        Bytes(_graph, 5, tensor.ToArray());
    }

    public void AddInput(string name, int length) => Bytes(_graph, 11, Value(name, length));

    public void AddOutput(string name, int length) => Bytes(_graph, 12, Value(name, length));

    public byte[] ToModel(string name)
    {
        Bytes(_graph, 2, Encoding.UTF8.GetBytes(name));
        using var opset = new MemoryStream();
        Bytes(opset, 1, []);
        Number(opset, 2, 13);
        using var model = new MemoryStream();
        Number(model, 1, 8);
        Bytes(model, 2, "outboard"u8);
        Number(model, 5, 1);
        Bytes(model, 7, _graph.ToArray());
        Bytes(model, 8, opset.ToArray());
        return model.ToArray();
    }

    /// <summary>A float tensor of shape [N, length].</summary>
    private static byte[] Value(string name, int length)
    {
        using var batch = new MemoryStream();
        Bytes(batch, 2, "N"u8);
        using var size = new MemoryStream();
        Number(size, 1, (uint)length);
        using var shape = new MemoryStream();
        Bytes(shape, 1, batch.ToArray());
        Bytes(shape, 1, size.ToArray());
        using var tensor = new MemoryStream();
        Number(tensor, 1, 1);
        Bytes(tensor, 2, shape.ToArray());
        using var type = new MemoryStream();
        Bytes(type, 1, tensor.ToArray());
        using var value = new MemoryStream();
        Bytes(value, 1, Encoding.UTF8.GetBytes(name));
        Bytes(value, 2, type.ToArray());
        return value.ToArray();
    }

    private static void Number(MemoryStream stream, int field, uint value)
    {
        VarInt(stream, (uint)(field << 3));
        VarInt(stream, value);
    }

    private static void Bytes(MemoryStream stream, int field, ReadOnlySpan<byte> bytes)
    {
        VarInt(stream, (uint)(field << 3) | 2);
        VarInt(stream, (uint)bytes.Length);
        stream.Write(bytes);
    }

    private static void VarInt(MemoryStream stream, uint value)
    {
        while (value >= 0x80)
        {
            stream.WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        stream.WriteByte((byte)value);
    }
}
