using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.ChaCha20;

/// <summary>Sixteen blocks side by side, word i of each in 512-bit register i; then a transposition puts each block in one piece.</summary>
/// <remarks>Rotations are instructions here, and 32 registers hold the state with room to spare.</remarks>
internal readonly unsafe struct ChaCha20Vector512 : IChaCha20Kernel
{
    // Bytes from one word of the state to the next: a run is filled by whole registers, which may reach past the last lane.
    private const int Row = 128;

    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "chacha20-zmm-x16";

    public static bool IsSupported => Avx512F.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Lanes => 16;

    public static void Fill(byte* state, int lane, byte* key, in CounterNonce row)
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
        (Vector512.Create(row.Counter) + Vector512<uint>.Indices).Store((uint*)(at + (12 * Row)));
        Vector512.Create(row.Nonce0).Store((uint*)(at + (13 * Row)));
        Vector512.Create(row.Nonce1).Store((uint*)(at + (14 * Row)));
        Vector512.Create(row.Nonce2).Store((uint*)(at + (15 * Row)));
    }

    public static void Next(byte* state) =>
        (Vector512.Load((uint*)(state + (12 * Row))) + Vector512.Create((uint)Lanes)).Store((uint*)(state + (12 * Row)));

    public static void Blocks(byte* state, byte* keystream)
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
