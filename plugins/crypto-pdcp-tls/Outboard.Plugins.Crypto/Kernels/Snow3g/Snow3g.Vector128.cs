using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Simd;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>Four lanes: S1 is a round of AES, S2 and the feedback go by GFNI as in the kernel of eight lanes.</summary>
internal unsafe struct Snow3gVector128 : ISnow3gLanes<Vector128<uint>>
{
    private Vector128<byte> _s2In, _s2InSquared, _s2InFourth, _square, _fourth, _s2Out, _s2OutDoubled;
    private Vector128<byte> _alphaIn, _alphaOut, _multiplyFactors, _divideFactors, _topBytes, _lowBytes, _rotateOne, _rotateTwo, _one;
    private Vector128<byte> _unshiftRows;

    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "aesni+gfni-4-lanes";

    public static bool IsSupported => Ssse3.IsSupported && Aes.IsSupported && Gfni.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int LaneCount => 4;

    /// <summary>Reverses the bytes of each word.</summary>
    public static Vector128<byte> ReverseWords => Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);

    /// <summary>The top byte of each word in all its bytes.</summary>
    public static Vector128<byte> TopBytes => Vector128.Create((byte)3, 3, 3, 3, 7, 7, 7, 7, 11, 11, 11, 11, 15, 15, 15, 15);

    /// <summary>The low byte of each word in all its bytes.</summary>
    public static Vector128<byte> LowBytes => Vector128.Create((byte)0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12);

    /// <summary>Turns each word to the right by 8.</summary>
    public static Vector128<byte> RotateOne => Vector128.Create((byte)1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);

    /// <summary>Turns each word by 16.</summary>
    public static Vector128<byte> RotateTwo => Vector128.Create((byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);

    /// <summary>Undoes ShiftRows: what a round of AES will have moved comes to rest where it was.</summary>
    public static Vector128<byte> UnshiftRows => Vector128.Create((byte)0, 13, 10, 7, 4, 1, 14, 11, 8, 5, 2, 15, 12, 9, 6, 3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prepare()
    {
        _s2In = Vector128.Create(Snow3gTables.S2In).AsByte();
        _s2InSquared = Vector128.Create(Snow3gTables.S2InSquared).AsByte();
        _s2InFourth = Vector128.Create(Snow3gTables.S2InFourth).AsByte();
        _square = Vector128.Create(Snow3gTables.AesSquare).AsByte();
        _fourth = Vector128.Create(Snow3gTables.AesFourth).AsByte();
        _s2Out = Vector128.Create(Snow3gTables.S2Out).AsByte();
        _s2OutDoubled = Vector128.Create(Snow3gTables.S2OutDoubled).AsByte();
        _alphaIn = Vector128.Create(Snow3gTables.AlphaIn).AsByte();
        _alphaOut = Vector128.Create(Snow3gTables.AlphaOut).AsByte();
        _multiplyFactors = Vector128.Create(Snow3gTables.AlphaMultiplyFactors).AsByte();
        _divideFactors = Vector128.Create(Snow3gTables.AlphaDivideFactors).AsByte();
        _topBytes = TopBytes;
        _lowBytes = LowBytes;
        _rotateOne = RotateOne;
        _rotateTwo = RotateTwo;
        _one = Vector128<byte>.One;
        _unshiftRows = UnshiftRows;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Load(uint* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint* destination, Vector128<uint> value) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add(Vector128<uint> a, Vector128<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor(Vector128<uint> a, Vector128<uint> b) => a ^ b;

    /// <summary>
    /// SubBytes and MixColumns: the matrix of S1 is that of AES with the bytes counted from the other end, and so they lie in a word.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector128<uint> S1(Vector128<uint> w) =>
        Aes.Encrypt(Ssse3.Shuffle(w.AsByte(), _unshiftRows), Vector128<byte>.Zero).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector128<uint> S2(Vector128<uint> w)
    {
        // Written out twice: small methods are not inlined any more where there are this many.
        Vector128<byte> x = w.AsByte(), y = Gfni.GaloisFieldAffineTransform(x, _s2In, 0);
        Vector128<byte> inner = Gfni.GaloisFieldMultiply(
            Gfni.GaloisFieldAffineTransform(x, _s2InFourth, 0), Gfni.GaloisFieldAffineTransform(x, _s2InSquared, 0) ^ _one);
        y ^= Gfni.GaloisFieldMultiply(y, inner);
        inner = Gfni.GaloisFieldMultiply(
            Gfni.GaloisFieldAffineTransform(y, _fourth, 0), Gfni.GaloisFieldAffineTransform(y, _square, 0) ^ _one);
        y ^= Gfni.GaloisFieldMultiply(y, inner);
        return Mix(
            Gfni.GaloisFieldAffineTransform(y, _s2Out, Snow3gField.S2Constant),
            Gfni.GaloisFieldAffineTransform(y, _s2OutDoubled, Snow3gField.S2Constant << 1),
            _rotateOne,
            _rotateTwo);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector128<uint> Feedback(Vector128<uint> s0, Vector128<uint> s11)
    {
        Vector128<byte> top = Gfni.GaloisFieldAffineTransform(Ssse3.Shuffle(s0.AsByte(), _topBytes), _alphaIn, 0);
        Vector128<byte> bottom = Gfni.GaloisFieldAffineTransform(Ssse3.Shuffle(s11.AsByte(), _lowBytes), _alphaIn, 0);
        Vector128<byte> sum = Gfni.GaloisFieldMultiply(top, _multiplyFactors) ^ Gfni.GaloisFieldMultiply(bottom, _divideFactors);
        return (s0 << 8) ^ (s11 >> 8) ^ Gfni.GaloisFieldAffineTransform(sum, _alphaOut, 0).AsUInt32();
    }

    public static void Transpose(uint* rows, int rowLength, byte* blocks)
    {
        for (int g = 0; g < 4; g++, rows += 4 * rowLength, blocks += 16)
        {
            uint* r1 = rows + rowLength, r2 = r1 + rowLength, r3 = r2 + rowLength;
            Vector128<ulong> a = Sse2.UnpackLow(Load(rows), Load(r1)).AsUInt64();
            Vector128<ulong> b = Sse2.UnpackHigh(Load(rows), Load(r1)).AsUInt64();
            Vector128<ulong> c = Sse2.UnpackLow(Load(r2), Load(r3)).AsUInt64();
            Vector128<ulong> d = Sse2.UnpackHigh(Load(r2), Load(r3)).AsUInt64();
            Ssse3.Shuffle(Sse2.UnpackLow(a, c).AsByte(), ReverseWords).Store(blocks);
            Ssse3.Shuffle(Sse2.UnpackHigh(a, c).AsByte(), ReverseWords).Store(blocks + 64);
            Ssse3.Shuffle(Sse2.UnpackLow(b, d).AsByte(), ReverseWords).Store(blocks + 128);
            Ssse3.Shuffle(Sse2.UnpackHigh(b, d).AsByte(), ReverseWords).Store(blocks + 192);
        }
    }

    public static void XorBlock(byte* destination, byte* source, byte* keystream)
    {
        for (int i = 0; i < 64; i += 16)
        {
            (Vector128.Load(source + i) ^ Vector128.Load(keystream + i)).Store(destination + i);
        }
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

    /// <summary>The matrix over the four substituted bytes; see the kernel of 16 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Mix(
        Vector128<byte> s, Vector128<byte> doubled, Vector128<byte> rotateOne, Vector128<byte> rotateTwo)
    {
        Vector128<byte> half = Ssse3.Shuffle(s, rotateTwo);
        return (doubled ^ half ^ Ssse3.Shuffle(doubled ^ s ^ half, rotateOne)).AsUInt32();
    }
}
