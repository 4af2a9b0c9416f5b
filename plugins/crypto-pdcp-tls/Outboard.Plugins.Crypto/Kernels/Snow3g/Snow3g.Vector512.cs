using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>Sixteen lanes: S1 and the feedback by GFNI affine maps, S2 by byte permutations of its whole table in four registers.</summary>
internal unsafe struct Snow3gVector512 : ISnow3gLanes<Vector512<uint>>
{
    private Vector512<byte> _s2First, _s2Second, _s2Third, _s2Fourth;
    private Vector512<byte> _topBytes, _lowBytes, _alphaMultiply, _alphaDivide, _scatter;

    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "gfni+vbmi-16-lanes";

    public static bool IsSupported => Avx512BW.IsSupported && Avx512Vbmi.IsSupported && Gfni.V512.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int LaneCount => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prepare()
    {
        _s2First = Vector512.Load(Snow3gTables.S2);
        _s2Second = Vector512.Load(Snow3gTables.S2 + 64);
        _s2Third = Vector512.Load(Snow3gTables.S2 + 128);
        _s2Fourth = Vector512.Load(Snow3gTables.S2 + 192);
        _topBytes = Vector512.Load(Snow3gTables.TopBytes);
        _lowBytes = Vector512.Load(Snow3gTables.LowBytes);
        _alphaMultiply = Vector512.Load(Snow3gTables.AlphaMultiply);
        _alphaDivide = Vector512.Load(Snow3gTables.AlphaDivide);
        _scatter = Vector512.Load(Snow3gTables.Scatter);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Load(uint* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint* destination, Vector512<uint> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> a, Vector512<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> a, Vector512<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector512<uint> S1(Vector512<uint> w)
    {
        Vector512<byte> s = Gfni.V512.GaloisFieldAffineTransformInverse(
            w.AsByte(), Vector512.Create(Snow3gTables.S1Matrix).AsByte(), Snow3gField.S1Constant);
        Vector512<byte> doubled = Gfni.V512.GaloisFieldAffineTransformInverse(
            w.AsByte(), Vector512.Create(Snow3gTables.S1MatrixDoubled).AsByte(), Snow3gField.S1Constant << 1);
        return Mix(s.AsUInt32(), doubled.AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector512<uint> S2(Vector512<uint> w)
    {
        Vector512<byte> x = w.AsByte();
        Vector512<byte> low = Avx512Vbmi.PermuteVar64x8x2(_s2First, x, _s2Second);
        Vector512<byte> high = Avx512Vbmi.PermuteVar64x8x2(_s2Third, x, _s2Fourth);
        Vector512<byte> s = Vector512.ConditionalSelect(Vector512.LessThan(x.AsSByte(), Vector512<sbyte>.Zero).AsByte(), high, low);
        Vector512<byte> doubled = Gfni.V512.GaloisFieldAffineTransform(s, Vector512.Create(Snow3gTables.S2Doubling).AsByte(), 0);
        return Mix(s.AsUInt32(), doubled.AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector512<uint> Feedback(Vector512<uint> s0, Vector512<uint> s11)
    {
        // The byte that each product depends on, once for each byte of the result; a matrix for each of those; and back into words.
        Vector512<byte> top = Avx512Vbmi.PermuteVar64x8(s0.AsByte(), _topBytes);
        Vector512<byte> bottom = Avx512Vbmi.PermuteVar64x8(s11.AsByte(), _lowBytes);
        Vector512<byte> planes = Gfni.V512.GaloisFieldAffineTransform(top, _alphaMultiply, 0)
            ^ Gfni.V512.GaloisFieldAffineTransform(bottom, _alphaDivide, 0);
        return (s0 << 8) ^ (s11 >> 8) ^ Avx512Vbmi.PermuteVar64x8(planes, _scatter).AsUInt32();
    }

    public static void Transpose(uint* rows, int rowLength, byte* blocks)
    {
        LaneMessage* lanes = stackalloc LaneMessage[16];
        for (int lane = 0; lane < 16; lane++)
        {
            lanes[lane].Destination = blocks + (64 * lane);
        }

        Blocks(rows, rowLength, lanes, 0, keystreamOnly: true);
    }

    public static void XorBlock(byte* destination, byte* source, byte* keystream) =>
        (Vector512.Load(source) ^ Vector512.Load(keystream)).Store(destination);

    public static void XorTail(byte* destination, byte* source, byte* keystream, nuint bitLength)
    {
        int bits = (int)(bitLength % 8);
        Vector512<byte> index = Vector512<byte>.Indices;
        Vector512<byte> touched = Vector512.LessThan(index, Vector512.Create((byte)((bitLength + 7) / 8)));
        Vector512<byte> block = Vector512.Load(keystream)
            ^ Avx512BW.MaskLoad(source, touched, Vector512<byte>.Zero);
        if (bits != 0)
        {
            Vector512<byte> kept = Vector512.Equals(index, Vector512.Create((byte)(bitLength / 8)))
                & Vector512.Create((byte)(0xFF >> bits));
            block = Vector512.ConditionalSelect(kept, Avx512BW.MaskLoad(destination, touched, Vector512<byte>.Zero), block);
        }

        Avx512BW.MaskStore(destination, touched, block);
    }

    // Two of these in one method would be past what the JIT inlines into it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void XorAll(uint* rows, int rowLength, byte* blocks, LaneMessage* lanes, nuint offset) =>
        Blocks(rows, rowLength, lanes, offset, keystreamOnly: false);

    // Four rows at a time become quads: lane k of quad j has the four words of column 4k + j. Four quads of the same j are 16 words each.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Blocks(uint* rows, int rowLength, LaneMessage* lanes, nuint offset, bool keystreamOnly)
    {
        nuint four = 4 * (nuint)(uint)rowLength;
        Quads(rows, rowLength, out Vector512<uint> q00, out Vector512<uint> q01, out Vector512<uint> q02, out Vector512<uint> q03);
        Quads(rows + four, rowLength, out Vector512<uint> q10, out Vector512<uint> q11, out Vector512<uint> q12, out Vector512<uint> q13);
        Quads(rows + (2 * four), rowLength, out Vector512<uint> q20, out Vector512<uint> q21, out Vector512<uint> q22, out Vector512<uint> q23);
        Quads(rows + (3 * four), rowLength, out Vector512<uint> q30, out Vector512<uint> q31, out Vector512<uint> q32, out Vector512<uint> q33);
        Four(q00, q10, q20, q30, lanes, offset, keystreamOnly);
        Four(q01, q11, q21, q31, lanes + 1, offset, keystreamOnly);
        Four(q02, q12, q22, q32, lanes + 2, offset, keystreamOnly);
        Four(q03, q13, q23, q33, lanes + 3, offset, keystreamOnly);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quads(
        uint* r0, int rowLength, out Vector512<uint> q0, out Vector512<uint> q1, out Vector512<uint> q2, out Vector512<uint> q3)
    {
        uint* r1 = r0 + rowLength, r2 = r1 + rowLength, r3 = r2 + rowLength;
        Vector512<ulong> a = Avx512F.UnpackLow(Load(r0), Load(r1)).AsUInt64();
        Vector512<ulong> b = Avx512F.UnpackHigh(Load(r0), Load(r1)).AsUInt64();
        Vector512<ulong> c = Avx512F.UnpackLow(Load(r2), Load(r3)).AsUInt64();
        Vector512<ulong> d = Avx512F.UnpackHigh(Load(r2), Load(r3)).AsUInt64();
        Vector512<byte> reverse = ReverseWords;
        q0 = Reverse(Avx512F.UnpackLow(a, c), reverse);
        q1 = Reverse(Avx512F.UnpackHigh(a, c), reverse);
        q2 = Reverse(Avx512F.UnpackLow(b, d), reverse);
        q3 = Reverse(Avx512F.UnpackHigh(b, d), reverse);
    }

    // Lanes 0, 4, 8 and 12 from the first.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(
        Vector512<uint> q0, Vector512<uint> q1, Vector512<uint> q2, Vector512<uint> q3, LaneMessage* lanes, nuint offset, bool keystreamOnly)
    {
        Vector512<uint> v0 = Avx512F.Shuffle4x128(q0, q1, 0x44), v1 = Avx512F.Shuffle4x128(q0, q1, 0xEE);
        Vector512<uint> v2 = Avx512F.Shuffle4x128(q2, q3, 0x44), v3 = Avx512F.Shuffle4x128(q2, q3, 0xEE);
        Put(Avx512F.Shuffle4x128(v0, v2, 0x88), lanes, offset, keystreamOnly);
        Put(Avx512F.Shuffle4x128(v0, v2, 0xDD), lanes + 4, offset, keystreamOnly);
        Put(Avx512F.Shuffle4x128(v1, v3, 0x88), lanes + 8, offset, keystreamOnly);
        Put(Avx512F.Shuffle4x128(v1, v3, 0xDD), lanes + 12, offset, keystreamOnly);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Vector512<uint> keystream, LaneMessage* lane, nuint offset, bool keystreamOnly)
    {
        Vector512<byte> block = keystreamOnly ? keystream.AsByte() : keystream.AsByte() ^ Vector512.Load(lane->Source + offset);
        block.Store(lane->Destination + offset);
    }

    /// <summary>Reverses the bytes of each word.</summary>
    private static Vector512<byte> ReverseWords
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(Snow3gVector256.ReverseWords, Snow3gVector256.ReverseWords);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Reverse(Vector512<ulong> x, Vector512<byte> reverse) =>
        Avx512BW.Shuffle(x.AsByte(), reverse).AsUInt32();

    /// <summary>
    /// The matrix over the four substituted bytes. With s those bytes, d their doubles and h = s turned by 16: d ^ h ^ (d ^ s ^ h turned
    /// to the right by 8).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Mix(Vector512<uint> s, Vector512<uint> doubled)
    {
        Vector512<uint> half = Avx512F.RotateLeft(s, 16);
        return doubled ^ half ^ Avx512F.RotateRight(doubled ^ s ^ half, 8);
    }
}
