using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>Sixteen lanes: S1 and the feedback by GFNI affine maps, S2 by byte permutations of its whole table in four registers.</summary>
internal readonly unsafe struct Snow3gVector512 : ISnow3gLanes<Vector512<uint>>
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "gfni+vbmi-16-lanes";

    public static bool IsSupported => Avx512BW.IsSupported && Avx512Vbmi.IsSupported && Gfni.V512.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int LaneCount => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Load(uint* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint* destination, Vector512<uint> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> a, Vector512<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> a, Vector512<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> S1(Vector512<uint> w)
    {
        Vector512<byte> s = Gfni.V512.GaloisFieldAffineTransformInverse(
            w.AsByte(), Vector512.Create(Snow3gTables.S1Matrix).AsByte(), Snow3gField.S1Constant);
        Vector512<byte> doubled = Gfni.V512.GaloisFieldAffineTransformInverse(
            w.AsByte(), Vector512.Create(Snow3gTables.S1MatrixDoubled).AsByte(), Snow3gField.S1Constant << 1);
        return Mix(s.AsUInt32(), doubled.AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> S2(Vector512<uint> w)
    {
        Vector512<byte> x = w.AsByte();
        Vector512<byte> low = Avx512Vbmi.PermuteVar64x8x2(
            Vector512.Load(Snow3gTables.S2), x, Vector512.Load(Snow3gTables.S2 + 64));
        Vector512<byte> high = Avx512Vbmi.PermuteVar64x8x2(
            Vector512.Load(Snow3gTables.S2 + 128), x, Vector512.Load(Snow3gTables.S2 + 192));
        Vector512<byte> s = Vector512.ConditionalSelect(Vector512.LessThan(x.AsSByte(), Vector512<sbyte>.Zero).AsByte(), high, low);
        Vector512<byte> doubled = Gfni.V512.GaloisFieldAffineTransform(s, Vector512.Create(Snow3gTables.S2Doubling).AsByte(), 0);
        return Mix(s.AsUInt32(), doubled.AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Feedback(Vector512<uint> s0, Vector512<uint> s11)
    {
        // The byte that each product depends on, once for each byte of the result; a matrix for each of those; and back into words.
        Vector512<byte> top = Avx512Vbmi.PermuteVar64x8(s0.AsByte(), Vector512.Load(Snow3gTables.TopBytes));
        Vector512<byte> bottom = Avx512Vbmi.PermuteVar64x8(s11.AsByte(), Vector512.Load(Snow3gTables.LowBytes));
        Vector512<byte> planes = Gfni.V512.GaloisFieldAffineTransform(top, Vector512.Load(Snow3gTables.AlphaMultiply), 0)
            ^ Gfni.V512.GaloisFieldAffineTransform(bottom, Vector512.Load(Snow3gTables.AlphaDivide), 0);
        return (s0 << 8) ^ (s11 >> 8) ^ Avx512Vbmi.PermuteVar64x8(planes, Vector512.Load(Snow3gTables.Scatter)).AsUInt32();
    }

    public static void Transpose(uint* rows, byte* blocks)
    {
        Vector512<uint>* u = stackalloc Vector512<uint>[16];
        Vector512<byte> reverse = ReverseWords;
        for (int q = 0; q < 4; q++)
        {
            uint* row = rows + (64 * q);
            Vector512<uint> a = Avx512F.UnpackLow(Load(row), Load(row + 16)), b = Avx512F.UnpackHigh(Load(row), Load(row + 16));
            Vector512<uint> c = Avx512F.UnpackLow(Load(row + 32), Load(row + 48)), d = Avx512F.UnpackHigh(Load(row + 32), Load(row + 48));
            u[q] = Reverse(Avx512F.UnpackLow(a.AsUInt64(), c.AsUInt64()), reverse);
            u[4 + q] = Reverse(Avx512F.UnpackHigh(a.AsUInt64(), c.AsUInt64()), reverse);
            u[8 + q] = Reverse(Avx512F.UnpackLow(b.AsUInt64(), d.AsUInt64()), reverse);
            u[12 + q] = Reverse(Avx512F.UnpackHigh(b.AsUInt64(), d.AsUInt64()), reverse);
        }

        for (int j = 0; j < 4; j++)
        {
            Vector512<uint>* of = u + (4 * j);
            uint* to = (uint*)blocks + (16 * j);
            Vector512<uint> v0 = Avx512F.Shuffle4x128(of[0], of[1], 0x44), v1 = Avx512F.Shuffle4x128(of[0], of[1], 0xEE);
            Vector512<uint> v2 = Avx512F.Shuffle4x128(of[2], of[3], 0x44), v3 = Avx512F.Shuffle4x128(of[2], of[3], 0xEE);
            Store(to, Avx512F.Shuffle4x128(v0, v2, 0x88));
            Store(to + 64, Avx512F.Shuffle4x128(v0, v2, 0xDD));
            Store(to + 128, Avx512F.Shuffle4x128(v1, v3, 0x88));
            Store(to + 192, Avx512F.Shuffle4x128(v1, v3, 0xDD));
        }
    }

    public static void XorBlock(byte* destination, byte* source, byte* keystream) =>
        (Vector512.Load(source) ^ Vector512.Load(keystream)).Store(destination);

    /// <summary>Reverses the bytes of each word.</summary>
    private static Vector512<byte> ReverseWords
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(Snow3gVector256.ReverseWords, Snow3gVector256.ReverseWords);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Reverse(Vector512<ulong> x, Vector512<byte> reverse) =>
        Avx512BW.Shuffle(x.AsByte(), reverse).AsUInt32();

    /// <summary>The matrix over the four substituted bytes: with s the bytes, d their doubles, d ^ (d ^ s &gt;&gt;&gt; 8) ^ (s &lt;&lt;&lt; 8) ^ (s &lt;&lt;&lt; 16).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Mix(Vector512<uint> s, Vector512<uint> doubled)
    {
        Vector512<uint> half = Avx512F.RotateLeft(s, 16);
        return doubled ^ half ^ Avx512F.RotateRight(doubled ^ s ^ half, 8);
    }
}
