using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Crypto.Kernels.AesBlock;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>Counter mode with 256-bit registers round AES-NI: counters are made and data is xored two blocks a register.</summary>
internal readonly struct AesCtrVector256 : IAesCtrKernel
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "aesni-x8+ymm";

    public static bool IsSupported => Aes.IsSupported && Avx2.IsSupported;

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
        Vector256<byte> reverse = Ghash256.ReverseBytes;
        Vector128<byte> start = Ssse3.Shuffle(Vector128.LoadUnsafe(ref counter), Ghash128.ReverseBytes);
        Vector256<byte> c = Vector256.Create(start, TMode.Add(start, 1));
        nuint i = 0;
        for (; length - i >= 128; i += 128)
        {
            Vector256<byte> p = Avx2.Shuffle(c, reverse);
            Vector128<byte> b0 = p.GetLower(), b1 = p.GetUpper();
            p = Avx2.Shuffle(TMode.Add(c, Increment(2)), reverse);
            Vector128<byte> b2 = p.GetLower(), b3 = p.GetUpper();
            p = Avx2.Shuffle(TMode.Add(c, Increment(4)), reverse);
            Vector128<byte> b4 = p.GetLower(), b5 = p.GetUpper();
            p = Avx2.Shuffle(TMode.Add(c, Increment(6)), reverse);
            Vector128<byte> b6 = p.GetLower(), b7 = p.GetUpper();
            AesNi.EncryptEight(ref key, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            (Vector256.LoadUnsafe(ref source, i) ^ Vector256.Create(b0, b1)).StoreUnsafe(ref destination, i);
            (Vector256.LoadUnsafe(ref source, i + 32) ^ Vector256.Create(b2, b3)).StoreUnsafe(ref destination, i + 32);
            (Vector256.LoadUnsafe(ref source, i + 64) ^ Vector256.Create(b4, b5)).StoreUnsafe(ref destination, i + 64);
            (Vector256.LoadUnsafe(ref source, i + 96) ^ Vector256.Create(b6, b7)).StoreUnsafe(ref destination, i + 96);
            c = TMode.Add(c, Increment(8));
        }

        if (i < length)
        {
            CtrTail.Apply<TMode>(
                ref key, c.GetLower(), ref Unsafe.AddByteOffset(ref source, i), ref Unsafe.AddByteOffset(ref destination, i), length - i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Increment(uint blocks) => Vector256.Create(blocks, 0, 0, 0, blocks, 0, 0, 0);
}
