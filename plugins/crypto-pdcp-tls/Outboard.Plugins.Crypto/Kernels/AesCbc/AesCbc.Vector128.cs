using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Outboard.Simd;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>CBC with AES-NI: encryption by eight messages, decryption by eight blocks of one.</summary>
internal readonly struct AesCbcVector128 : IAesCbcKernel
{
    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "aesni-x8";

    public static bool IsSupported => Aes.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static unsafe void Encrypt(ChainJob* jobs, int count, byte* scratch) =>
        AesChain<AesChainVector128>.Run(jobs, count, store: true, scratch);

    public static unsafe void Decrypt(ChainJob* jobs, int count, byte* scratch)
    {
        for (int i = 0; i < count; i++)
        {
            // SAFETY: a job names as many blocks as it says behind its source and its destination.
            ChainJob* job = jobs + i;
            byte* keys = CbcKey.DecryptKeys(job->Key);
            int rounds = job->Key->RoundCount;
            byte* source = job->Source, destination = job->Destination;
            nuint left = job->BlockCount;
            Vector128<byte> chain = Vector128.Load(job->State);
            for (; left >= 8; left -= 8)
            {
                chain = DecryptEight(keys, rounds, chain, source, destination);
                source += 128;
                destination += 128;
            }

            if ((left & 4) != 0)
            {
                chain = DecryptFour(keys, rounds, chain, source, destination);
                source += 64;
                destination += 64;
            }

            for (left &= 3; left != 0; left--)
            {
                Vector128<byte> block = Vector128.Load(source);
                (DecryptOne(keys, rounds, block) ^ chain).Store(destination);
                chain = block;
                source += 16;
                destination += 16;
            }
        }
    }

    private static unsafe Vector128<byte> DecryptEight(
        byte* keys, int rounds, Vector128<byte> chain, byte* source, byte* destination)
    {
        Vector128<byte> k = Vector128.Load(keys);
        Vector128<byte> b0 = Vector128.Load(source) ^ k;
        Vector128<byte> b1 = Vector128.Load(source + 16) ^ k;
        Vector128<byte> b2 = Vector128.Load(source + 32) ^ k;
        Vector128<byte> b3 = Vector128.Load(source + 48) ^ k;
        Vector128<byte> b4 = Vector128.Load(source + 64) ^ k;
        Vector128<byte> b5 = Vector128.Load(source + 80) ^ k;
        Vector128<byte> b6 = Vector128.Load(source + 96) ^ k;
        Vector128<byte> b7 = Vector128.Load(source + 112) ^ k;
        Round(Vector128.Load(keys + 16), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round(Vector128.Load(keys + 32), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round(Vector128.Load(keys + 48), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round(Vector128.Load(keys + 64), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round(Vector128.Load(keys + 80), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round(Vector128.Load(keys + 96), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round(Vector128.Load(keys + 112), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round(Vector128.Load(keys + 128), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        Round(Vector128.Load(keys + 144), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
        if (rounds > 10)
        {
            Round(Vector128.Load(keys + 160), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            Round(Vector128.Load(keys + 176), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            if (rounds > 12)
            {
                Round(Vector128.Load(keys + 192), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
                Round(Vector128.Load(keys + 208), ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            }
        }

        // All that is chained is read before anything is written: the destination may be the source.
        k = Vector128.Load(keys + (16 * rounds));
        b0 = Aes.DecryptLast(b0, k) ^ chain;
        b1 = Aes.DecryptLast(b1, k) ^ Vector128.Load(source);
        b2 = Aes.DecryptLast(b2, k) ^ Vector128.Load(source + 16);
        b3 = Aes.DecryptLast(b3, k) ^ Vector128.Load(source + 32);
        b4 = Aes.DecryptLast(b4, k) ^ Vector128.Load(source + 48);
        b5 = Aes.DecryptLast(b5, k) ^ Vector128.Load(source + 64);
        b6 = Aes.DecryptLast(b6, k) ^ Vector128.Load(source + 80);
        b7 = Aes.DecryptLast(b7, k) ^ Vector128.Load(source + 96);
        chain = Vector128.Load(source + 112);
        b0.Store(destination);
        b1.Store(destination + 16);
        b2.Store(destination + 32);
        b3.Store(destination + 48);
        b4.Store(destination + 64);
        b5.Store(destination + 80);
        b6.Store(destination + 96);
        b7.Store(destination + 112);
        return chain;
    }

    private static unsafe Vector128<byte> DecryptFour(
        byte* keys, int rounds, Vector128<byte> chain, byte* source, byte* destination)
    {
        Vector128<byte> c0 = Vector128.Load(source), c1 = Vector128.Load(source + 16);
        Vector128<byte> c2 = Vector128.Load(source + 32), c3 = Vector128.Load(source + 48);
        Vector128<byte> k = Vector128.Load(keys);
        Vector128<byte> b0 = c0 ^ k, b1 = c1 ^ k, b2 = c2 ^ k, b3 = c3 ^ k;
        int last = 16 * rounds;
        for (int at = 16; at < last; at += 16)
        {
            k = Vector128.Load(keys + at);
            b0 = Aes.Decrypt(b0, k);
            b1 = Aes.Decrypt(b1, k);
            b2 = Aes.Decrypt(b2, k);
            b3 = Aes.Decrypt(b3, k);
        }

        k = Vector128.Load(keys + last);
        (Aes.DecryptLast(b0, k) ^ chain).Store(destination);
        (Aes.DecryptLast(b1, k) ^ c0).Store(destination + 16);
        (Aes.DecryptLast(b2, k) ^ c1).Store(destination + 32);
        (Aes.DecryptLast(b3, k) ^ c2).Store(destination + 48);
        return c3;
    }

    private static unsafe Vector128<byte> DecryptOne(byte* keys, int rounds, Vector128<byte> block)
    {
        block ^= Vector128.Load(keys);
        int last = 16 * rounds;
        for (int at = 16; at < last; at += 16)
        {
            block = Aes.Decrypt(block, Vector128.Load(keys + at));
        }

        return Aes.DecryptLast(block, Vector128.Load(keys + last));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
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
        b0 = Aes.Decrypt(b0, k);
        b1 = Aes.Decrypt(b1, k);
        b2 = Aes.Decrypt(b2, k);
        b3 = Aes.Decrypt(b3, k);
        b4 = Aes.Decrypt(b4, k);
        b5 = Aes.Decrypt(b5, k);
        b6 = Aes.Decrypt(b6, k);
        b7 = Aes.Decrypt(b7, k);
    }
}
