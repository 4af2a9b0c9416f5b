using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Outboard.Plugins.Crypto.Kernels.Ghash;

/// <summary>The steps of a carry-less GHASH in 128-bit registers; the wider kernels end in them too.</summary>
internal static class Ghash128
{
    public static Vector128<byte> ReverseBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    }

    // The reduction constant: x^7 + x^2 + x in the reflected order, as the upper word.
    private static Vector128<ulong> Fold
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(0xC200000000000000UL);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> LoadReversed(ref byte data, nuint offset, Vector128<byte> reverse) =>
        Ssse3.Shuffle(Vector128.LoadUnsafe(ref data, offset), reverse).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Power(ref byte powers, int index) =>
        Vector128.LoadUnsafe(ref powers, (uint)index * 16).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyFirst(
        Vector128<ulong> a, Vector128<ulong> b, out Vector128<ulong> low, out Vector128<ulong> middle, out Vector128<ulong> high)
    {
        low = Pclmulqdq.CarrylessMultiply(a, b, 0x00);
        high = Pclmulqdq.CarrylessMultiply(a, b, 0x11);
        middle = Pclmulqdq.CarrylessMultiply(Folded(a), Folded(b), 0x00);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(
        Vector128<ulong> a, Vector128<ulong> b, ref Vector128<ulong> low, ref Vector128<ulong> middle, ref Vector128<ulong> high)
    {
        low ^= Pclmulqdq.CarrylessMultiply(a, b, 0x00);
        high ^= Pclmulqdq.CarrylessMultiply(a, b, 0x11);
        middle ^= Pclmulqdq.CarrylessMultiply(Folded(a), Folded(b), 0x00);
    }

    // The two halves added up, in both halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Folded(Vector128<ulong> x) => x ^ Sse2.Shuffle(x.AsUInt32(), 0x4E).AsUInt64();

    /// <summary>Folds a 256-bit sum to 128 bits: each low word moves up by x^128 = x^7 + x^2 + x + 1, twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Reduce(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        middle ^= low ^ high;
        low ^= Sse2.ShiftLeftLogical128BitLane(middle, 8);
        high ^= Sse2.ShiftRightLogical128BitLane(middle, 8);
        Vector128<ulong> folded = Pclmulqdq.CarrylessMultiply(low, Fold, 0x00);
        low = Sse2.Shuffle(low.AsUInt32(), 0x4E).AsUInt64() ^ folded;
        folded = Pclmulqdq.CarrylessMultiply(low, Fold, 0x00);
        low = Sse2.Shuffle(low.AsUInt32(), 0x4E).AsUInt64() ^ folded;
        return high ^ low;
    }
}
