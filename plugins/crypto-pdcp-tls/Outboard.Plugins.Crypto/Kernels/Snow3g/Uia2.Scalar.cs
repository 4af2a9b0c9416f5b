using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>UIA2 word by word; a product is 64 conditional additions, the conditions being masks.</summary>
internal readonly unsafe struct Uia2Scalar : IUia2Hash
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "masks";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    public static void Start(Uia2State* state, ulong p, ulong q, nuint length)
    {
        state->Powers[7] = p;
        state->LastFold[0] = q;
        state->Sum[0] = 0;
    }

    public static void Absorb(Uia2State* state, byte* data, nuint blockCount)
    {
        ulong sum = state->Sum[0], p = state->Powers[7];
        for (nuint i = 0; i < 8 * blockCount; i++)
        {
            sum ^= BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(data + (8 * i)));
            sum = Multiply(sum, p);
        }

        state->Sum[0] = sum;
    }

    public static uint Finish(Uia2State* state, ulong bitLength) =>
        (uint)(Multiply(state->Sum[0] ^ bitLength, state->LastFold[0]) >> 32);

    private static ulong Multiply(ulong a, ulong b)
    {
        ulong product = 0;
        for (int i = 0; i < 64; i++)
        {
            product ^= b & (0 - ((a >> i) & 1));
            b = (b << 1) ^ (Uia2Field.Polynomial & (0 - (b >> 63)));
        }

        return product;
    }
}
