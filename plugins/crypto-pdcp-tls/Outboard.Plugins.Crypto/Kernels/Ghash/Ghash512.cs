using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Outboard.Plugins.Crypto.Kernels.Ghash;

/// <summary>The steps of a carry-less GHASH in 512-bit registers, four independent products in each.</summary>
internal static class Ghash512
{
    public static Vector512<byte> ReverseBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(Ghash256.ReverseBytes, Ghash256.ReverseBytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> LoadReversed(ref byte data, nuint offset, Vector512<byte> reverse) =>
        Avx512BW.Shuffle(Vector512.LoadUnsafe(ref data, offset), reverse).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Power(ref byte powers, nuint offset) => Vector512.LoadUnsafe(ref powers, offset).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyFirst(
        Vector512<ulong> a, Vector512<ulong> b, out Vector512<ulong> low, out Vector512<ulong> middle, out Vector512<ulong> high)
    {
        low = Pclmulqdq.V512.CarrylessMultiply(a, b, 0x00);
        high = Pclmulqdq.V512.CarrylessMultiply(a, b, 0x11);
        middle = Pclmulqdq.V512.CarrylessMultiply(Folded(a), Folded(b), 0x00);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(
        Vector512<ulong> a, Vector512<ulong> b, ref Vector512<ulong> low, ref Vector512<ulong> middle, ref Vector512<ulong> high)
    {
        low ^= Pclmulqdq.V512.CarrylessMultiply(a, b, 0x00);
        high ^= Pclmulqdq.V512.CarrylessMultiply(a, b, 0x11);
        middle ^= Pclmulqdq.V512.CarrylessMultiply(Folded(a), Folded(b), 0x00);
    }

    // The two halves added up, in both halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Folded(Vector512<ulong> x) => x ^ Avx512F.Shuffle(x.AsUInt32(), 0x4E).AsUInt64();

    /// <summary>Adds the four sums up and folds the result once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Reduce(Vector512<ulong> low, Vector512<ulong> middle, Vector512<ulong> high) =>
        Ghash256.Reduce(
            low.GetLower() ^ low.GetUpper(), middle.GetLower() ^ middle.GetUpper(), high.GetLower() ^ high.GetUpper());
}
