using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Crypto.Kernels.AesBlock;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>GCM with AES-NI and PCLMULQDQ in one loop of eight blocks.</summary>
/// <remarks>Between two rounds of the cipher stands the product of one block of earlier ciphertext, so that both units work.</remarks>
internal readonly struct AesGcmVector128 : IAesGcmKernel
{
    private const nuint Step = 128;

    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "aesni-x8+pclmul";

    public static bool IsSupported => AesCtrVector128.IsSupported && GhashVector128.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Encrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount)
    {
        nuint length = blockCount * 16;
        nuint bulk = length / Step * Step;
        if (bulk >= 2 * Step)
        {
            // The first step makes ciphertext, the following ones hash what the one before made, the last is hashed alone.
            AesCtrVector128.Apply32(ref key, ref counter, ref source, ref destination, Step);
            Run(
                ref key,
                ref counter,
                ref hash,
                ref Unsafe.AddByteOffset(ref source, Step),
                ref Unsafe.AddByteOffset(ref destination, Step),
                ref destination,
                bulk - Step);
            GhashVector128.Update(ref key, ref hash, ref Unsafe.AddByteOffset(ref destination, bulk - Step), Step / 16);
        }
        else
        {
            bulk = 0;
        }

        if (bulk < length)
        {
            TwoPass<AesCtrVector128, GhashVector128>.Encrypt(
                ref key,
                ref counter,
                ref hash,
                ref Unsafe.AddByteOffset(ref source, bulk),
                ref Unsafe.AddByteOffset(ref destination, bulk),
                (length - bulk) / 16);
        }
    }

    public static void Decrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount)
    {
        nuint length = blockCount * 16;
        nuint bulk = length / Step * Step;
        if (bulk != 0)
        {
            Run(ref key, ref counter, ref hash, ref source, ref destination, ref source, bulk);
        }

        if (bulk < length)
        {
            TwoPass<AesCtrVector128, GhashVector128>.Decrypt(
                ref key,
                ref counter,
                ref hash,
                ref Unsafe.AddByteOffset(ref source, bulk),
                ref Unsafe.AddByteOffset(ref destination, bulk),
                (length - bulk) / 16);
        }
    }

    public static void Hash(ref AesKey key, ref byte hash, ref byte data, nuint blockCount) =>
        GhashVector128.Update(ref key, ref hash, ref data, blockCount);

    public static void Apply(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length) =>
        AesCtrVector128.Apply32(ref key, ref counter, ref source, ref destination, length);

    // Enciphers length bytes, a multiple of the step, and absorbs as many bytes of ciphertext from hashed: in each step they
    // are read before the step writes, so hashed may be the source, or the destination one step behind.
    private static void Run(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, ref byte hashed, nuint length)
    {
        Vector128<byte> reverse = Ghash128.ReverseBytes;
        Vector128<byte> c = Ssse3.Shuffle(Vector128.LoadUnsafe(ref counter), reverse);
        Vector128<ulong> y = Ssse3.Shuffle(Vector128.LoadUnsafe(ref hash), reverse).AsUInt64();
        ref byte powers = ref AesKey.PowersFrom(ref key, 8);
        int rounds = key.RoundCount;
        for (nuint i = 0; i < length; i += Step)
        {
            Vector128<byte> b0 = Ssse3.Shuffle(c, reverse);
            Vector128<byte> b1 = Ssse3.Shuffle(Counter32.Add(c, 1), reverse);
            Vector128<byte> b2 = Ssse3.Shuffle(Counter32.Add(c, 2), reverse);
            Vector128<byte> b3 = Ssse3.Shuffle(Counter32.Add(c, 3), reverse);
            Vector128<byte> b4 = Ssse3.Shuffle(Counter32.Add(c, 4), reverse);
            Vector128<byte> b5 = Ssse3.Shuffle(Counter32.Add(c, 5), reverse);
            Vector128<byte> b6 = Ssse3.Shuffle(Counter32.Add(c, 6), reverse);
            Vector128<byte> b7 = Ssse3.Shuffle(Counter32.Add(c, 7), reverse);
            c = Counter32.Add(c, 8);
            Vector128<byte> k = AesKey.RoundKey(ref key, 0);
            b0 ^= k;
            b1 ^= k;
            b2 ^= k;
            b3 ^= k;
            b4 ^= k;
            b5 ^= k;
            b6 ^= k;
            b7 ^= k;
            AesNi.RoundEight(AesKey.RoundKey(ref key, 1), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            Ghash128.MultiplyFirst(
                y ^ Ghash128.LoadReversed(ref hashed, i, reverse),
                Ghash128.Power(ref powers, 0),
                out Vector128<ulong> low,
                out Vector128<ulong> middle,
                out Vector128<ulong> high);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 2), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            Ghash128.MultiplyAdd(
                Ghash128.LoadReversed(ref hashed, i + 16, reverse), Ghash128.Power(ref powers, 1), ref low, ref middle, ref high);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 3), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            Ghash128.MultiplyAdd(
                Ghash128.LoadReversed(ref hashed, i + 32, reverse), Ghash128.Power(ref powers, 2), ref low, ref middle, ref high);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 4), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            Ghash128.MultiplyAdd(
                Ghash128.LoadReversed(ref hashed, i + 48, reverse), Ghash128.Power(ref powers, 3), ref low, ref middle, ref high);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 5), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            Ghash128.MultiplyAdd(
                Ghash128.LoadReversed(ref hashed, i + 64, reverse), Ghash128.Power(ref powers, 4), ref low, ref middle, ref high);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 6), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            Ghash128.MultiplyAdd(
                Ghash128.LoadReversed(ref hashed, i + 80, reverse), Ghash128.Power(ref powers, 5), ref low, ref middle, ref high);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 7), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            Ghash128.MultiplyAdd(
                Ghash128.LoadReversed(ref hashed, i + 96, reverse), Ghash128.Power(ref powers, 6), ref low, ref middle, ref high);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 8), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            Ghash128.MultiplyAdd(
                Ghash128.LoadReversed(ref hashed, i + 112, reverse), Ghash128.Power(ref powers, 7), ref low, ref middle, ref high);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 9), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            y = Ghash128.Reduce(low, middle, high);
            if (rounds > 10)
            {
                AesNi.RoundEight(AesKey.RoundKey(ref key, 10), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
                AesNi.RoundEight(AesKey.RoundKey(ref key, 11), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
                if (rounds > 12)
                {
                    AesNi.RoundEight(AesKey.RoundKey(ref key, 12), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
                    AesNi.RoundEight(AesKey.RoundKey(ref key, 13), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
                }
            }

            k = AesKey.RoundKey(ref key, rounds);
            (Aes.EncryptLast(b0, k) ^ Vector128.LoadUnsafe(ref source, i)).StoreUnsafe(ref destination, i);
            (Aes.EncryptLast(b1, k) ^ Vector128.LoadUnsafe(ref source, i + 16)).StoreUnsafe(ref destination, i + 16);
            (Aes.EncryptLast(b2, k) ^ Vector128.LoadUnsafe(ref source, i + 32)).StoreUnsafe(ref destination, i + 32);
            (Aes.EncryptLast(b3, k) ^ Vector128.LoadUnsafe(ref source, i + 48)).StoreUnsafe(ref destination, i + 48);
            (Aes.EncryptLast(b4, k) ^ Vector128.LoadUnsafe(ref source, i + 64)).StoreUnsafe(ref destination, i + 64);
            (Aes.EncryptLast(b5, k) ^ Vector128.LoadUnsafe(ref source, i + 80)).StoreUnsafe(ref destination, i + 80);
            (Aes.EncryptLast(b6, k) ^ Vector128.LoadUnsafe(ref source, i + 96)).StoreUnsafe(ref destination, i + 96);
            (Aes.EncryptLast(b7, k) ^ Vector128.LoadUnsafe(ref source, i + 112)).StoreUnsafe(ref destination, i + 112);
        }

        Ssse3.Shuffle(c, reverse).StoreUnsafe(ref counter);
        Ssse3.Shuffle(y.AsByte(), reverse).StoreUnsafe(ref hash);
    }
}
