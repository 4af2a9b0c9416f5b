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

/// <summary>GCM in one loop of eight blocks: counters, xor and GHASH in 256-bit registers, the cipher by AES-NI.</summary>
/// <remarks>Between two rounds of the cipher stands the product of two blocks of earlier ciphertext, so that both units work.</remarks>
internal readonly struct AesGcmVector256 : IAesGcmKernel
{
    private const nuint Step = 128;

    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "aesni-x8+vpclmul-ymm";

    public static bool IsSupported => AesCtrVector256.IsSupported && GhashVector256.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Encrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount)
    {
        nuint length = blockCount * 16;
        nuint bulk = length / Step * Step;
        if (bulk >= 2 * Step)
        {
            // The first step makes ciphertext, the following ones hash what the one before made, the last is hashed alone.
            AesCtrVector256.Apply32(ref key, ref counter, ref source, ref destination, Step);
            Run(
                ref key,
                ref counter,
                ref hash,
                ref Unsafe.AddByteOffset(ref source, Step),
                ref Unsafe.AddByteOffset(ref destination, Step),
                ref destination,
                bulk - Step);
            GhashVector256.Update(ref key, ref hash, ref Unsafe.AddByteOffset(ref destination, bulk - Step), Step / 16);
        }
        else
        {
            bulk = 0;
        }

        if (bulk < length)
        {
            TwoPass<AesCtrVector256, GhashVector256>.Encrypt(
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
            TwoPass<AesCtrVector256, GhashVector256>.Decrypt(
                ref key,
                ref counter,
                ref hash,
                ref Unsafe.AddByteOffset(ref source, bulk),
                ref Unsafe.AddByteOffset(ref destination, bulk),
                (length - bulk) / 16);
        }
    }

    public static void Hash(ref AesKey key, ref byte hash, ref byte data, nuint blockCount) =>
        GhashVector256.Update(ref key, ref hash, ref data, blockCount);

    public static void Apply(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length) =>
        AesCtrVector256.Apply32(ref key, ref counter, ref source, ref destination, length);

    // Enciphers length bytes, a multiple of the step, and absorbs as many bytes of ciphertext from hashed: in each step they
    // are read before the step writes, so hashed may be the source, or the destination one step behind.
    private static void Run(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, ref byte hashed, nuint length)
    {
        Vector256<byte> reverse = Ghash256.ReverseBytes;
        Vector128<byte> start = Ssse3.Shuffle(Vector128.LoadUnsafe(ref counter), Ghash128.ReverseBytes);
        Vector256<byte> c = Vector256.Create(start, Counter32.Add(start, 1));
        Vector128<ulong> y = Ssse3.Shuffle(Vector128.LoadUnsafe(ref hash), Ghash128.ReverseBytes).AsUInt64();
        ref byte powers = ref AesKey.PowersFrom(ref key, 8);
        int rounds = key.RoundCount;
        for (nuint i = 0; i < length; i += Step)
        {
            Vector256<byte> p0 = Avx2.Shuffle(c, reverse);
            Vector128<byte> b0 = p0.GetLower(), b1 = p0.GetUpper();
            Vector256<byte> p1 = Avx2.Shuffle(Counter32.Add(c, Increment(2)), reverse);
            Vector128<byte> b2 = p1.GetLower(), b3 = p1.GetUpper();
            Vector256<byte> p2 = Avx2.Shuffle(Counter32.Add(c, Increment(4)), reverse);
            Vector128<byte> b4 = p2.GetLower(), b5 = p2.GetUpper();
            Vector256<byte> p3 = Avx2.Shuffle(Counter32.Add(c, Increment(6)), reverse);
            Vector128<byte> b6 = p3.GetLower(), b7 = p3.GetUpper();
            c = Counter32.Add(c, Increment(8));
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
            Ghash256.MultiplyFirst(
                y.ToVector256() ^ Ghash256.LoadReversed(ref hashed, i, reverse),
                Ghash256.Power(ref powers, 0),
                out Vector256<ulong> low,
                out Vector256<ulong> middle,
                out Vector256<ulong> high);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 2), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 3), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            Ghash256.MultiplyAdd(
                Ghash256.LoadReversed(ref hashed, i + 32, reverse), Ghash256.Power(ref powers, 32), ref low, ref middle, ref high);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 4), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 5), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            Ghash256.MultiplyAdd(
                Ghash256.LoadReversed(ref hashed, i + 64, reverse), Ghash256.Power(ref powers, 64), ref low, ref middle, ref high);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 6), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 7), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            Ghash256.MultiplyAdd(
                Ghash256.LoadReversed(ref hashed, i + 96, reverse), Ghash256.Power(ref powers, 96), ref low, ref middle, ref high);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 8), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            y = Ghash256.Reduce(low, middle, high);
            AesNi.RoundEight(AesKey.RoundKey(ref key, 9), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
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
            b0 = Aes.EncryptLast(b0, k);
            b1 = Aes.EncryptLast(b1, k);
            b2 = Aes.EncryptLast(b2, k);
            b3 = Aes.EncryptLast(b3, k);
            b4 = Aes.EncryptLast(b4, k);
            b5 = Aes.EncryptLast(b5, k);
            b6 = Aes.EncryptLast(b6, k);
            b7 = Aes.EncryptLast(b7, k);
            (Vector256.Create(b0, b1) ^ Vector256.LoadUnsafe(ref source, i)).StoreUnsafe(ref destination, i);
            (Vector256.Create(b2, b3) ^ Vector256.LoadUnsafe(ref source, i + 32)).StoreUnsafe(ref destination, i + 32);
            (Vector256.Create(b4, b5) ^ Vector256.LoadUnsafe(ref source, i + 64)).StoreUnsafe(ref destination, i + 64);
            (Vector256.Create(b6, b7) ^ Vector256.LoadUnsafe(ref source, i + 96)).StoreUnsafe(ref destination, i + 96);
        }

        Ssse3.Shuffle(c.GetLower(), Ghash128.ReverseBytes).StoreUnsafe(ref counter);
        Ssse3.Shuffle(y.AsByte(), Ghash128.ReverseBytes).StoreUnsafe(ref hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Increment(uint blocks) => Vector256.Create(blocks, 0, 0, 0, blocks, 0, 0, 0);
}
