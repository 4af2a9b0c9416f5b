using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>Two lanes in a 64-bit word: eight bytes side by side, S-boxes by the arithmetic that defines them.</summary>
/// <remarks>
/// TS 35.216 defines S1 by inversion, x^254, and S_Q by the Dickson polynomial g49 = g7 of g7. A linear map adds up columns, a product
/// adds up multiples; both go through all eight bits whatever they are.
/// </remarks>
internal unsafe struct Snow3gScalar : ISnow3gLanes<ulong>
{
    private const ulong Ones = 0x0101010101010101;
    private const ulong TopBits = 0x8000000080000000;
    private const ulong LaneOnes = 0x0000000100000001;

    private static readonly ulong s_aesSquare = Powers(2, Snow3gField.AesPolynomial);
    private static readonly ulong s_aesFourth = Powers(4, Snow3gField.AesPolynomial);
    private static readonly ulong s_aesSixteenth = Powers(16, Snow3gField.AesPolynomial);
    private static readonly ulong s_aesLinear = Snow3gField.Columns(Snow3gField.AesLinear);
    private static readonly ulong s_square = Powers(2, Snow3gField.S2Polynomial);
    private static readonly ulong s_fourth = Powers(4, Snow3gField.S2Polynomial);
    private static readonly uint[] s_multiplyAlpha = Words(Snow3gField.MultiplyAlpha);
    private static readonly uint[] s_divideAlpha = Words(Snow3gField.DivideAlpha);

    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "arithmetic-2-lanes";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    public static int LaneCount => 2;

    public readonly void Prepare()
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(uint* source) => Unsafe.ReadUnaligned<ulong>(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint* destination, ulong value) => Unsafe.WriteUnaligned(destination, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ulong a, ulong b) => ((a & ~TopBits) + (b & ~TopBits)) ^ ((a ^ b) & TopBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Xor(ulong a, ulong b) => a ^ b;

    public readonly ulong S1(ulong w)
    {
        ulong x2 = Linear(w, s_aesSquare);
        ulong x3 = Multiply(x2, w, Snow3gField.AesPolynomial);
        ulong x12 = Linear(x3, s_aesFourth);
        ulong x15 = Multiply(x12, x3, Snow3gField.AesPolynomial);
        ulong x252 = Multiply(Linear(x15, s_aesSixteenth), x12, Snow3gField.AesPolynomial);
        ulong x254 = Multiply(x252, x2, Snow3gField.AesPolynomial);
        return Mix(Linear(x254, s_aesLinear) ^ (Ones * Snow3gField.S1Constant), Snow3gField.AesPolynomial);
    }

    public readonly ulong S2(ulong w) =>
        Mix(Dickson7(Dickson7(w)) ^ (Ones * Snow3gField.S2Constant), Snow3gField.S2Polynomial);

    public readonly ulong Feedback(ulong s0, ulong s11)
    {
        ulong sum = ((s0 << 8) & 0xFFFFFF00FFFFFF00) ^ ((s11 >> 8) & 0x00FFFFFF00FFFFFF);
        for (int i = 0; i < 8; i++)
        {
            sum ^= ((s0 >> (24 + i)) & LaneOnes) * s_multiplyAlpha[i];
            sum ^= ((s11 >> i) & LaneOnes) * s_divideAlpha[i];
        }

        return sum;
    }

    public static void Transpose(uint* rows, int rowLength, byte* blocks)
    {
        for (int i = 0; i < 16; i++)
        {
            Unsafe.WriteUnaligned(blocks + (4 * i), BinaryPrimitives.ReverseEndianness(rows[i * rowLength]));
            Unsafe.WriteUnaligned(blocks + 64 + (4 * i), BinaryPrimitives.ReverseEndianness(rows[(i * rowLength) + 1]));
        }
    }

    public static void XorBlock(byte* destination, byte* source, byte* keystream)
    {
        for (int i = 0; i < 64; i += 8)
        {
            Unsafe.WriteUnaligned(
                destination + i, Unsafe.ReadUnaligned<ulong>(source + i) ^ Unsafe.ReadUnaligned<ulong>(keystream + i));
        }
    }

    public static void XorTail(byte* destination, byte* source, byte* keystream, nuint bitLength) =>
        Uea2Tail.Xor(destination, source, keystream, bitLength);

    public static void XorAll(uint* rows, int rowLength, byte* blocks, LaneMessage* lanes, nuint offset)
    {
        Transpose(rows, rowLength, blocks);
        for (int lane = 0; lane < LaneCount; lane++)
        {
            XorBlock(lanes[lane].Destination + offset, lanes[lane].Source + offset, blocks + (64 * lane));
        }
    }

    /// <summary>g7(y) = y^7 + y^5 + y = y . (y^4 . (y^2 + 1)) + y.</summary>
    private static ulong Dickson7(ulong y)
    {
        ulong inner = Multiply(Linear(y, s_fourth), Linear(y, s_square) ^ Ones, Snow3gField.S2Polynomial);
        return y ^ Multiply(y, inner, Snow3gField.S2Polynomial);
    }

    // d ^ (d ^ s ^ (s <<< 16) >>> 8) ^ (s <<< 16), as in the wider kernels.
    private static ulong Mix(ulong s, int polynomial)
    {
        ulong doubled = Double(s, polynomial);
        ulong half = ((s << 16) & 0xFFFF0000FFFF0000) | ((s >> 16) & 0x0000FFFF0000FFFF);
        ulong sum = doubled ^ s ^ half;
        return doubled ^ half ^ ((sum >> 8) & 0x00FFFFFF00FFFFFF) ^ ((sum << 24) & 0xFF000000FF000000);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Double(ulong x, int polynomial) =>
        ((x & (Ones * 0x7F)) << 1) ^ (((x >> 7) & Ones) * (byte)polynomial);

    private static ulong Multiply(ulong a, ulong b, int polynomial)
    {
        ulong product = 0;
        for (int i = 0; i < 8; i++)
        {
            product ^= a & (((b >> i) & Ones) * 0xFF);
            a = Double(a, polynomial);
        }

        return product;
    }

    private static ulong Linear(ulong x, ulong columns)
    {
        ulong sum = 0;
        for (int i = 0; i < 8; i++)
        {
            sum ^= ((x >> i) & Ones) * (byte)(columns >> (8 * i));
        }

        return sum;
    }

    private static ulong Powers(int exponent, int polynomial) =>
        Snow3gField.Columns(x => Snow3gField.Power(x, exponent, polynomial));

    // What the feedback makes of each bit of a byte.
    private static uint[] Words(Func<byte, int, byte> product)
    {
        uint[] words = new uint[8];
        for (int i = 0; i < 8; i++)
        {
            for (int place = 0; place < 4; place++)
            {
                words[i] |= (uint)product((byte)(1 << i), place) << (8 * place);
            }
        }

        return words;
    }
}
