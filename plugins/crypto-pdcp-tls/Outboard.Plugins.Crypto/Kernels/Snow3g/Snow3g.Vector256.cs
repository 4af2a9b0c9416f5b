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

    public readonly void Prepare()
    {
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
        Vector256<byte> s = Gfni.V256.GaloisFieldAffineTransformInverse(
            w.AsByte(), Vector256.Create(Snow3gTables.S1Matrix).AsByte(), Snow3gField.S1Constant);
        Vector256<byte> doubled = Gfni.V256.GaloisFieldAffineTransformInverse(
            w.AsByte(), Vector256.Create(Snow3gTables.S1MatrixDoubled).AsByte(), Snow3gField.S1Constant << 1);
        return Mix(s, doubled);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector256<uint> S2(Vector256<uint> w)
    {
        Vector256<byte> y = Affine(w.AsByte(), Snow3gTables.S2In);
        y = Dickson7(y, Affine(w.AsByte(), Snow3gTables.S2InFourth), Affine(w.AsByte(), Snow3gTables.S2InSquared));
        y = Dickson7(y, Affine(y, Snow3gTables.AesFourth), Affine(y, Snow3gTables.AesSquare));
        Vector256<byte> s = Gfni.V256.GaloisFieldAffineTransform(
            y, Vector256.Create(Snow3gTables.S2Out).AsByte(), Snow3gField.S2Constant);
        Vector256<byte> doubled = Gfni.V256.GaloisFieldAffineTransform(
            y, Vector256.Create(Snow3gTables.S2OutDoubled).AsByte(), Snow3gField.S2Constant << 1);
        return Mix(s, doubled);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector256<uint> Feedback(Vector256<uint> s0, Vector256<uint> s11)
    {
        Vector256<byte> top = Avx2.Shuffle(s0.AsByte(), Vector256.Create(Snow3gVector128.TopBytes, Snow3gVector128.TopBytes));
        Vector256<byte> bottom = Avx2.Shuffle(s11.AsByte(), Vector256.Create(Snow3gVector128.LowBytes, Snow3gVector128.LowBytes));
        top = Gfni.V256.GaloisFieldMultiply(
            Affine(top, Snow3gTables.AlphaIn), Vector256.Create(Snow3gTables.AlphaMultiplyFactors).AsByte());
        bottom = Gfni.V256.GaloisFieldMultiply(
            Affine(bottom, Snow3gTables.AlphaIn), Vector256.Create(Snow3gTables.AlphaDivideFactors).AsByte());
        return (s0 << 8) ^ (s11 >> 8) ^ Affine(top ^ bottom, Snow3gTables.AlphaOut).AsUInt32();
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
    private static void Quads(uint* r0, int rowLength, out Vector256<uint> q0, out Vector256<uint> q1, out Vector256<uint> q2, out Vector256<uint> q3)
    {
        uint* r1 = r0 + rowLength, r2 = r1 + rowLength, r3 = r2 + rowLength;
        Vector256<ulong> a = Avx2.UnpackLow(Load(r0), Load(r1)).AsUInt64(), b = Avx2.UnpackHigh(Load(r0), Load(r1)).AsUInt64();
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Affine(Vector256<byte> x, ulong matrix) =>
        Gfni.V256.GaloisFieldAffineTransform(x, Vector256.Create(matrix).AsByte(), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Dickson7(Vector256<byte> y, Vector256<byte> fourth, Vector256<byte> square)
    {
        Vector256<byte> inner = Gfni.V256.GaloisFieldMultiply(fourth, square ^ Vector256<byte>.One);
        return y ^ Gfni.V256.GaloisFieldMultiply(y, inner);
    }

    // As in the kernel of 16 lanes; rotations by whole bytes are shuffles where there is no rotate.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Mix(Vector256<byte> s, Vector256<byte> doubled)
    {
        Vector256<byte> half = Avx2.Shuffle(s, Vector256.Create(Snow3gVector128.RotateTwo, Snow3gVector128.RotateTwo));
        Vector256<byte> turned = Avx2.Shuffle(
            doubled ^ s ^ half, Vector256.Create(Snow3gVector128.RotateOne, Snow3gVector128.RotateOne));
        return (doubled ^ half ^ turned).AsUInt32();
    }
}
