using System.Buffers.Binary;
using Outboard.Ml;

namespace Outboard.Sdk.Tests.Ml;

public sealed class MlConversionsTests
{
    [Theory]
    [InlineData(0.5f, MlRounding.HalfToEven, 0)]
    [InlineData(1.5f, MlRounding.HalfToEven, 2)]
    [InlineData(2.5f, MlRounding.HalfToEven, 2)]
    [InlineData(-2.5f, MlRounding.HalfToEven, -2)]
    [InlineData(0.5f, MlRounding.HalfAwayFromZero, 1)]
    [InlineData(2.5f, MlRounding.HalfAwayFromZero, 3)]
    [InlineData(-2.5f, MlRounding.HalfAwayFromZero, -3)]
    [InlineData(1000f, MlRounding.HalfToEven, 127)]
    [InlineData(-1000f, MlRounding.HalfToEven, -128)]
    [InlineData(float.PositiveInfinity, MlRounding.HalfToEven, 127)]
    [InlineData(float.NaN, MlRounding.HalfToEven, 0)]
    public void Int8RoundsAndSaturates(float value, MlRounding rounding, sbyte expected)
    {
        byte[] bytes = new byte[1];
        MlConversions.FromFloat([value], bytes, MlElementType.Int8, 1, 0, rounding);
        Assert.Equal(expected, (sbyte)bytes[0]);
    }

    [Theory]
    [InlineData(MlElementType.Int8)]
    [InlineData(MlElementType.UInt8)]
    [InlineData(MlElementType.Int16)]
    [InlineData(MlElementType.UInt16)]
    [InlineData(MlElementType.Int32)]
    [InlineData(MlElementType.UInt32)]
    [InlineData(MlElementType.Int64)]
    [InlineData(MlElementType.UInt64)]
    public void IntegersComeBackWithinHalfAStep(MlElementType type)
    {
        const float Scale = 0.25f;
        const long Zero = 10;
        float[] values = [.. Enumerable.Range(-8, 100).Select(i => i * 0.3f)];
        byte[] bytes = new byte[values.Length * type.ByteCount()];
        float[] back = new float[values.Length];
        MlConversions.FromFloat(values, bytes, type, Scale, Zero, MlRounding.HalfToEven);
        MlConversions.ToFloat(bytes, back, type, Scale, Zero);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.InRange(back[i], values[i] - (Scale / 2) - 1e-5f, values[i] + (Scale / 2) + 1e-5f);
        }
    }

    [Fact]
    public void BFloat16RoundsToEven()
    {
        byte[] bytes = new byte[2];
        (uint From, ushort To)[] cases =
            [(0x3F808000, 0x3F80), (0x3F818000, 0x3F82), (0x3F808001, 0x3F81), (0x7F7FFFFF, 0x7F80), (0x7FC00001, 0x7FC0)];
        foreach ((uint from, ushort to) in cases)
        {
            MlConversions.FromFloat(
                [BitConverter.UInt32BitsToSingle(from)], bytes, MlElementType.BFloat16, 1, 0, MlRounding.HalfToEven);
            Assert.Equal(to, BinaryPrimitives.ReadUInt16LittleEndian(bytes));
        }
    }

    [Fact]
    public void Float16FollowsIeee()
    {
        byte[] bytes = new byte[2];
        for (float value = -70000; value < 70000; value += 113.7f)
        {
            MlConversions.FromFloat([value], bytes, MlElementType.Float16, 1, 0, MlRounding.HalfToEven);
            Assert.Equal((Half)value, BinaryPrimitives.ReadHalfLittleEndian(bytes));
        }
    }

    [Fact]
    public void WrongArgumentsAreRefused()
    {
        Assert.Throws<ArgumentException>(() =>
            MlConversions.FromFloat([1, 2], new byte[7], MlElementType.Float32, 1, 0, MlRounding.HalfToEven));
        Assert.Throws<ArgumentException>(() =>
            MlConversions.FromFloat([1], new byte[4], MlElementType.Float32, 0, 0, MlRounding.HalfToEven));
        Assert.Throws<ArgumentException>(() =>
            MlConversions.ToFloat(new byte[1], new float[1], MlElementType.Float8E4M3, 1, 0));
    }
}
