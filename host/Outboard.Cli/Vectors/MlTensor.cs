using System.Buffers.Binary;
using Outboard.Ml;

namespace Outboard.Cli.Vectors;

/// <summary>A tensor of a .pb file: ONNX's TensorProto, read from its wire form.</summary>
/// <param name="Type">The type of its elements, or null for one that no ml device takes.</param>
/// <param name="Dims">Its dimensions.</param>
/// <param name="Data">Its elements, little-endian.</param>
internal sealed record MlTensor(MlElementType? Type, IReadOnlyList<long> Dims, byte[] Data)
{
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">Not a TensorProto.</exception>
    public static MlTensor Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"{path}: not a tensor: {e.Message}", e);
        }
    }

    /// <summary>The elements as double, which holds every type here but large 64-bit integers exactly.</summary>
    public double[] ToNumbers()
    {
        MlElementType type = Type ?? throw new InvalidOperationException("The tensor has no element type.");
        int size = type.ByteCount();
        double[] numbers = new double[Data.Length / size];
        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<byte> e = Data.AsSpan(i * size, size);
            numbers[i] = type switch
            {
                MlElementType.Int8 => (sbyte)e[0],
                MlElementType.UInt8 or MlElementType.Bool => e[0],
                MlElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(e),
                MlElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(e),
                MlElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(e),
                MlElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(e),
                MlElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(e),
                MlElementType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(e),
                MlElementType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(e),
                MlElementType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(e) << 16),
                MlElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(e),
                _ => BinaryPrimitives.ReadDoubleLittleEndian(e),
            };
        }

        return numbers;
    }

    private static MlTensor Parse(ReadOnlySpan<byte> wire)
    {
        var dims = new List<ulong>();
        var integers = new List<ulong>();
        byte[] raw = [], floats = [], doubles = [];
        int code = 0;
        while (!wire.IsEmpty)
        {
            ulong tag = ReadVarint(ref wire);
            int field = (int)(tag >> 3), kind = (int)(tag & 7);
            ulong number = kind == Varint ? ReadVarint(ref wire) : 0;
            ReadOnlySpan<byte> payload = kind switch
            {
                Bytes => Take(ref wire, checked((int)Math.Min(ReadVarint(ref wire), int.MaxValue))),
                Fixed32 => Take(ref wire, 4),
                Fixed64 => Take(ref wire, 8),
                Varint => [],
                _ => throw new ArgumentException($"wire type {kind}"),
            };
            switch (field)
            {
                case 1:
                    AddIntegers(kind, number, payload, dims);
                    break;
                case 2:
                    code = (int)number;
                    break;
                case 4:
                    floats = [.. floats, .. payload];
                    break;
                case 5 or 7 or 11:
                    AddIntegers(kind, number, payload, integers);
                    break;
                case 9:
                    raw = payload.ToArray();
                    break;
                case 10:
                    doubles = [.. doubles, .. payload];
                    break;
            }
        }

        MlElementType? type = TypeOf(code);
        byte[] data = raw.Length > 0 ? raw : floats.Length > 0 ? floats : doubles.Length > 0 ? doubles : Narrow(integers, type);
        return new MlTensor(type, [.. dims.Select(d => (long)d)], data);
    }

    /// <summary>A repeated number comes one by one or packed into one payload.</summary>
    private static void AddIntegers(int kind, ulong number, ReadOnlySpan<byte> payload, List<ulong> integers)
    {
        if (kind == Varint)
        {
            integers.Add(number);
        }

        while (!payload.IsEmpty)
        {
            integers.Add(ReadVarint(ref payload));
        }
    }

    private static byte[] Narrow(List<ulong> integers, MlElementType? type)
    {
        int size = type?.ByteCount() ?? 0;
        byte[] data = new byte[integers.Count * size];
        Span<byte> wide = stackalloc byte[8];
        for (int i = 0; i < integers.Count && size > 0; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(wide, integers[i]);
            wide[..size].CopyTo(data.AsSpan(i * size));
        }

        return data;
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> wire)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = Take(ref wire, 1)[0];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw new ArgumentException("a number of more than 10 bytes");
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> wire, int count)
    {
        if (count > wire.Length)
        {
            throw new ArgumentException("it ends early");
        }

        ReadOnlySpan<byte> taken = wire[..count];
        wire = wire[count..];
        return taken;
    }

    private static MlElementType? TypeOf(int code) => code switch
    {
        1 => MlElementType.Float32,
        2 => MlElementType.UInt8,
        3 => MlElementType.Int8,
        4 => MlElementType.UInt16,
        5 => MlElementType.Int16,
        6 => MlElementType.Int32,
        7 => MlElementType.Int64,
        9 => MlElementType.Bool,
        10 => MlElementType.Float16,
        11 => MlElementType.Float64,
        12 => MlElementType.UInt32,
        13 => MlElementType.UInt64,
        16 => MlElementType.BFloat16,
        _ => null,
    };
}
