using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Onnx.Proto;

namespace Outboard.Plugins.Ml.Onnx;

/// <summary>TensorProto to constant: checks the shape against the data and brings every encoding to plain little-endian bytes.</summary>
internal static class OnnxTensor
{
    public static GraphValue Read(TensorProto tensor, string name)
    {
        try
        {
            return Decode(tensor, name);
        }
        catch (ModelException e)
        {
            throw new ModelException($"tensor '{name}': {e.Message}");
        }
    }

    private static GraphValue Decode(TensorProto tensor, string name)
    {
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External || tensor.ExternalData.Count > 0)
        {
            throw new ModelException("its data is in an external file; only data inside the model is supported");
        }

        var type = (ElementType)tensor.DataType;
        int size = type.Size();
        if (size == 0)
        {
            throw new ModelException($"element type {type.Name()} is not supported");
        }

        if (tensor.Dims.Count > TensorShape.RankMax)
        {
            throw new ModelException($"rank {tensor.Dims.Count}; at most {TensorShape.RankMax} dimensions are supported");
        }

        TensorShape shape = TensorShape.Of(tensor.Dims.ToArray().AsSpan());
        long byteCount = (long)shape.ElementCount * size;
        if (tensor.RawData.Length > 0 || shape.ElementCount == 0)
        {
            if (tensor.RawData.Length != byteCount)
            {
                throw new ModelException($"{tensor.RawData.Length} bytes of data for {type.Name()}{shape}, which needs {byteCount}");
            }

            return new GraphValue(name, type, shape) { Constant = tensor.RawData.ToByteArray() };
        }

        int stored = type switch
        {
            ElementType.Float32 => tensor.FloatData.Count,
            ElementType.Float64 => tensor.DoubleData.Count,
            ElementType.Int64 => tensor.Int64Data.Count,
            ElementType.UInt32 or ElementType.UInt64 => tensor.Uint64Data.Count,
            _ => tensor.Int32Data.Count,
        };
        if (stored != shape.ElementCount)
        {
            throw new ModelException($"{stored} elements of data for {type.Name()}{shape}, which needs {shape.ElementCount}");
        }

        byte[] bytes = new byte[byteCount];
        switch (type)
        {
            case ElementType.Float32:
                tensor.FloatData.ToArray().AsSpan().CopyTo(MemoryMarshal.Cast<byte, float>(bytes.AsSpan()));
                break;
            case ElementType.Float64:
                tensor.DoubleData.ToArray().AsSpan().CopyTo(MemoryMarshal.Cast<byte, double>(bytes.AsSpan()));
                break;
            case ElementType.Int64:
                tensor.Int64Data.ToArray().AsSpan().CopyTo(MemoryMarshal.Cast<byte, long>(bytes.AsSpan()));
                break;
            case ElementType.UInt64:
                tensor.Uint64Data.ToArray().AsSpan().CopyTo(MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan()));
                break;
            case ElementType.UInt32:
                for (int i = 0; i < stored; i++)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), (uint)tensor.Uint64Data[i]);
                }

                break;
            default:
                for (int i = 0; i < stored; i++)
                {
                    int v = tensor.Int32Data[i];
                    switch (size)
                    {
                        case 1:
                            bytes[i] = (byte)v;
                            break;
                        case 2:
                            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), (short)v);
                            break;
                        default:
                            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), v);
                            break;
                    }
                }

                break;
        }

        return new GraphValue(name, type, shape) { Constant = bytes };
    }
}
