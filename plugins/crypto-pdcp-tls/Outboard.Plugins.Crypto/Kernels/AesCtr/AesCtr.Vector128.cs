using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Crypto.Kernels.AesBlock;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>Counter mode with AES-NI: eight counters are made, encrypted and xored in 128-bit registers.</summary>
internal readonly struct AesCtrVector128 : IAesCtrKernel
{
    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "aesni-x8";

    public static bool IsSupported => Aes.IsSupported && Ssse3.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Apply(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length)
    {
        ulong room = CounterBlock.BlocksBeforeWrap(ref counter);
        ulong blocks = ((ulong)length + 15) / 16;
        if (room != 0 && blocks > room)
        {
            nuint run = (nuint)(room * 16);
            Run<Counter128>(ref key, ref counter, ref source, ref destination, run);
            CounterBlock.Advance(ref counter, room);
            source = ref Unsafe.AddByteOffset(ref source, run);
            destination = ref Unsafe.AddByteOffset(ref destination, run);
            length -= run;
            blocks -= room;
        }

        Run<Counter128>(ref key, ref counter, ref source, ref destination, length);
        CounterBlock.Advance(ref counter, blocks);
    }

    public static void Apply32(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length)
    {
        Run<Counter32>(ref key, ref counter, ref source, ref destination, length);
        CounterBlock.Advance32(ref counter, (uint)(((ulong)length + 15) / 16));
    }

    private static void Run<TMode>(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length)
        where TMode : struct, ICounterMode
    {
        Vector128<byte> reverse = Ghash128.ReverseBytes;
        Vector128<byte> c = Ssse3.Shuffle(Vector128.LoadUnsafe(ref counter), reverse);
        nuint i = 0;
        for (; length - i >= 128; i += 128)
        {
            Vector128<byte> b0 = Ssse3.Shuffle(c, reverse);
            Vector128<byte> b1 = Ssse3.Shuffle(TMode.Add(c, 1), reverse);
            Vector128<byte> b2 = Ssse3.Shuffle(TMode.Add(c, 2), reverse);
            Vector128<byte> b3 = Ssse3.Shuffle(TMode.Add(c, 3), reverse);
            Vector128<byte> b4 = Ssse3.Shuffle(TMode.Add(c, 4), reverse);
            Vector128<byte> b5 = Ssse3.Shuffle(TMode.Add(c, 5), reverse);
            Vector128<byte> b6 = Ssse3.Shuffle(TMode.Add(c, 6), reverse);
            Vector128<byte> b7 = Ssse3.Shuffle(TMode.Add(c, 7), reverse);
            AesNi.EncryptEight(ref key, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            (Vector128.LoadUnsafe(ref source, i) ^ b0).StoreUnsafe(ref destination, i);
            (Vector128.LoadUnsafe(ref source, i + 16) ^ b1).StoreUnsafe(ref destination, i + 16);
            (Vector128.LoadUnsafe(ref source, i + 32) ^ b2).StoreUnsafe(ref destination, i + 32);
            (Vector128.LoadUnsafe(ref source, i + 48) ^ b3).StoreUnsafe(ref destination, i + 48);
            (Vector128.LoadUnsafe(ref source, i + 64) ^ b4).StoreUnsafe(ref destination, i + 64);
            (Vector128.LoadUnsafe(ref source, i + 80) ^ b5).StoreUnsafe(ref destination, i + 80);
            (Vector128.LoadUnsafe(ref source, i + 96) ^ b6).StoreUnsafe(ref destination, i + 96);
            (Vector128.LoadUnsafe(ref source, i + 112) ^ b7).StoreUnsafe(ref destination, i + 112);
            c = TMode.Add(c, 8);
        }

        if (i < length)
        {
            CtrTail.Apply<TMode>(
                ref key, c, ref Unsafe.AddByteOffset(ref source, i), ref Unsafe.AddByteOffset(ref destination, i), length - i);
        }
    }
}
