using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>UIA2 with 512-bit carry-less multiplication: a register a block, and four blocks to one sum in longer messages.</summary>
internal readonly unsafe struct Uia2Vector512 : IUia2Hash
{
    /// <summary>From how many bytes on the powers P^9 to P^32 pay for themselves.</summary>
    private const int MorePowersMin = 768;

    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "vpclmul-512";

    public static bool IsSupported => Pclmulqdq.V512.IsSupported && Avx512BW.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Start(Uia2State* state, ulong p, ulong q, nuint length)
    {
        Uia2Field.Start(state, p, q);
        Vector512<ulong>.Zero.Store(state->Sum);
        if (length >= MorePowersMin)
        {
            StartMore(state);
        }
    }

    public static void Absorb(Uia2State* state, byte* data, nuint blockCount)
    {
        Vector512<ulong> p0 = Vector512.Load(state->Powers), sum = Vector512.Load(state->Sum);
        if (blockCount >= MorePowersMin / 64)
        {
            Vector512<ulong> p3 = Vector512.Load(state->MorePowers), p2 = Vector512.Load(state->MorePowers + 8);
            Vector512<ulong> p1 = Vector512.Load(state->MorePowers + 16), fourFold = Broadcast(state->FourBlockFold);
            for (; blockCount >= 4; blockCount -= 4, data += 256)
            {
                Vector512<ulong> products = Fold(Words(data), p3) ^ Fold(Words(data + 64), p2)
                    ^ Fold(Words(data + 128), p1) ^ Fold(Words(data + 192), p0);
                sum = Fold(sum, fourFold) ^ products;
            }
        }

        Vector512<ulong> fold = Broadcast(state->BlockFold);
        for (; blockCount != 0; blockCount--, data += 64)
        {
            sum = Fold(sum, fold) ^ Fold(Words(data), p0);
        }

        sum.Store(state->Sum);
    }

    public static uint Finish(Uia2State* state, ulong bitLength)
    {
        Vector512<ulong> sum = Vector512.Load(state->Sum);
        Vector256<ulong> half = sum.GetLower() ^ sum.GetUpper();
        return Uia2Field.Finish(state, half.GetLower() ^ half.GetUpper(), bitLength);
    }

    private static void StartMore(Uia2State* state)
    {
        Vector512<ulong> p0 = Vector512.Load(state->Powers), p8 = Vector512.Create(state->Powers[0]);
        Vector512<ulong> p1 = Multiply(p0, p8), p16 = Vector512.Create(p1.ToScalar());
        Vector512<ulong> p2 = Multiply(p0, p16), p3 = Multiply(p1, p16);
        p3.Store(state->MorePowers);
        p2.Store(state->MorePowers + 8);
        p1.Store(state->MorePowers + 16);
        Avx512F.UnpackLow(p3, TimesX64(p3)).GetLower().GetLower().Store(state->FourBlockFold);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Multiply(Vector512<ulong> a, Vector512<ulong> b)
    {
        Vector512<ulong> first = Pclmulqdq.V512.CarrylessMultiply(a, b, 0x00), second = Pclmulqdq.V512.CarrylessMultiply(a, b, 0x11);
        return Avx512F.UnpackLow(first, second) ^ TimesX64(Avx512F.UnpackHigh(first, second));
    }

    // As in Uia2Field, four times as wide.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> TimesX64(Vector512<ulong> high)
    {
        Vector512<ulong> t = high ^ (high >> 63) ^ (high >> 61) ^ (high >> 60);
        return t ^ (t << 1) ^ (t << 3) ^ (t << 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Fold(Vector512<ulong> x, Vector512<ulong> factors) =>
        Pclmulqdq.V512.CarrylessMultiply(x, factors, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(x, factors, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Broadcast(ulong* pair) => Vector512.Create(Vector256.Create(Vector128.Load(pair)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Words(byte* data)
    {
        Vector256<byte> reverse = Vector256.Create(Uia2Vector128.ReverseWords, Uia2Vector128.ReverseWords);
        return Avx512BW.Shuffle(Vector512.Load(data), Vector512.Create(reverse, reverse)).AsUInt64();
    }
}
