using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Crypto.Kernels.AesBlock;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>GCM in one loop of eight blocks: counters, xor and GHASH in 256-bit registers, the cipher by AES-NI.</summary>
internal readonly struct AesGcmVector256 : IAesGcmKernel
{
    public static SimdWidth Width => SimdWidth.V256;

    public static bool IsSupported => AesCtrVector256.IsSupported && GhashVector256.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Encrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount)
    {
        Vector256<byte> reverse = Ghash256.ReverseBytes;
        Vector128<byte> start = Ssse3.Shuffle(Vector128.LoadUnsafe(ref counter), Ghash128.ReverseBytes);
        Vector256<byte> c = Vector256.Create(start, Counter32.Add(start, 1));
        Vector128<ulong> y = Ssse3.Shuffle(Vector128.LoadUnsafe(ref hash), Ghash128.ReverseBytes).AsUInt64();
        ref byte powers = ref AesKey.PowersFrom(ref key, 8);
        nuint i = 0, length = blockCount * 16;
        for (; length - i >= 128; i += 128)
        {
            Vector256<byte> p0 = Avx2.Shuffle(c, reverse);
            Vector128<byte> b0 = p0.GetLower(), b1 = p0.GetUpper();
            Vector256<byte> p1 = Avx2.Shuffle(Counter32.Add(c, Increment(2)), reverse);
            Vector128<byte> b2 = p1.GetLower(), b3 = p1.GetUpper();
            Vector256<byte> p2 = Avx2.Shuffle(Counter32.Add(c, Increment(4)), reverse);
            Vector128<byte> b4 = p2.GetLower(), b5 = p2.GetUpper();
            Vector256<byte> p3 = Avx2.Shuffle(Counter32.Add(c, Increment(6)), reverse);
            Vector128<byte> b6 = p3.GetLower(), b7 = p3.GetUpper();
            AesNi.EncryptEight(ref key, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            p0 = Vector256.Create(b0, b1) ^ Vector256.LoadUnsafe(ref source, i);
            p0.StoreUnsafe(ref destination, i);
            p1 = Vector256.Create(b2, b3) ^ Vector256.LoadUnsafe(ref source, i + 32);
            p1.StoreUnsafe(ref destination, i + 32);
            p2 = Vector256.Create(b4, b5) ^ Vector256.LoadUnsafe(ref source, i + 64);
            p2.StoreUnsafe(ref destination, i + 64);
            p3 = Vector256.Create(b6, b7) ^ Vector256.LoadUnsafe(ref source, i + 96);
            p3.StoreUnsafe(ref destination, i + 96);
            Ghash256.MultiplyFirst(Avx2.Shuffle(p0, reverse).AsUInt64() ^ y.ToVector256(), Ghash256.Power(ref powers, 0), out Vector256<ulong> low, out Vector256<ulong> middle, out Vector256<ulong> high);
            Ghash256.MultiplyAdd(Avx2.Shuffle(p1, reverse).AsUInt64(), Ghash256.Power(ref powers, 32), ref low, ref middle, ref high);
            Ghash256.MultiplyAdd(Avx2.Shuffle(p2, reverse).AsUInt64(), Ghash256.Power(ref powers, 64), ref low, ref middle, ref high);
            Ghash256.MultiplyAdd(Avx2.Shuffle(p3, reverse).AsUInt64(), Ghash256.Power(ref powers, 96), ref low, ref middle, ref high);
            y = Ghash256.Reduce(low, middle, high);
            c = Counter32.Add(c, Increment(8));
        }

        Ssse3.Shuffle(c.GetLower(), Ghash128.ReverseBytes).StoreUnsafe(ref counter);
        Ssse3.Shuffle(y.AsByte(), Ghash128.ReverseBytes).StoreUnsafe(ref hash);
        if (i < length)
        {
            TwoPass<AesCtrVector256, GhashVector256>.Encrypt(
                ref key,
                ref counter,
                ref hash,
                ref Unsafe.AddByteOffset(ref source, i),
                ref Unsafe.AddByteOffset(ref destination, i),
                (length - i) / 16);
        }
    }

    public static void Decrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount)
    {
        Vector256<byte> reverse = Ghash256.ReverseBytes;
        Vector128<byte> start = Ssse3.Shuffle(Vector128.LoadUnsafe(ref counter), Ghash128.ReverseBytes);
        Vector256<byte> c = Vector256.Create(start, Counter32.Add(start, 1));
        Vector128<ulong> y = Ssse3.Shuffle(Vector128.LoadUnsafe(ref hash), Ghash128.ReverseBytes).AsUInt64();
        ref byte powers = ref AesKey.PowersFrom(ref key, 8);
        nuint i = 0, length = blockCount * 16;
        for (; length - i >= 128; i += 128)
        {
            Vector256<byte> p0 = Avx2.Shuffle(c, reverse);
            Vector128<byte> b0 = p0.GetLower(), b1 = p0.GetUpper();
            Vector256<byte> p1 = Avx2.Shuffle(Counter32.Add(c, Increment(2)), reverse);
            Vector128<byte> b2 = p1.GetLower(), b3 = p1.GetUpper();
            Vector256<byte> p2 = Avx2.Shuffle(Counter32.Add(c, Increment(4)), reverse);
            Vector128<byte> b4 = p2.GetLower(), b5 = p2.GetUpper();
            Vector256<byte> p3 = Avx2.Shuffle(Counter32.Add(c, Increment(6)), reverse);
            Vector128<byte> b6 = p3.GetLower(), b7 = p3.GetUpper();
            AesNi.EncryptEight(ref key, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            p0 = Vector256.LoadUnsafe(ref source, i);
            (Vector256.Create(b0, b1) ^ p0).StoreUnsafe(ref destination, i);
            p1 = Vector256.LoadUnsafe(ref source, i + 32);
            (Vector256.Create(b2, b3) ^ p1).StoreUnsafe(ref destination, i + 32);
            p2 = Vector256.LoadUnsafe(ref source, i + 64);
            (Vector256.Create(b4, b5) ^ p2).StoreUnsafe(ref destination, i + 64);
            p3 = Vector256.LoadUnsafe(ref source, i + 96);
            (Vector256.Create(b6, b7) ^ p3).StoreUnsafe(ref destination, i + 96);
            Ghash256.MultiplyFirst(Avx2.Shuffle(p0, reverse).AsUInt64() ^ y.ToVector256(), Ghash256.Power(ref powers, 0), out Vector256<ulong> low, out Vector256<ulong> middle, out Vector256<ulong> high);
            Ghash256.MultiplyAdd(Avx2.Shuffle(p1, reverse).AsUInt64(), Ghash256.Power(ref powers, 32), ref low, ref middle, ref high);
            Ghash256.MultiplyAdd(Avx2.Shuffle(p2, reverse).AsUInt64(), Ghash256.Power(ref powers, 64), ref low, ref middle, ref high);
            Ghash256.MultiplyAdd(Avx2.Shuffle(p3, reverse).AsUInt64(), Ghash256.Power(ref powers, 96), ref low, ref middle, ref high);
            y = Ghash256.Reduce(low, middle, high);
            c = Counter32.Add(c, Increment(8));
        }

        Ssse3.Shuffle(c.GetLower(), Ghash128.ReverseBytes).StoreUnsafe(ref counter);
        Ssse3.Shuffle(y.AsByte(), Ghash128.ReverseBytes).StoreUnsafe(ref hash);
        if (i < length)
        {
            TwoPass<AesCtrVector256, GhashVector256>.Decrypt(
                ref key,
                ref counter,
                ref hash,
                ref Unsafe.AddByteOffset(ref source, i),
                ref Unsafe.AddByteOffset(ref destination, i),
                (length - i) / 16);
        }
    }

    public static void Hash(ref AesKey key, ref byte hash, ref byte data, nuint blockCount) =>
        GhashVector256.Update(ref key, ref hash, ref data, blockCount);

    public static void Apply(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length) =>
        AesCtrVector256.Apply32(ref key, ref counter, ref source, ref destination, length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Increment(uint blocks) => Vector256.Create(blocks, 0, 0, 0, blocks, 0, 0, 0);
}
