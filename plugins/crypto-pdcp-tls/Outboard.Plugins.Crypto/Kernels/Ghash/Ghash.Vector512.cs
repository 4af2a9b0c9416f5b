using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Ghash;

/// <summary>GHASH with VPCLMULQDQ on 512-bit registers: four blocks a register, thirty-two for each reduction.</summary>
/// <remarks>The reduction is a chain of two multiplications; thirty-two blocks between two of them hide it. Under 256 bytes the 256-bit kernel runs.</remarks>
internal readonly struct GhashVector512 : IGhashKernel
{
    private const int Step = 32;

    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "vpclmul-zmm";

    public static bool IsSupported => Pclmulqdq.V512.IsSupported && Avx512BW.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Update(ref AesKey key, ref byte hash, ref byte data, nuint blockCount)
    {
        nuint i = 0, length = blockCount * 16;
        if (length < 256)
        {
            GhashVector256.Update(ref key, ref hash, ref data, blockCount);
            return;
        }

        Vector512<byte> reverse = Ghash512.ReverseBytes;
        Vector128<ulong> y = Ssse3.Shuffle(Vector128.LoadUnsafe(ref hash), Ghash128.ReverseBytes).AsUInt64();
        while (length - i >= 64)
        {
            nuint run = Math.Min(length - i, Step * 16) & ~(nuint)63;
            ref byte powers = ref AesKey.PowersFrom(ref key, (int)(run / 16));
            Vector512<ulong> first = Ghash512.LoadReversed(ref data, i, reverse) ^ y.ToVector256().ToVector512();
            Ghash512.MultiplyFirst(first, Ghash512.Power(ref powers, 0), out Vector512<ulong> low, out Vector512<ulong> middle, out Vector512<ulong> high);
            if (run == Step * 16)
            {
                Ghash512.MultiplyAdd(Ghash512.LoadReversed(ref data, i + 64, reverse), Ghash512.Power(ref powers, 64), ref low, ref middle, ref high);
                Ghash512.MultiplyAdd(Ghash512.LoadReversed(ref data, i + 128, reverse), Ghash512.Power(ref powers, 128), ref low, ref middle, ref high);
                Ghash512.MultiplyAdd(Ghash512.LoadReversed(ref data, i + 192, reverse), Ghash512.Power(ref powers, 192), ref low, ref middle, ref high);
                Ghash512.MultiplyAdd(Ghash512.LoadReversed(ref data, i + 256, reverse), Ghash512.Power(ref powers, 256), ref low, ref middle, ref high);
                Ghash512.MultiplyAdd(Ghash512.LoadReversed(ref data, i + 320, reverse), Ghash512.Power(ref powers, 320), ref low, ref middle, ref high);
                Ghash512.MultiplyAdd(Ghash512.LoadReversed(ref data, i + 384, reverse), Ghash512.Power(ref powers, 384), ref low, ref middle, ref high);
                Ghash512.MultiplyAdd(Ghash512.LoadReversed(ref data, i + 448, reverse), Ghash512.Power(ref powers, 448), ref low, ref middle, ref high);
            }
            else
            {
                for (nuint j = 64; j < run; j += 64)
                {
                    Ghash512.MultiplyAdd(Ghash512.LoadReversed(ref data, i + j, reverse), Ghash512.Power(ref powers, j), ref low, ref middle, ref high);
                }
            }

            y = Ghash512.Reduce(low, middle, high);
            i += run;
        }

        Ssse3.Shuffle(y.AsByte(), Ghash128.ReverseBytes).StoreUnsafe(ref hash);
        if (i < length)
        {
            GhashVector128.Update(ref key, ref hash, ref Unsafe.AddByteOffset(ref data, i), (length - i) / 16);
        }
    }
}
