using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>Eight lanes: all three maps by GFNI, S2 and the feedback carried over to the field that GF2P8MULB multiplies in.</summary>
/// <remarks>
/// g49 is g7 of g7, where g7(y) = y^7 + y^5 + y = y . (y^4 . (y^2 + 1)) + y: two multiplications each, the powers being linear.
/// </remarks>
internal unsafe struct Snow3gVector256 : ISnow3gLanes<Vector256<uint>>
{
    private Vector256<byte> _s2In, _s2InSquared, _s2InFourth, _square, _fourth, _s2Out, _s2OutDoubled;
    private Vector256<byte> _alphaIn, _alphaOut, _multiplyFactors, _divideFactors, _topBytes, _lowBytes, _rotateOne, _rotateTwo, _one;
    private Vector256<byte> _s1Matrix, _s1MatrixDoubled;

    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "gfni-8-lanes";

    public static bool IsSupported => Avx2.IsSupported && Gfni.V256.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int LaneCount => 8;

    /// <summary>Reverses the bytes of each word.</summary>
    public static Vector256<byte> ReverseWords
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(Snow3gVector128.ReverseWords, Snow3gVector128.ReverseWords);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prepare()
    {
        _s2In = Vector256.Create(Snow3gTables.S2In).AsByte();
        _s2InSquared = Vector256.Create(Snow3gTables.S2InSquared).AsByte();
        _s2InFourth = Vector256.Create(Snow3gTables.S2InFourth).AsByte();
        _square = Vector256.Create(Snow3gTables.AesSquare).AsByte();
        _fourth = Vector256.Create(Snow3gTables.AesFourth).AsByte();
        _s2Out = Vector256.Create(Snow3gTables.S2Out).AsByte();
        _s2OutDoubled = Vector256.Create(Snow3gTables.S2OutDoubled).AsByte();
        _alphaIn = Vector256.Create(Snow3gTables.AlphaIn).AsByte();
        _alphaOut = Vector256.Create(Snow3gTables.AlphaOut).AsByte();
        _multiplyFactors = Vector256.Create(Snow3gTables.AlphaMultiplyFactors).AsByte();
        _divideFactors = Vector256.Create(Snow3gTables.AlphaDivideFactors).AsByte();
        _topBytes = Vector256.Create(Snow3gVector128.TopBytes, Snow3gVector128.TopBytes);
        _lowBytes = Vector256.Create(Snow3gVector128.LowBytes, Snow3gVector128.LowBytes);
        _rotateOne = Vector256.Create(Snow3gVector128.RotateOne, Snow3gVector128.RotateOne);
        _rotateTwo = Vector256.Create(Snow3gVector128.RotateTwo, Snow3gVector128.RotateTwo);
        _one = Vector256<byte>.One;
        _s1Matrix = Vector256.Create(Snow3gTables.S1Matrix).AsByte();
        _s1MatrixDoubled = Vector256.Create(Snow3gTables.S1MatrixDoubled).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Load(uint* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint* destination, Vector256<uint> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> a, Vector256<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Xor(Vector256<uint> a, Vector256<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector256<uint> S1(Vector256<uint> w)
    {
        Vector256<byte> s = Gfni.V256.GaloisFieldAffineTransformInverse(w.AsByte(), _s1Matrix, Snow3gField.S1Constant);
        Vector256<byte> doubled = Gfni.V256.GaloisFieldAffineTransformInverse(
            w.AsByte(), _s1MatrixDoubled, Snow3gField.S1Constant << 1);
        return Mix(s, doubled, _rotateOne, _rotateTwo);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector256<uint> S2(Vector256<uint> w)
    {
        // Written out twice: small methods are not inlined any more where there are this many.
        Vector256<byte> x = w.AsByte(), y = Gfni.V256.GaloisFieldAffineTransform(x, _s2In, 0);
        Vector256<byte> inner = Gfni.V256.GaloisFieldMultiply(
            Gfni.V256.GaloisFieldAffineTransform(x, _s2InFourth, 0), Gfni.V256.GaloisFieldAffineTransform(x, _s2InSquared, 0) ^ _one);
        y ^= Gfni.V256.GaloisFieldMultiply(y, inner);
        inner = Gfni.V256.GaloisFieldMultiply(
            Gfni.V256.GaloisFieldAffineTransform(y, _fourth, 0), Gfni.V256.GaloisFieldAffineTransform(y, _square, 0) ^ _one);
        y ^= Gfni.V256.GaloisFieldMultiply(y, inner);
        return Mix(
            Gfni.V256.GaloisFieldAffineTransform(y, _s2Out, Snow3gField.S2Constant),
            Gfni.V256.GaloisFieldAffineTransform(y, _s2OutDoubled, Snow3gField.S2Constant << 1),
            _rotateOne,
            _rotateTwo);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector256<uint> Feedback(Vector256<uint> s0, Vector256<uint> s11)
    {
        Vector256<byte> top = Gfni.V256.GaloisFieldAffineTransform(Avx2.Shuffle(s0.AsByte(), _topBytes), _alphaIn, 0);
        Vector256<byte> bottom = Gfni.V256.GaloisFieldAffineTransform(Avx2.Shuffle(s11.AsByte(), _lowBytes), _alphaIn, 0);
        Vector256<byte> sum = Gfni.V256.GaloisFieldMultiply(top, _multiplyFactors) ^ Gfni.V256.GaloisFieldMultiply(bottom, _divideFactors);
        return (s0 << 8) ^ (s11 >> 8) ^ Gfni.V256.GaloisFieldAffineTransform(sum, _alphaOut, 0).AsUInt32();
    }

    public static void Transpose(uint* rows, int rowLength, byte* blocks)
    {
        for (int g = 0; g < 2; g++, rows += 8 * rowLength, blocks += 32)
        {
            Quads(rows, rowLength, out Vector256<uint> a0, out Vector256<uint> a1, out Vector256<uint> a2, out Vector256<uint> a3);
            Quads(rows + (4 * rowLength), rowLength, out Vector256<uint> b0, out Vector256<uint> b1, out Vector256<uint> b2, out Vector256<uint> b3);
            StorePair(blocks, a0, b0);
            StorePair(blocks + 64, a1, b1);
            StorePair(blocks + 128, a2, b2);
            StorePair(blocks + 192, a3, b3);
        }
    }

    public static void XorBlock(byte* destination, byte* source, byte* keystream)
    {
        (Vector256.Load(source) ^ Vector256.Load(keystream)).Store(destination);
        (Vector256.Load(source + 32) ^ Vector256.Load(keystream + 32)).Store(destination + 32);
    }

    public static void XorTail(byte* destination, byte* source, byte* keystream, nuint bitLength) =>
        Uea2Tail.Xor(destination, source, keystream, bitLength);

    public static void XorAll(uint* rows, int rowLength, byte* blocks, LaneMessage* lanes, nuint offset)
    {
        Transpose(rows, rowLength, blocks);
        for (int lane = 0; lane < LaneCount; lane++)
        {
            XorBlock(lanes[lane].Destination + offset, lanes[lane].Source + offset, blocks + (64 * lane));
        }
    }

    // Four rows: half h of the n-th result has the four words of lane 4h + n.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quads(
        uint* r0, int rowLength, out Vector256<uint> q0, out Vector256<uint> q1, out Vector256<uint> q2, out Vector256<uint> q3)
    {
        uint* r1 = r0 + rowLength, r2 = r1 + rowLength, r3 = r2 + rowLength;
        Vector256<ulong> a = Avx2.UnpackLow(Load(r0), Load(r1)).AsUInt64();
        Vector256<ulong> b = Avx2.UnpackHigh(Load(r0), Load(r1)).AsUInt64();
        Vector256<ulong> c = Avx2.UnpackLow(Load(r2), Load(r3)).AsUInt64();
        Vector256<ulong> d = Avx2.UnpackHigh(Load(r2), Load(r3)).AsUInt64();
        q0 = Reverse(Avx2.UnpackLow(a, c));
        q1 = Reverse(Avx2.UnpackHigh(a, c));
        q2 = Reverse(Avx2.UnpackLow(b, d));
        q3 = Reverse(Avx2.UnpackHigh(b, d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(byte* blocks, Vector256<uint> a, Vector256<uint> b)
    {
        Store((uint*)blocks, Avx2.Permute2x128(a, b, 0x20));
        Store((uint*)(blocks + 256), Avx2.Permute2x128(a, b, 0x31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Reverse(Vector256<ulong> x) => Avx2.Shuffle(x.AsByte(), ReverseWords).AsUInt32();

    // As in the kernel of 16 lanes; rotations by whole bytes are shuffles where there is no rotate.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Mix(
        Vector256<byte> s, Vector256<byte> doubled, Vector256<byte> rotateOne, Vector256<byte> rotateTwo)
    {
        Vector256<byte> half = Avx2.Shuffle(s, rotateTwo);
        return (doubled ^ half ^ Avx2.Shuffle(doubled ^ s ^ half, rotateOne)).AsUInt32();
    }
}
