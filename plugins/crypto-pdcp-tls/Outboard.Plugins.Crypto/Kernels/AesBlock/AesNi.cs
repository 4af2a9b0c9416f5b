using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Outboard.Plugins.Crypto.Keys;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Outboard.Plugins.Crypto.Kernels.AesBlock;

/// <summary>AES rounds on independent 128-bit blocks, interleaved so that the latency of one round hides behind the others.</summary>
/// <remarks>
/// The rounds are written out because the JIT does not unroll: a loop over rounds costs a quarter more. The instructions
/// are VEX encoded, so sixteen registers hold eight blocks, a round key and what the caller keeps.
/// </remarks>
internal static class AesNi
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EncryptEight(
        ref AesKey key,
        ref Vector128<byte> b0,
        ref Vector128<byte> b1,
        ref Vector128<byte> b2,
        ref Vector128<byte> b3,
        ref Vector128<byte> b4,
        ref Vector128<byte> b5,
        ref Vector128<byte> b6,
        ref Vector128<byte> b7)
    {
        Vector128<byte> k = AesKey.RoundKey(ref key, 0);
        b0 ^= k;
        b1 ^= k;
        b2 ^= k;
        b3 ^= k;
        b4 ^= k;
        b5 ^= k;
        b6 ^= k;
        b7 ^= k;
        RoundEight(AesKey.RoundKey(ref key, 1), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        RoundEight(AesKey.RoundKey(ref key, 2), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        RoundEight(AesKey.RoundKey(ref key, 3), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        RoundEight(AesKey.RoundKey(ref key, 4), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        RoundEight(AesKey.RoundKey(ref key, 5), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        RoundEight(AesKey.RoundKey(ref key, 6), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        RoundEight(AesKey.RoundKey(ref key, 7), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        RoundEight(AesKey.RoundKey(ref key, 8), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        RoundEight(AesKey.RoundKey(ref key, 9), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        int rounds = key.RoundCount;
        if (rounds > 10)
        {
            RoundEight(AesKey.RoundKey(ref key, 10), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            RoundEight(AesKey.RoundKey(ref key, 11), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            if (rounds > 12)
            {
                RoundEight(AesKey.RoundKey(ref key, 12), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
                RoundEight(AesKey.RoundKey(ref key, 13), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            }
        }

        k = AesKey.RoundKey(ref key, rounds);
        b0 = Aes.EncryptLast(b0, k);
        b1 = Aes.EncryptLast(b1, k);
        b2 = Aes.EncryptLast(b2, k);
        b3 = Aes.EncryptLast(b3, k);
        b4 = Aes.EncryptLast(b4, k);
        b5 = Aes.EncryptLast(b5, k);
        b6 = Aes.EncryptLast(b6, k);
        b7 = Aes.EncryptLast(b7, k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EncryptFour(
        ref AesKey key, ref Vector128<byte> b0, ref Vector128<byte> b1, ref Vector128<byte> b2, ref Vector128<byte> b3)
    {
        Vector128<byte> k = AesKey.RoundKey(ref key, 0);
        b0 ^= k;
        b1 ^= k;
        b2 ^= k;
        b3 ^= k;
        int rounds = key.RoundCount;
        for (int round = 1; round < rounds; round++)
        {
            k = AesKey.RoundKey(ref key, round);
            b0 = Aes.Encrypt(b0, k);
            b1 = Aes.Encrypt(b1, k);
            b2 = Aes.Encrypt(b2, k);
            b3 = Aes.Encrypt(b3, k);
        }

        k = AesKey.RoundKey(ref key, rounds);
        b0 = Aes.EncryptLast(b0, k);
        b1 = Aes.EncryptLast(b1, k);
        b2 = Aes.EncryptLast(b2, k);
        b3 = Aes.EncryptLast(b3, k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> EncryptOne(ref AesKey key, Vector128<byte> block)
    {
        block ^= AesKey.RoundKey(ref key, 0);
        int rounds = key.RoundCount;
        for (int round = 1; round < rounds; round++)
        {
            block = Aes.Encrypt(block, AesKey.RoundKey(ref key, round));
        }

        return Aes.EncryptLast(block, AesKey.RoundKey(ref key, rounds));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RoundEight(
        Vector128<byte> k,
        ref Vector128<byte> b0,
        ref Vector128<byte> b1,
        ref Vector128<byte> b2,
        ref Vector128<byte> b3,
        ref Vector128<byte> b4,
        ref Vector128<byte> b5,
        ref Vector128<byte> b6,
        ref Vector128<byte> b7)
    {
        b0 = Aes.Encrypt(b0, k);
        b1 = Aes.Encrypt(b1, k);
        b2 = Aes.Encrypt(b2, k);
        b3 = Aes.Encrypt(b3, k);
        b4 = Aes.Encrypt(b4, k);
        b5 = Aes.Encrypt(b5, k);
        b6 = Aes.Encrypt(b6, k);
        b7 = Aes.Encrypt(b7, k);
    }
}
