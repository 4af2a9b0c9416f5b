using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.ChaCha20;

/// <summary>Sixteen blocks side by side, twice over, word i of each in 512-bit register i; then a transposition puts each block in one piece.</summary>
/// <remarks>
/// Rotations are instructions here. A quarter round works in place, so 32 registers hold the states of two passes: run together,
/// each covers the latency of the other's chains of dependent additions, exclusive ors and rotations.
/// </remarks>
internal readonly unsafe struct ChaCha20Vector512 : IChaCha20Kernel
{
    // Bytes from one word of the state to the next: a run is filled by whole registers, which may reach past the last lane.
    private const int Row = 128;

    private const int HalfLanes = 16;
    private const int HalfLength = 16 * Row;

    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "chacha20-zmm-x32";

    public static bool IsSupported => Avx512F.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Lanes => 32;

    public static void Fill(byte* state, int lane, int count, byte* key, in CounterNonce row)
    {
        if (lane < HalfLanes)
        {
            FillHalf(state, lane, key, row.Counter, row);
        }

        if (lane + count > HalfLanes)
        {
            int skipped = Math.Max(0, HalfLanes - lane);
            FillHalf(state + HalfLength, Math.Max(0, lane - HalfLanes), key, row.Counter + (uint)skipped, row);
        }
    }

    public static void Next(byte* state)
    {
        NextHalf(state);
        NextHalf(state + HalfLength);
    }

    public static void Blocks(byte* state, int lanes, byte* keystream)
    {
        if (lanes > HalfLanes)
        {
            // The second pointer, equal to the first, keeps the compiler from holding the first words in registers that it lacks.
            Two(state, state, keystream);
        }
        else
        {
            One(state, keystream);
        }
    }

    public static void Xor(byte* source, byte* destination, byte* keystream, nuint length)
    {
        nuint i = 0;
        for (; length - i >= 64; i += 64)
        {
            (Vector512.Load(source + i) ^ Vector512.Load(keystream + i)).Store(destination + i);
        }

        if (length - i >= 32)
        {
            (Vector256.Load(source + i) ^ Vector256.Load(keystream + i)).Store(destination + i);
            i += 32;
        }

        if (length - i >= 16)
        {
            (Vector128.Load(source + i) ^ Vector128.Load(keystream + i)).Store(destination + i);
            i += 16;
        }

        KeystreamXor.Apply(ref source[i], ref destination[i], ref keystream[i], length - i);
    }

    private static void FillHalf(byte* state, int lane, byte* key, uint counter, in CounterNonce row)
    {
        byte* at = state + (lane * sizeof(uint));
        Vector512.Create(ChaCha20.Sigma0).Store((uint*)(at + (0 * Row)));
        Vector512.Create(ChaCha20.Sigma1).Store((uint*)(at + (1 * Row)));
        Vector512.Create(ChaCha20.Sigma2).Store((uint*)(at + (2 * Row)));
        Vector512.Create(ChaCha20.Sigma3).Store((uint*)(at + (3 * Row)));
        Vector512.Create(Unsafe.ReadUnaligned<uint>(key + 0)).Store((uint*)(at + (4 * Row)));
        Vector512.Create(Unsafe.ReadUnaligned<uint>(key + 4)).Store((uint*)(at + (5 * Row)));
        Vector512.Create(Unsafe.ReadUnaligned<uint>(key + 8)).Store((uint*)(at + (6 * Row)));
        Vector512.Create(Unsafe.ReadUnaligned<uint>(key + 12)).Store((uint*)(at + (7 * Row)));
        Vector512.Create(Unsafe.ReadUnaligned<uint>(key + 16)).Store((uint*)(at + (8 * Row)));
        Vector512.Create(Unsafe.ReadUnaligned<uint>(key + 20)).Store((uint*)(at + (9 * Row)));
        Vector512.Create(Unsafe.ReadUnaligned<uint>(key + 24)).Store((uint*)(at + (10 * Row)));
        Vector512.Create(Unsafe.ReadUnaligned<uint>(key + 28)).Store((uint*)(at + (11 * Row)));
        (Vector512.Create(counter) + Vector512<uint>.Indices).Store((uint*)(at + (12 * Row)));
        Vector512.Create(row.Nonce0).Store((uint*)(at + (13 * Row)));
        Vector512.Create(row.Nonce1).Store((uint*)(at + (14 * Row)));
        Vector512.Create(row.Nonce2).Store((uint*)(at + (15 * Row)));
    }

    private static void NextHalf(byte* state) =>
        (Vector512.Load((uint*)(state + (12 * Row))) + Vector512.Create((uint)Lanes)).Store((uint*)(state + (12 * Row)));

    private static void One(byte* state, byte* keystream)
    {
        Vector512<uint> x0 = Word(state, 0);
        Vector512<uint> x1 = Word(state, 1);
        Vector512<uint> x2 = Word(state, 2);
        Vector512<uint> x3 = Word(state, 3);
        Vector512<uint> x4 = Word(state, 4);
        Vector512<uint> x5 = Word(state, 5);
        Vector512<uint> x6 = Word(state, 6);
        Vector512<uint> x7 = Word(state, 7);
        Vector512<uint> x8 = Word(state, 8);
        Vector512<uint> x9 = Word(state, 9);
        Vector512<uint> x10 = Word(state, 10);
        Vector512<uint> x11 = Word(state, 11);
        Vector512<uint> x12 = Word(state, 12);
        Vector512<uint> x13 = Word(state, 13);
        Vector512<uint> x14 = Word(state, 14);
        Vector512<uint> x15 = Word(state, 15);
        for (int i = 0; i < 10; i++)
        {
            QuarterRound(ref x0, ref x4, ref x8, ref x12);
            QuarterRound(ref x1, ref x5, ref x9, ref x13);
            QuarterRound(ref x2, ref x6, ref x10, ref x14);
            QuarterRound(ref x3, ref x7, ref x11, ref x15);
            QuarterRound(ref x0, ref x5, ref x10, ref x15);
            QuarterRound(ref x1, ref x6, ref x11, ref x12);
            QuarterRound(ref x2, ref x7, ref x8, ref x13);
            QuarterRound(ref x3, ref x4, ref x9, ref x14);
        }

        x0 += Word(state, 0);
        x1 += Word(state, 1);
        x2 += Word(state, 2);
        x3 += Word(state, 3);
        x4 += Word(state, 4);
        x5 += Word(state, 5);
        x6 += Word(state, 6);
        x7 += Word(state, 7);
        x8 += Word(state, 8);
        x9 += Word(state, 9);
        x10 += Word(state, 10);
        x11 += Word(state, 11);
        x12 += Word(state, 12);
        x13 += Word(state, 13);
        x14 += Word(state, 14);
        x15 += Word(state, 15);

        Transpose(ref x0, ref x1, ref x2, ref x3);
        Transpose(ref x4, ref x5, ref x6, ref x7);
        Transpose(ref x8, ref x9, ref x10, ref x11);
        Transpose(ref x12, ref x13, ref x14, ref x15);
        StoreBlocks(keystream + (0 * ChaCha20.BlockLength), x0, x4, x8, x12);
        StoreBlocks(keystream + (1 * ChaCha20.BlockLength), x1, x5, x9, x13);
        StoreBlocks(keystream + (2 * ChaCha20.BlockLength), x2, x6, x10, x14);
        StoreBlocks(keystream + (3 * ChaCha20.BlockLength), x3, x7, x11, x15);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Two(byte* state, byte* again, byte* keystream)
    {
        Vector512<uint> x0 = Word(state, 0);
        Vector512<uint> x1 = Word(state, 1);
        Vector512<uint> x2 = Word(state, 2);
        Vector512<uint> x3 = Word(state, 3);
        Vector512<uint> x4 = Word(state, 4);
        Vector512<uint> x5 = Word(state, 5);
        Vector512<uint> x6 = Word(state, 6);
        Vector512<uint> x7 = Word(state, 7);
        Vector512<uint> x8 = Word(state, 8);
        Vector512<uint> x9 = Word(state, 9);
        Vector512<uint> x10 = Word(state, 10);
        Vector512<uint> x11 = Word(state, 11);
        Vector512<uint> x12 = Word(state, 12);
        Vector512<uint> x13 = Word(state, 13);
        Vector512<uint> x14 = Word(state, 14);
        Vector512<uint> x15 = Word(state, 15);
        byte* next = state + HalfLength;
        Vector512<uint> y0 = Word(next, 0);
        Vector512<uint> y1 = Word(next, 1);
        Vector512<uint> y2 = Word(next, 2);
        Vector512<uint> y3 = Word(next, 3);
        Vector512<uint> y4 = Word(next, 4);
        Vector512<uint> y5 = Word(next, 5);
        Vector512<uint> y6 = Word(next, 6);
        Vector512<uint> y7 = Word(next, 7);
        Vector512<uint> y8 = Word(next, 8);
        Vector512<uint> y9 = Word(next, 9);
        Vector512<uint> y10 = Word(next, 10);
        Vector512<uint> y11 = Word(next, 11);
        Vector512<uint> y12 = Word(next, 12);
        Vector512<uint> y13 = Word(next, 13);
        Vector512<uint> y14 = Word(next, 14);
        Vector512<uint> y15 = Word(next, 15);
        for (int i = 0; i < 10; i++)
        {
            QuarterRound(ref x0, ref x4, ref x8, ref x12);
            QuarterRound(ref y0, ref y4, ref y8, ref y12);
            QuarterRound(ref x1, ref x5, ref x9, ref x13);
            QuarterRound(ref y1, ref y5, ref y9, ref y13);
            QuarterRound(ref x2, ref x6, ref x10, ref x14);
            QuarterRound(ref y2, ref y6, ref y10, ref y14);
            QuarterRound(ref x3, ref x7, ref x11, ref x15);
            QuarterRound(ref y3, ref y7, ref y11, ref y15);
            QuarterRound(ref x0, ref x5, ref x10, ref x15);
            QuarterRound(ref y0, ref y5, ref y10, ref y15);
            QuarterRound(ref x1, ref x6, ref x11, ref x12);
            QuarterRound(ref y1, ref y6, ref y11, ref y12);
            QuarterRound(ref x2, ref x7, ref x8, ref x13);
            QuarterRound(ref y2, ref y7, ref y8, ref y13);
            QuarterRound(ref x3, ref x4, ref x9, ref x14);
            QuarterRound(ref y3, ref y4, ref y9, ref y14);
        }

        x0 += Word(again, 0);
        x1 += Word(again, 1);
        x2 += Word(again, 2);
        x3 += Word(again, 3);
        x4 += Word(again, 4);
        x5 += Word(again, 5);
        x6 += Word(again, 6);
        x7 += Word(again, 7);
        x8 += Word(again, 8);
        x9 += Word(again, 9);
        x10 += Word(again, 10);
        x11 += Word(again, 11);
        x12 += Word(again, 12);
        x13 += Word(again, 13);
        x14 += Word(again, 14);
        x15 += Word(again, 15);

        byte* nextAgain = again + HalfLength;
        y0 += Word(nextAgain, 0);
        y1 += Word(nextAgain, 1);
        y2 += Word(nextAgain, 2);
        y3 += Word(nextAgain, 3);
        y4 += Word(nextAgain, 4);
        y5 += Word(nextAgain, 5);
        y6 += Word(nextAgain, 6);
        y7 += Word(nextAgain, 7);
        y8 += Word(nextAgain, 8);
        y9 += Word(nextAgain, 9);
        y10 += Word(nextAgain, 10);
        y11 += Word(nextAgain, 11);
        y12 += Word(nextAgain, 12);
        y13 += Word(nextAgain, 13);
        y14 += Word(nextAgain, 14);
        y15 += Word(nextAgain, 15);

        Transpose(ref x0, ref x1, ref x2, ref x3);
        Transpose(ref x4, ref x5, ref x6, ref x7);
        Transpose(ref x8, ref x9, ref x10, ref x11);
        Transpose(ref x12, ref x13, ref x14, ref x15);
        StoreBlocks(keystream + (0 * ChaCha20.BlockLength), x0, x4, x8, x12);
        StoreBlocks(keystream + (1 * ChaCha20.BlockLength), x1, x5, x9, x13);
        StoreBlocks(keystream + (2 * ChaCha20.BlockLength), x2, x6, x10, x14);
        StoreBlocks(keystream + (3 * ChaCha20.BlockLength), x3, x7, x11, x15);

        Transpose(ref y0, ref y1, ref y2, ref y3);
        Transpose(ref y4, ref y5, ref y6, ref y7);
        Transpose(ref y8, ref y9, ref y10, ref y11);
        Transpose(ref y12, ref y13, ref y14, ref y15);
        StoreBlocks(keystream + (0 * ChaCha20.BlockLength) + (HalfLanes * ChaCha20.BlockLength), y0, y4, y8, y12);
        StoreBlocks(keystream + (1 * ChaCha20.BlockLength) + (HalfLanes * ChaCha20.BlockLength), y1, y5, y9, y13);
        StoreBlocks(keystream + (2 * ChaCha20.BlockLength) + (HalfLanes * ChaCha20.BlockLength), y2, y6, y10, y14);
        StoreBlocks(keystream + (3 * ChaCha20.BlockLength) + (HalfLanes * ChaCha20.BlockLength), y3, y7, y11, y15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Word(byte* state, int word) => Vector512.Load((uint*)(state + (word * Row)));

    // RFC 8439 2.1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuarterRound(ref Vector512<uint> a, ref Vector512<uint> b, ref Vector512<uint> c, ref Vector512<uint> d)
    {
        a += b;
        d = Avx512F.RotateLeft(d ^ a, 16);
        c += d;
        b = Avx512F.RotateLeft(b ^ c, 12);
        a += b;
        d = Avx512F.RotateLeft(d ^ a, 8);
        c += d;
        b = Avx512F.RotateLeft(b ^ c, 7);
    }

    // In each 128 bits: word j of lane i becomes word i of lane j.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Vector512<uint> a, ref Vector512<uint> b, ref Vector512<uint> c, ref Vector512<uint> d)
    {
        Vector512<ulong> ab = Avx512F.UnpackLow(a, b).AsUInt64();
        Vector512<ulong> cd = Avx512F.UnpackLow(c, d).AsUInt64();
        Vector512<ulong> abHigh = Avx512F.UnpackHigh(a, b).AsUInt64();
        Vector512<ulong> cdHigh = Avx512F.UnpackHigh(c, d).AsUInt64();
        a = Avx512F.UnpackLow(ab, cd).AsUInt32();
        b = Avx512F.UnpackHigh(ab, cd).AsUInt32();
        c = Avx512F.UnpackLow(abHigh, cdHigh).AsUInt32();
        d = Avx512F.UnpackHigh(abHigh, cdHigh).AsUInt32();
    }

    // 128 bits of each make a block; the blocks of one call are four apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreBlocks(byte* at, Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d)
    {
        Vector512<uint> ab = Avx512F.Shuffle4x128(a, b, 0x44);
        Vector512<uint> cd = Avx512F.Shuffle4x128(c, d, 0x44);
        Vector512<uint> abHigh = Avx512F.Shuffle4x128(a, b, 0xEE);
        Vector512<uint> cdHigh = Avx512F.Shuffle4x128(c, d, 0xEE);
        Avx512F.Shuffle4x128(ab, cd, 0x88).Store((uint*)at);
        Avx512F.Shuffle4x128(ab, cd, 0xDD).Store((uint*)(at + 256));
        Avx512F.Shuffle4x128(abHigh, cdHigh, 0x88).Store((uint*)(at + 512));
        Avx512F.Shuffle4x128(abHigh, cdHigh, 0xDD).Store((uint*)(at + 768));
    }
}
