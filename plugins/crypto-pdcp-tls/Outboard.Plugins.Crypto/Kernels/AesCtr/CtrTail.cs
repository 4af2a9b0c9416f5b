using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Crypto.Kernels.AesBlock;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>The last 1 to 127 bytes of a counter-mode message, in 128-bit registers at every vector width.</summary>
internal static class CtrTail
{
    /// <summary>The keystream is made by one, four or eight blocks at once; what is left over is dropped.</summary>
    [SkipLocalsInit]
    public static void Apply<TMode>(
        ref AesKey key, Vector128<byte> counter, ref byte source, ref byte destination, nuint length)
        where TMode : struct, ICounterMode
    {
        Vector128<byte> reverse = Ghash128.ReverseBytes;
        Unsafe.SkipInit(out KeystreamBuffer buffer);
        ref byte keystream = ref buffer.First;
        Vector128<byte> b0 = Ssse3.Shuffle(counter, reverse);
        if (length <= 16)
        {
            AesNi.EncryptOne(ref key, b0).StoreUnsafe(ref keystream);
            KeystreamXor.Apply(ref source, ref destination, ref keystream, length);
            return;
        }

        Vector128<byte> b1 = Ssse3.Shuffle(TMode.Add(counter, 1), reverse);
        Vector128<byte> b2 = Ssse3.Shuffle(TMode.Add(counter, 2), reverse);
        Vector128<byte> b3 = Ssse3.Shuffle(TMode.Add(counter, 3), reverse);
        if (length <= 64)
        {
            AesNi.EncryptFour(ref key, ref b0, ref b1, ref b2, ref b3);
        }
        else
        {
            Vector128<byte> b4 = Ssse3.Shuffle(TMode.Add(counter, 4), reverse);
            Vector128<byte> b5 = Ssse3.Shuffle(TMode.Add(counter, 5), reverse);
            Vector128<byte> b6 = Ssse3.Shuffle(TMode.Add(counter, 6), reverse);
            Vector128<byte> b7 = Ssse3.Shuffle(TMode.Add(counter, 7), reverse);
            AesNi.EncryptEight(ref key, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            b4.StoreUnsafe(ref keystream, 64);
            b5.StoreUnsafe(ref keystream, 80);
            b6.StoreUnsafe(ref keystream, 96);
            b7.StoreUnsafe(ref keystream, 112);
        }

        b0.StoreUnsafe(ref keystream);
        b1.StoreUnsafe(ref keystream, 16);
        b2.StoreUnsafe(ref keystream, 32);
        b3.StoreUnsafe(ref keystream, 48);
        nuint i = 0;
        for (; length - i >= 16; i += 16)
        {
            (Vector128.LoadUnsafe(ref source, i) ^ Vector128.LoadUnsafe(ref keystream, i)).StoreUnsafe(ref destination, i);
        }

        KeystreamXor.Apply(
            ref Unsafe.AddByteOffset(ref source, i),
            ref Unsafe.AddByteOffset(ref destination, i),
            ref Unsafe.AddByteOffset(ref keystream, i),
            length - i);
    }
}
