using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Outboard.Plugins.Crypto.Kernels.Ghash;

/// <summary>The steps of a carry-less GHASH in 256-bit registers, two independent products in each.</summary>
internal static class Ghash256
{
    public static Vector256<byte> ReverseBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(Ghash128.ReverseBytes, Ghash128.ReverseBytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> LoadReversed(ref byte data, nuint offset, Vector256<byte> reverse) =>
        Avx2.Shuffle(Vector256.LoadUnsafe(ref data, offset), reverse).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Power(ref byte powers, nuint offset) => Vector256.LoadUnsafe(ref powers, offset).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyFirst(
        Vector256<ulong> a, Vector256<ulong> b, out Vector256<ulong> low, out Vector256<ulong> middle, out Vector256<ulong> high)
    {
        low = Pclmulqdq.V256.CarrylessMultiply(a, b, 0x00);
        high = Pclmulqdq.V256.CarrylessMultiply(a, b, 0x11);
        middle = Pclmulqdq.V256.CarrylessMultiply(Folded(a), Folded(b), 0x00);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(
        Vector256<ulong> a, Vector256<ulong> b, ref Vector256<ulong> low, ref Vector256<ulong> middle, ref Vector256<ulong> high)
    {
        low ^= Pclmulqdq.V256.CarrylessMultiply(a, b, 0x00);
        high ^= Pclmulqdq.V256.CarrylessMultiply(a, b, 0x11);
        middle ^= Pclmulqdq.V256.CarrylessMultiply(Folded(a), Folded(b), 0x00);
    }

    // The two halves added up, in both halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Folded(Vector256<ulong> x) => x ^ Avx2.Shuffle(x.AsUInt32(), 0x4E).AsUInt64();

    /// <summary>Adds the two sums up and folds the result once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Reduce(Vector256<ulong> low, Vector256<ulong> middle, Vector256<ulong> high) =>
        Ghash128.Reduce(
            low.GetLower() ^ low.GetUpper(), middle.GetLower() ^ middle.GetUpper(), high.GetLower() ^ high.GetUpper());
}
