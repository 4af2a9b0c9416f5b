using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Ghash;

/// <summary>GHASH with VPCLMULQDQ on 256-bit registers: two blocks a register, sixteen for each reduction.</summary>
/// <remarks>Under 128 bytes the 128-bit kernel runs: wide loads of what was just stored in small pieces wait for the stores.</remarks>
internal readonly struct GhashVector256 : IGhashKernel
{
    private const int Step = 16;

    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "vpclmul-ymm";

    public static bool IsSupported => Pclmulqdq.V256.IsSupported && Avx2.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Update(ref AesKey key, ref byte hash, ref byte data, nuint blockCount)
    {
        nuint i = 0, length = blockCount * 16;
        if (length < 128)
        {
            GhashVector128.Update(ref key, ref hash, ref data, blockCount);
            return;
        }

        Vector256<byte> reverse = Ghash256.ReverseBytes;
        Vector128<ulong> y = Ssse3.Shuffle(Vector128.LoadUnsafe(ref hash), Ghash128.ReverseBytes).AsUInt64();
        while (length - i >= 64)
        {
            // Four, eight, twelve or sixteen blocks are aggregated; only the last step is shorter than sixteen.
            nuint run = Math.Min(length - i, Step * 16) & ~(nuint)63;
            ref byte powers = ref AesKey.PowersFrom(ref key, (int)(run / 16));
            Vector256<ulong> first = Ghash256.LoadReversed(ref data, i, reverse) ^ y.ToVector256();
            Ghash256.MultiplyFirst(first, Ghash256.Power(ref powers, 0), out Vector256<ulong> low, out Vector256<ulong> middle, out Vector256<ulong> high);
            Ghash256.MultiplyAdd(Ghash256.LoadReversed(ref data, i + 32, reverse), Ghash256.Power(ref powers, 32), ref low, ref middle, ref high);
            if (run == Step * 16)
            {
                Ghash256.MultiplyAdd(Ghash256.LoadReversed(ref data, i + 64, reverse), Ghash256.Power(ref powers, 64), ref low, ref middle, ref high);
                Ghash256.MultiplyAdd(Ghash256.LoadReversed(ref data, i + 96, reverse), Ghash256.Power(ref powers, 96), ref low, ref middle, ref high);
                Ghash256.MultiplyAdd(Ghash256.LoadReversed(ref data, i + 128, reverse), Ghash256.Power(ref powers, 128), ref low, ref middle, ref high);
                Ghash256.MultiplyAdd(Ghash256.LoadReversed(ref data, i + 160, reverse), Ghash256.Power(ref powers, 160), ref low, ref middle, ref high);
                Ghash256.MultiplyAdd(Ghash256.LoadReversed(ref data, i + 192, reverse), Ghash256.Power(ref powers, 192), ref low, ref middle, ref high);
                Ghash256.MultiplyAdd(Ghash256.LoadReversed(ref data, i + 224, reverse), Ghash256.Power(ref powers, 224), ref low, ref middle, ref high);
            }
            else
            {
                for (nuint j = 64; j < run; j += 32)
                {
                    Ghash256.MultiplyAdd(Ghash256.LoadReversed(ref data, i + j, reverse), Ghash256.Power(ref powers, j), ref low, ref middle, ref high);
                }
            }

            y = Ghash256.Reduce(low, middle, high);
            i += run;
        }

        Ssse3.Shuffle(y.AsByte(), Ghash128.ReverseBytes).StoreUnsafe(ref hash);
        if (i < length)
        {
            GhashVector128.Update(ref key, ref hash, ref Unsafe.AddByteOffset(ref data, i), (length - i) / 16);
        }
    }
}
