using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>Two products at a time in GF(2^64) modulo x^64 + x^4 + x^3 + x + 1, and the powers that a UIA2 message needs.</summary>
internal static unsafe class Uia2Field
{
    /// <summary>x^64 reduced.</summary>
    public const ulong Polynomial = 0x1B;

    /// <summary>Makes P^8 to P^1 and the two folds.</summary>
    public static void Start(Uia2State* state, ulong p, ulong q)
    {
        Vector128<ulong> first = Vector128.CreateScalar(p);
        Vector128<ulong> square = Multiply(first, first);
        Vector128<ulong> p2p1 = Sse2.UnpackLow(square, first);
        Vector128<ulong> p2p2 = Sse2.UnpackLow(square, square);
        Vector128<ulong> p4p3 = Multiply(p2p1, p2p2);
        Vector128<ulong> p4p4 = Sse2.UnpackLow(p4p3, p4p3);
        Vector128<ulong> p6p5 = Multiply(p2p1, p4p4);
        Vector128<ulong> p8p7 = Multiply(p4p3, p4p4);
        p8p7.Store(state->Powers);
        p6p5.Store(state->Powers + 2);
        p4p3.Store(state->Powers + 4);
        p2p1.Store(state->Powers + 6);
        Vector128<ulong> folds = Sse2.UnpackLow(p8p7, Vector128.CreateScalar(q));
        Vector128<ulong> shifted = TimesX64(folds);
        Sse2.UnpackLow(folds, shifted).Store(state->BlockFold);
        Sse2.UnpackHigh(folds, shifted).Store(state->LastFold);
    }

    /// <summary>The upper half of (sum ^ length) . Q for a 128-bit sum.</summary>
    public static uint Finish(Uia2State* state, Vector128<ulong> sum, ulong bitLength)
    {
        Vector128<ulong> product = Fold(sum ^ Vector128.CreateScalar(bitLength), Vector128.Load(state->LastFold));
        ulong low = product.ToScalar(), t = Overflow(product.GetElement(1));
        return (uint)((low ^ t ^ (t << 1) ^ (t << 3) ^ (t << 4)) >> 32);
    }

    /// <summary>low . factor + high . (x^64 . factor), or two products of a power each: 127 bits, not reduced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Fold(Vector128<ulong> x, Vector128<ulong> factors) =>
        Pclmulqdq.CarrylessMultiply(x, factors, 0x00) ^ Pclmulqdq.CarrylessMultiply(x, factors, 0x11);

    /// <summary>The products of the two halves, reduced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Multiply(Vector128<ulong> a, Vector128<ulong> b)
    {
        Vector128<ulong> first = Pclmulqdq.CarrylessMultiply(a, b, 0x00), second = Pclmulqdq.CarrylessMultiply(a, b, 0x11);
        return Sse2.UnpackLow(first, second) ^ TimesX64(Sse2.UnpackHigh(first, second));
    }

    // What leaves at the top when x^64 = x^4 + x^3 + x + 1 is put in comes back once more, and is short enough to stay then.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> TimesX64(Vector128<ulong> high)
    {
        Vector128<ulong> t = high ^ (high >> 63) ^ (high >> 61) ^ (high >> 60);
        return t ^ (t << 1) ^ (t << 3) ^ (t << 4);
    }

    private static ulong Overflow(ulong high) => high ^ (high >> 63) ^ (high >> 61) ^ (high >> 60);
}
