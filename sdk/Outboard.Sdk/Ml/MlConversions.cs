using System.Buffers.Binary;

namespace Outboard.Ml;

/// <summary>Conversions between 32-bit floats and the other element types.</summary>
/// <remarks>
/// quantized = round(value / scale) + zero point, saturated to the type; value = (quantized - zero point) * scale.
/// A NaN becomes the zero point in an integer type.
/// <para><i>Source</i>: ONNX QuantizeLinear and DequantizeLinear; mldev's conversion routines.</para>
/// </remarks>
public static class MlConversions
{
    /// <summary>Turns floats into another type.</summary>
    /// <param name="values">The values.</param>
    /// <param name="destination">Where to: <c>values.Length</c> little-endian elements.</param>
    /// <param name="type">The type to turn into.</param>
    /// <param name="scale">The scale; positive.</param>
    /// <param name="zeroPoint">The zero point; integer types only.</param>
    /// <param name="rounding">How half-way values are rounded.</param>
    /// <exception cref="ArgumentException">The destination is too short, the scale is not positive, or the type is not offered.</exception>
    public static void FromFloat(
        ReadOnlySpan<float> values, Span<byte> destination, MlElementType type, float scale, long zeroPoint, MlRounding rounding)
    {
        Check(values.Length, destination.Length, type, scale);
        MidpointRounding midpoint =
            rounding == MlRounding.HalfToEven ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero;
        int size = type.ByteCount();
        for (int i = 0; i < values.Length; i++)
        {
            Span<byte> element = destination[(i * size)..];
            float scaled = values[i] / scale;
            switch (type)
            {
                case MlElementType.Int8:
                    element[0] = (byte)(sbyte)Quantize(scaled, zeroPoint, midpoint, sbyte.MinValue, sbyte.MaxValue);
                    break;
                case MlElementType.UInt8:
                    element[0] = (byte)Quantize(scaled, zeroPoint, midpoint, byte.MinValue, byte.MaxValue);
                    break;
                case MlElementType.Int16:
                    BinaryPrimitives.WriteInt16LittleEndian(
                        element, (short)Quantize(scaled, zeroPoint, midpoint, short.MinValue, short.MaxValue));
                    break;
                case MlElementType.UInt16:
                    BinaryPrimitives.WriteUInt16LittleEndian(
                        element, (ushort)Quantize(scaled, zeroPoint, midpoint, ushort.MinValue, ushort.MaxValue));
                    break;
                case MlElementType.Int32:
                    BinaryPrimitives.WriteInt32LittleEndian(
                        element, (int)Quantize(scaled, zeroPoint, midpoint, int.MinValue, int.MaxValue));
                    break;
                case MlElementType.UInt32:
                    BinaryPrimitives.WriteUInt32LittleEndian(
                        element, (uint)Quantize(scaled, zeroPoint, midpoint, uint.MinValue, uint.MaxValue));
                    break;
                case MlElementType.Int64:
                    BinaryPrimitives.WriteInt64LittleEndian(
                        element, Quantize(scaled, zeroPoint, midpoint, long.MinValue, long.MaxValue));
                    break;
                case MlElementType.UInt64:
                    BinaryPrimitives.WriteUInt64LittleEndian(element, QuantizeUInt64(scaled, zeroPoint, midpoint));
                    break;
                case MlElementType.Float16:
                    BinaryPrimitives.WriteHalfLittleEndian(element, (Half)scaled);
                    break;
                case MlElementType.BFloat16:
                    BinaryPrimitives.WriteUInt16LittleEndian(element, ToBFloat16(scaled));
                    break;
                case MlElementType.Float32:
                    BinaryPrimitives.WriteSingleLittleEndian(element, scaled);
                    break;
                case MlElementType.Float64:
                    BinaryPrimitives.WriteDoubleLittleEndian(element, scaled);
                    break;
                default:
                    throw new ArgumentException($"There is no conversion from float to {type}.", nameof(type));
            }
        }
    }

    /// <summary>Turns another type into floats.</summary>
    /// <param name="source">Little-endian elements.</param>
    /// <param name="values">Where to; as many as are wanted.</param>
    /// <param name="type">The type to turn from.</param>
    /// <param name="scale">The scale; positive.</param>
    /// <param name="zeroPoint">The zero point; integer types only.</param>
    /// <exception cref="ArgumentException">The source is too short, the scale is not positive, or the type is not offered.</exception>
    public static void ToFloat(
        ReadOnlySpan<byte> source, Span<float> values, MlElementType type, float scale, long zeroPoint)
    {
        Check(values.Length, source.Length, type, scale);
        int size = type.ByteCount();
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> element = source[(i * size)..];
            values[i] = scale * type switch
            {
                MlElementType.Int8 => (sbyte)element[0] - zeroPoint,
                MlElementType.UInt8 or MlElementType.Bool => element[0] - zeroPoint,
                MlElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(element) - zeroPoint,
                MlElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(element) - zeroPoint,
                MlElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(element) - zeroPoint,
                MlElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(element) - zeroPoint,
                MlElementType.Int64 => (float)((Int128)BinaryPrimitives.ReadInt64LittleEndian(element) - zeroPoint),
                MlElementType.UInt64 => (float)((Int128)BinaryPrimitives.ReadUInt64LittleEndian(element) - zeroPoint),
                MlElementType.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(element),
                MlElementType.BFloat16 =>
                    BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(element) << 16),
                MlElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(element),
                MlElementType.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(element),
                _ => throw new ArgumentException($"There is no conversion from {type} to float.", nameof(type)),
            };
        }
    }

    private static void Check(int count, int byteCount, MlElementType type, float scale)
    {
        if ((long)count * type.ByteCount() > byteCount)
        {
            throw new ArgumentException($"{count} elements of {type} need {(long)count * type.ByteCount()} bytes, not {byteCount}.");
        }

        if (!(scale > 0) || float.IsInfinity(scale))
        {
            throw new ArgumentException($"A scale is positive and finite, not {scale}.", nameof(scale));
        }
    }

    private static long Quantize(float scaled, long zeroPoint, MidpointRounding rounding, long minimum, long maximum)
    {
        if (float.IsNaN(scaled))
        {
            return Math.Clamp(zeroPoint, minimum, maximum);
        }

        // A float beyond long saturates before the zero point is added; Int128 keeps the sum from wrapping.
        Int128 rounded = (Int128)Math.Round(Math.Clamp((double)scaled, -1e25, 1e25), rounding) + zeroPoint;
        return (long)(rounded < minimum ? minimum : rounded > maximum ? maximum : rounded);
    }

    private static ulong QuantizeUInt64(float scaled, long zeroPoint, MidpointRounding rounding)
    {
        if (float.IsNaN(scaled))
        {
            return (ulong)Math.Max(zeroPoint, 0);
        }

        Int128 rounded = (Int128)Math.Round(Math.Clamp((double)scaled, -1e25, 1e25), rounding) + zeroPoint;
        return (ulong)(rounded < 0 ? 0 : rounded > ulong.MaxValue ? ulong.MaxValue : rounded);
    }

    /// <summary>Rounds to nearest, ties to even; a NaN stays one.</summary>
    private static ushort ToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value)
            ? (ushort)((bits >> 16) | 0x40)
            : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
