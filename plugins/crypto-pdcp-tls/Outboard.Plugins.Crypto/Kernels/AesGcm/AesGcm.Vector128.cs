using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Crypto.Kernels.AesBlock;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>GCM with AES-NI and PCLMULQDQ in one loop of eight blocks: the hash of one step overlaps the cipher of the next.</summary>
internal readonly struct AesGcmVector128 : IAesGcmKernel
{
    public static SimdWidth Width => SimdWidth.V128;

    public static bool IsSupported => AesCtrVector128.IsSupported && GhashVector128.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Encrypt(
        ref AesKey key, ref byte counter, ref byte hash, ref byte source, ref byte destination, nuint blockCount)
    {
        Vector128<byte> reverse = Ghash128.ReverseBytes;
        Vector128<byte> c = Ssse3.Shuffle(Vector128.LoadUnsafe(ref counter), reverse);
        Vector128<ulong> y = Ssse3.Shuffle(Vector128.LoadUnsafe(ref hash), reverse).AsUInt64();
        ref byte powers = ref AesKey.PowersFrom(ref key, 8);
        nuint i = 0, length = blockCount * 16;
        for (; length - i >= 128; i += 128)
        {
            Vector128<byte> b0 = Ssse3.Shuffle(c, reverse);
            Vector128<byte> b1 = Ssse3.Shuffle(Counter32.Add(c, 1), reverse);
            Vector128<byte> b2 = Ssse3.Shuffle(Counter32.Add(c, 2), reverse);
            Vector128<byte> b3 = Ssse3.Shuffle(Counter32.Add(c, 3), reverse);
            Vector128<byte> b4 = Ssse3.Shuffle(Counter32.Add(c, 4), reverse);
            Vector128<byte> b5 = Ssse3.Shuffle(Counter32.Add(c, 5), reverse);
            Vector128<byte> b6 = Ssse3.Shuffle(Counter32.Add(c, 6), reverse);
            Vector128<byte> b7 = Ssse3.Shuffle(Counter32.Add(c, 7), reverse);
            AesNi.EncryptEight(ref key, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            b0 ^= Vector128.LoadUnsafe(ref source, i);
            b1 ^= Vector128.LoadUnsafe(ref source, i + 16);
            b2 ^= Vector128.LoadUnsafe(ref source, i + 32);
            b3 ^= Vector128.LoadUnsafe(ref source, i + 48);
            b4 ^= Vector128.LoadUnsafe(ref source, i + 64);
            b5 ^= Vector128.LoadUnsafe(ref source, i + 80);
            b6 ^= Vector128.LoadUnsafe(ref source, i + 96);
            b7 ^= Vector128.LoadUnsafe(ref source, i + 112);
            b0.StoreUnsafe(ref destination, i);
            b1.StoreUnsafe(ref destination, i + 16);
            b2.StoreUnsafe(ref destination, i + 32);
            b3.StoreUnsafe(ref destination, i + 48);
            b4.StoreUnsafe(ref destination, i + 64);
            b5.StoreUnsafe(ref destination, i + 80);
            b6.StoreUnsafe(ref destination, i + 96);
            b7.StoreUnsafe(ref destination, i + 112);
            y ^= Ssse3.Shuffle(b0, reverse).AsUInt64();
            Ghash128.MultiplyFirst(y, Ghash128.Power(ref powers, 0), out Vector128<ulong> low, out Vector128<ulong> middle, out Vector128<ulong> high);
            Ghash128.MultiplyAdd(Ssse3.Shuffle(b1, reverse).AsUInt64(), Ghash128.Power(ref powers, 1), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ssse3.Shuffle(b2, reverse).AsUInt64(), Ghash128.Power(ref powers, 2), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ssse3.Shuffle(b3, reverse).AsUInt64(), Ghash128.Power(ref powers, 3), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ssse3.Shuffle(b4, reverse).AsUInt64(), Ghash128.Power(ref powers, 4), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ssse3.Shuffle(b5, reverse).AsUInt64(), Ghash128.Power(ref powers, 5), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ssse3.Shuffle(b6, reverse).AsUInt64(), Ghash128.Power(ref powers, 6), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ssse3.Shuffle(b7, reverse).AsUInt64(), Ghash128.Power(ref powers, 7), ref low, ref middle, ref high);
            y = Ghash128.Reduce(low, middle, high);
            c = Counter32.Add(c, 8);
        }

        Ssse3.Shuffle(c, reverse).StoreUnsafe(ref counter);
        Ssse3.Shuffle(y.AsByte(), reverse).StoreUnsafe(ref hash);
        if (i < length)
        {
            TwoPass<AesCtrVector128, GhashVector128>.Encrypt(
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
        Vector128<byte> reverse = Ghash128.ReverseBytes;
        Vector128<byte> c = Ssse3.Shuffle(Vector128.LoadUnsafe(ref counter), reverse);
        Vector128<ulong> y = Ssse3.Shuffle(Vector128.LoadUnsafe(ref hash), reverse).AsUInt64();
        ref byte powers = ref AesKey.PowersFrom(ref key, 8);
        nuint i = 0, length = blockCount * 16;
        for (; length - i >= 128; i += 128)
        {
            Vector128<byte> b0 = Ssse3.Shuffle(c, reverse);
            Vector128<byte> b1 = Ssse3.Shuffle(Counter32.Add(c, 1), reverse);
            Vector128<byte> b2 = Ssse3.Shuffle(Counter32.Add(c, 2), reverse);
            Vector128<byte> b3 = Ssse3.Shuffle(Counter32.Add(c, 3), reverse);
            Vector128<byte> b4 = Ssse3.Shuffle(Counter32.Add(c, 4), reverse);
            Vector128<byte> b5 = Ssse3.Shuffle(Counter32.Add(c, 5), reverse);
            Vector128<byte> b6 = Ssse3.Shuffle(Counter32.Add(c, 6), reverse);
            Vector128<byte> b7 = Ssse3.Shuffle(Counter32.Add(c, 7), reverse);
            AesNi.EncryptEight(ref key, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            Vector128<byte> d0 = Vector128.LoadUnsafe(ref source, i);
            Vector128<byte> d1 = Vector128.LoadUnsafe(ref source, i + 16);
            Vector128<byte> d2 = Vector128.LoadUnsafe(ref source, i + 32);
            Vector128<byte> d3 = Vector128.LoadUnsafe(ref source, i + 48);
            Vector128<byte> d4 = Vector128.LoadUnsafe(ref source, i + 64);
            Vector128<byte> d5 = Vector128.LoadUnsafe(ref source, i + 80);
            Vector128<byte> d6 = Vector128.LoadUnsafe(ref source, i + 96);
            Vector128<byte> d7 = Vector128.LoadUnsafe(ref source, i + 112);
            (b0 ^ d0).StoreUnsafe(ref destination, i);
            (b1 ^ d1).StoreUnsafe(ref destination, i + 16);
            (b2 ^ d2).StoreUnsafe(ref destination, i + 32);
            (b3 ^ d3).StoreUnsafe(ref destination, i + 48);
            (b4 ^ d4).StoreUnsafe(ref destination, i + 64);
            (b5 ^ d5).StoreUnsafe(ref destination, i + 80);
            (b6 ^ d6).StoreUnsafe(ref destination, i + 96);
            (b7 ^ d7).StoreUnsafe(ref destination, i + 112);
            y ^= Ssse3.Shuffle(d0, reverse).AsUInt64();
            Ghash128.MultiplyFirst(y, Ghash128.Power(ref powers, 0), out Vector128<ulong> low, out Vector128<ulong> middle, out Vector128<ulong> high);
            Ghash128.MultiplyAdd(Ssse3.Shuffle(d1, reverse).AsUInt64(), Ghash128.Power(ref powers, 1), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ssse3.Shuffle(d2, reverse).AsUInt64(), Ghash128.Power(ref powers, 2), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ssse3.Shuffle(d3, reverse).AsUInt64(), Ghash128.Power(ref powers, 3), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ssse3.Shuffle(d4, reverse).AsUInt64(), Ghash128.Power(ref powers, 4), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ssse3.Shuffle(d5, reverse).AsUInt64(), Ghash128.Power(ref powers, 5), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ssse3.Shuffle(d6, reverse).AsUInt64(), Ghash128.Power(ref powers, 6), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ssse3.Shuffle(d7, reverse).AsUInt64(), Ghash128.Power(ref powers, 7), ref low, ref middle, ref high);
            y = Ghash128.Reduce(low, middle, high);
            c = Counter32.Add(c, 8);
        }

        Ssse3.Shuffle(c, reverse).StoreUnsafe(ref counter);
        Ssse3.Shuffle(y.AsByte(), reverse).StoreUnsafe(ref hash);
        if (i < length)
        {
            TwoPass<AesCtrVector128, GhashVector128>.Decrypt(
                ref key,
                ref counter,
                ref hash,
                ref Unsafe.AddByteOffset(ref source, i),
                ref Unsafe.AddByteOffset(ref destination, i),
                (length - i) / 16);
        }
    }

    public static void Hash(ref AesKey key, ref byte hash, ref byte data, nuint blockCount) =>
        GhashVector128.Update(ref key, ref hash, ref data, blockCount);

    public static void Apply(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length) =>
        AesCtrVector128.Apply32(ref key, ref counter, ref source, ref destination, length);
}
