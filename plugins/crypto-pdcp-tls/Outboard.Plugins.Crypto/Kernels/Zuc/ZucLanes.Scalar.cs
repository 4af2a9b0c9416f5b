using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>One lane in general-purpose registers. S-boxes are shifts of constants in registers: no branch and no address depends on a secret.</summary>
internal unsafe struct ZucScalar : IZucLanes<uint>
{
    // S0's 4-bit boxes, sixteen nibbles in a word, the entry of 0 lowest.
    private static readonly ulong s_p1 = Pack(ZucTables.P1);
    private static readonly ulong s_p2 = Pack(ZucTables.P2);
    private static readonly ulong s_p3 = Pack(ZucTables.P3);

    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "shifts";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    public static int Count => 1;

    public static uint All(uint word) => word;

    public static uint Add(uint a, uint b) => a + b;

    public static uint Subtract(uint a, uint b) => a - b;

    // Math.Min may branch: the borrow of a - b makes the mask.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Min(uint a, uint b) => b ^ ((a ^ b) & (uint)((long)((ulong)a - b) >> 63));

    public static uint And(uint a, uint b) => a & b;

    public static uint Xor(uint a, uint b) => a ^ b;

    public static uint Xor(uint a, uint b, uint c) => a ^ b ^ c;

    public static uint OrAnd(uint a, uint b, uint mask) => (a | b) & mask;

    public static uint Select(uint mask, uint a, uint b) => ((a ^ b) & mask) ^ b;

    public static uint ShiftLeft(uint a, int count) => a << count;

    public static uint ShiftRight(uint a, int count) => a >> count;

    public static uint RotateLeft(uint a, [ConstantExpected] byte count) => BitOperations.RotateLeft(a, count);

    public static void Substitute(ref uint r1, ref uint r2)
    {
        r1 = Substitute(r1);
        r2 = Substitute(r2);
    }

    private static uint Substitute(uint x) =>
        (S0(x >> 24) << 24) | (S1((x >> 16) & 0xFF) << 16) | (S0((x >> 8) & 0xFF) << 8) | S1(x & 0xFF);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint S0(uint x)
    {
        uint low = x & 15, high = x >> 4;
        high ^= (uint)(s_p1 >> (int)(low * 4)) & 15;
        low ^= (uint)(s_p2 >> (int)(high * 4)) & 15;
        high ^= (uint)(s_p3 >> (int)(low * 4)) & 15;
        uint y = (high << 4) | low;
        return ((y << 5) | (y >> 3)) & 0xFF;
    }

    // Eight truth tables of four words: the two upper bits choose the word by masks, the six lower ones the bit by a shift.
    private static uint S1(uint x)
    {
        ulong upper = (ulong)-(long)(x >> 7), lower = (ulong)-(long)((x >> 6) & 1);
        uint result = 0;
        ref ulong table = ref ZucTables.S1Bits[0];
        for (int output = 0; output < 32; output += 4)
        {
            ref ulong words = ref Unsafe.Add(ref table, output);
            ulong first = words ^ ((words ^ Unsafe.Add(ref words, 1)) & lower);
            ulong second = Unsafe.Add(ref words, 2) ^ ((Unsafe.Add(ref words, 2) ^ Unsafe.Add(ref words, 3)) & lower);
            ulong word = first ^ ((first ^ second) & upper);
            result |= (uint)((word >> (int)(x & 63)) & 1) << (output / 4);
        }

        return result;
    }

    public static void Transpose(uint* source, int sourceStride, uint* target, int targetStride) => *target = *source;

    public static void XorBlock(byte* source, uint* words, byte* target)
    {
        for (int i = 0; i < 64; i += 4)
        {
            Unsafe.WriteUnaligned(target + i, Unsafe.ReadUnaligned<uint>(source + i) ^ BinaryPrimitives.ReverseEndianness(words[i / 4]));
        }
    }

    public static void Digest(byte* message, uint* words, byte* sum)
    {
        uint total = 0;
        for (int i = 0; i < 16; i++)
        {
            uint bits = BinaryPrimitives.ReadUInt32BigEndian(new ReadOnlySpan<byte>(message + (4 * i), 4));
            ulong window = ((ulong)words[i] << 32) | words[i + 1];
            for (int bit = 0; bit < 32; bit++)
            {
                total ^= (uint)(window >> 32) & (uint)((int)bits >> 31);
                bits <<= 1;
                window <<= 1;
            }
        }

        ((uint*)sum)[1] ^= total;
    }

    private static ulong Pack(ReadOnlySpan<byte> box)
    {
        ulong packed = 0;
        for (int i = 0; i < 16; i++)
        {
            packed |= (ulong)box[i] << (4 * i);
        }

        return packed;
    }
}
