using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Ghash;

/// <summary>GHASH with PCLMULQDQ on 128-bit registers, eight blocks for each reduction.</summary>
/// <remarks>
/// y . H^8 ^ b0 . H^8 ... ^ b7 . H: the products are summed before they are reduced. Each is four carry-less
/// multiplications (low, high, two middle ones); the middle sum is spread over both halves once per step.
/// </remarks>
internal readonly struct GhashVector128 : IGhashKernel
{
    private const int Step = 8;

    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "pclmul";

    public static bool IsSupported => Pclmulqdq.IsSupported && Ssse3.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Update(ref AesKey key, ref byte hash, ref byte data, nuint blockCount)
    {
        Vector128<byte> reverse = Ghash128.ReverseBytes;
        Vector128<ulong> y = Ssse3.Shuffle(Vector128.LoadUnsafe(ref hash), reverse).AsUInt64();
        nuint i = 0, length = blockCount * 16;
        ref byte powers = ref AesKey.PowersFrom(ref key, Step);
        for (; length - i >= Step * 16; i += Step * 16)
        {
            y ^= Ghash128.LoadReversed(ref data, i, reverse);
            Ghash128.MultiplyFirst(y, Ghash128.Power(ref powers, 0), out Vector128<ulong> low, out Vector128<ulong> middle, out Vector128<ulong> high);
            Ghash128.MultiplyAdd(Ghash128.LoadReversed(ref data, i + 16, reverse), Ghash128.Power(ref powers, 1), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ghash128.LoadReversed(ref data, i + 32, reverse), Ghash128.Power(ref powers, 2), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ghash128.LoadReversed(ref data, i + 48, reverse), Ghash128.Power(ref powers, 3), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ghash128.LoadReversed(ref data, i + 64, reverse), Ghash128.Power(ref powers, 4), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ghash128.LoadReversed(ref data, i + 80, reverse), Ghash128.Power(ref powers, 5), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ghash128.LoadReversed(ref data, i + 96, reverse), Ghash128.Power(ref powers, 6), ref low, ref middle, ref high);
            Ghash128.MultiplyAdd(Ghash128.LoadReversed(ref data, i + 112, reverse), Ghash128.Power(ref powers, 7), ref low, ref middle, ref high);
            y = Ghash128.Reduce(low, middle, high);
        }

        if (i < length)
        {
            // The rest, one to seven blocks, is one aggregation too: it starts at the matching power.
            ref byte rest = ref AesKey.PowersFrom(ref key, (int)((length - i) / 16));
            y ^= Ghash128.LoadReversed(ref data, i, reverse);
            Ghash128.MultiplyFirst(y, Ghash128.Power(ref rest, 0), out Vector128<ulong> low, out Vector128<ulong> middle, out Vector128<ulong> high);
            i += 16;
            for (int p = 1; i < length; i += 16, p++)
            {
                Ghash128.MultiplyAdd(Ghash128.LoadReversed(ref data, i, reverse), Ghash128.Power(ref rest, p), ref low, ref middle, ref high);
            }

            y = Ghash128.Reduce(low, middle, high);
        }

        Ssse3.Shuffle(y.AsByte(), reverse).StoreUnsafe(ref hash);
    }
}
