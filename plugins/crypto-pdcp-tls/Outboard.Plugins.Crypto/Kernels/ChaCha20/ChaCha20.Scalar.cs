using System.Numerics;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.ChaCha20;

/// <summary>The block function of RFC 8439 2.3 as it is written there, one block in general-purpose registers.</summary>
internal readonly unsafe struct ChaCha20Scalar : IChaCha20Kernel
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "chacha20-scalar";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    public static int Lanes => 1;

    public static void Fill(byte* state, int lane, int count, byte* key, in CounterNonce row)
    {
        uint* words = (uint*)state;
        words[0] = ChaCha20.Sigma0;
        words[1] = ChaCha20.Sigma1;
        words[2] = ChaCha20.Sigma2;
        words[3] = ChaCha20.Sigma3;
        Unsafe.CopyBlockUnaligned(words + 4, key, ChaCha20.KeyLength);
        words[12] = row.Counter;
        words[13] = row.Nonce0;
        words[14] = row.Nonce1;
        words[15] = row.Nonce2;
    }

    public static void Next(byte* state) => ((uint*)state)[12]++;

    public static void Blocks(byte* state, int lanes, byte* keystream)
    {
        uint* s = (uint*)state;
        uint x0 = s[0], x1 = s[1], x2 = s[2], x3 = s[3], x4 = s[4], x5 = s[5], x6 = s[6], x7 = s[7];
        uint x8 = s[8], x9 = s[9], x10 = s[10], x11 = s[11], x12 = s[12], x13 = s[13], x14 = s[14], x15 = s[15];
        for (int i = 0; i < 10; i++)
        {
            QuarterRound(ref x0, ref x4, ref x8, ref x12);
            QuarterRound(ref x1, ref x5, ref x9, ref x13);
            QuarterRound(ref x2, ref x6, ref x10, ref x14);
            QuarterRound(ref x3, ref x7, ref x11, ref x15);
            QuarterRound(ref x0, ref x5, ref x10, ref x15);
            QuarterRound(ref x1, ref x6, ref x11, ref x12);
            QuarterRound(ref x2, ref x7, ref x8, ref x13);
            QuarterRound(ref x3, ref x4, ref x9, ref x14);
        }

        uint* k = (uint*)keystream;
        k[0] = x0 + s[0];
        k[1] = x1 + s[1];
        k[2] = x2 + s[2];
        k[3] = x3 + s[3];
        k[4] = x4 + s[4];
        k[5] = x5 + s[5];
        k[6] = x6 + s[6];
        k[7] = x7 + s[7];
        k[8] = x8 + s[8];
        k[9] = x9 + s[9];
        k[10] = x10 + s[10];
        k[11] = x11 + s[11];
        k[12] = x12 + s[12];
        k[13] = x13 + s[13];
        k[14] = x14 + s[14];
        k[15] = x15 + s[15];
    }

    public static void Xor(byte* source, byte* destination, byte* keystream, nuint length) =>
        KeystreamXor.Apply(ref *source, ref *destination, ref *keystream, length);

    // RFC 8439 2.1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuarterRound(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        a += b;
        d = BitOperations.RotateLeft(d ^ a, 16);
        c += d;
        b = BitOperations.RotateLeft(b ^ c, 12);
        a += b;
        d = BitOperations.RotateLeft(d ^ a, 8);
        c += d;
        b = BitOperations.RotateLeft(b ^ c, 7);
    }
}
