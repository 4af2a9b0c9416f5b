using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Crypto.Kernels.AesBlock;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>Counter mode with 512-bit registers round AES-NI: counters are made and data is xored four blocks a register.</summary>
internal readonly struct AesCtrVector512 : IAesCtrKernel
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "aesni-x8+zmm";

    public static bool IsSupported => Aes.IsSupported && Avx512BW.IsSupported;

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
        Vector512<byte> reverse = Ghash512.ReverseBytes;
        Vector128<byte> start = Ssse3.Shuffle(Vector128.LoadUnsafe(ref counter), Ghash128.ReverseBytes);
        Vector512<byte> c = Vector512.Create(
            Vector256.Create(start, TMode.Add(start, 1)), Vector256.Create(TMode.Add(start, 2), TMode.Add(start, 3)));
        nuint i = 0;
        for (; length - i >= 128; i += 128)
        {
            Vector512<byte> p = Avx512BW.Shuffle(c, reverse);
            Vector128<byte> b0 = p.GetLower().GetLower(), b1 = p.GetLower().GetUpper();
            Vector128<byte> b2 = p.GetUpper().GetLower(), b3 = p.GetUpper().GetUpper();
            p = Avx512BW.Shuffle(TMode.Add(c, Increment(4)), reverse);
            Vector128<byte> b4 = p.GetLower().GetLower(), b5 = p.GetLower().GetUpper();
            Vector128<byte> b6 = p.GetUpper().GetLower(), b7 = p.GetUpper().GetUpper();
            AesNi.EncryptEight(ref key, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5, ref b6, ref b7);
            (Vector512.LoadUnsafe(ref source, i) ^ Join(b0, b1, b2, b3)).StoreUnsafe(ref destination, i);
            (Vector512.LoadUnsafe(ref source, i + 64) ^ Join(b4, b5, b6, b7)).StoreUnsafe(ref destination, i + 64);
            c = TMode.Add(c, Increment(8));
        }

        if (i < length)
        {
            CtrTail.Apply<TMode>(
                ref key, c.GetLower().GetLower(), ref Unsafe.AddByteOffset(ref source, i), ref Unsafe.AddByteOffset(ref destination, i), length - i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Increment(uint blocks) =>
        Vector512.Create(blocks, 0, 0, 0, blocks, 0, 0, 0, blocks, 0, 0, 0, blocks, 0, 0, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Join(Vector128<byte> b0, Vector128<byte> b1, Vector128<byte> b2, Vector128<byte> b3) =>
        Vector512.Create(Vector256.Create(b0, b1), Vector256.Create(b2, b3));
}
