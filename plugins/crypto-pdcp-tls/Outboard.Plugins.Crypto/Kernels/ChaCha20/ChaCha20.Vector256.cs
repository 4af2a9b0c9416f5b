using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.ChaCha20;

/// <summary>Eight blocks side by side, word i of each in 256-bit register i; then a transposition puts each block in one piece.</summary>
/// <remarks>Rotations by 16 and 8 are byte shuffles, the others two shifts.</remarks>
internal readonly unsafe struct ChaCha20Vector256 : IChaCha20Kernel
{
    // Bytes from one word of the state to the next: a run is filled by whole registers, which may reach past the last lane.
    private const int Row = 128;

    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "chacha20-ymm-x8";

    public static bool IsSupported => Avx2.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Lanes => 8;

    public static void Fill(byte* state, int lane, int count, byte* key, in CounterNonce row)
    {
        byte* at = state + (lane * sizeof(uint));
        Vector256.Create(ChaCha20.Sigma0).Store((uint*)(at + (0 * Row)));
        Vector256.Create(ChaCha20.Sigma1).Store((uint*)(at + (1 * Row)));
        Vector256.Create(ChaCha20.Sigma2).Store((uint*)(at + (2 * Row)));
        Vector256.Create(ChaCha20.Sigma3).Store((uint*)(at + (3 * Row)));
        Vector256.Create(Unsafe.ReadUnaligned<uint>(key + 0)).Store((uint*)(at + (4 * Row)));
        Vector256.Create(Unsafe.ReadUnaligned<uint>(key + 4)).Store((uint*)(at + (5 * Row)));
        Vector256.Create(Unsafe.ReadUnaligned<uint>(key + 8)).Store((uint*)(at + (6 * Row)));
        Vector256.Create(Unsafe.ReadUnaligned<uint>(key + 12)).Store((uint*)(at + (7 * Row)));
        Vector256.Create(Unsafe.ReadUnaligned<uint>(key + 16)).Store((uint*)(at + (8 * Row)));
        Vector256.Create(Unsafe.ReadUnaligned<uint>(key + 20)).Store((uint*)(at + (9 * Row)));
        Vector256.Create(Unsafe.ReadUnaligned<uint>(key + 24)).Store((uint*)(at + (10 * Row)));
        Vector256.Create(Unsafe.ReadUnaligned<uint>(key + 28)).Store((uint*)(at + (11 * Row)));
        (Vector256.Create(row.Counter) + Vector256<uint>.Indices).Store((uint*)(at + (12 * Row)));
        Vector256.Create(row.Nonce0).Store((uint*)(at + (13 * Row)));
        Vector256.Create(row.Nonce1).Store((uint*)(at + (14 * Row)));
        Vector256.Create(row.Nonce2).Store((uint*)(at + (15 * Row)));
    }

    public static void Next(byte* state) =>
        (Vector256.Load((uint*)(state + (12 * Row))) + Vector256.Create((uint)Lanes)).Store((uint*)(state + (12 * Row)));

    public static void Blocks(byte* state, int lanes, byte* keystream)
    {
        Vector256<uint> x0 = Word(state, 0);
        Vector256<uint> x1 = Word(state, 1);
        Vector256<uint> x2 = Word(state, 2);
        Vector256<uint> x3 = Word(state, 3);
        Vector256<uint> x4 = Word(state, 4);
        Vector256<uint> x5 = Word(state, 5);
        Vector256<uint> x6 = Word(state, 6);
        Vector256<uint> x7 = Word(state, 7);
        Vector256<uint> x8 = Word(state, 8);
        Vector256<uint> x9 = Word(state, 9);
        Vector256<uint> x10 = Word(state, 10);
        Vector256<uint> x11 = Word(state, 11);
        Vector256<uint> x12 = Word(state, 12);
        Vector256<uint> x13 = Word(state, 13);
        Vector256<uint> x14 = Word(state, 14);
        Vector256<uint> x15 = Word(state, 15);
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
        for (; length - i >= 32; i += 32)
        {
            (Vector256.Load(source + i) ^ Vector256.Load(keystream + i)).Store(destination + i);
        }

        if (length - i >= 16)
        {
            (Vector128.Load(source + i) ^ Vector128.Load(keystream + i)).Store(destination + i);
            i += 16;
        }

        KeystreamXor.Apply(ref source[i], ref destination[i], ref keystream[i], length - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Word(byte* state, int word) => Vector256.Load((uint*)(state + (word * Row)));

    // RFC 8439 2.1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuarterRound(ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d)
    {
        a += b;
        d = Rotate16(d ^ a);
        c += d;
        b = Rotate(b ^ c, 12);
        a += b;
        d = Rotate8(d ^ a);
        c += d;
        b = Rotate(b ^ c, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rotate(Vector256<uint> x, int by) => (x << by) | (x >>> (32 - by));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rotate16(Vector256<uint> x) =>
        Avx2.Shuffle(x.AsByte(), Vector256.Create(Vector128.Create((byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13))).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rotate8(Vector256<uint> x) =>
        Avx2.Shuffle(x.AsByte(), Vector256.Create(Vector128.Create((byte)3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14))).AsUInt32();

    // In each 128 bits: word j of lane i becomes word i of lane j.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d)
    {
        Vector256<ulong> ab = Avx2.UnpackLow(a, b).AsUInt64();
        Vector256<ulong> cd = Avx2.UnpackLow(c, d).AsUInt64();
        Vector256<ulong> abHigh = Avx2.UnpackHigh(a, b).AsUInt64();
        Vector256<ulong> cdHigh = Avx2.UnpackHigh(c, d).AsUInt64();
        a = Avx2.UnpackLow(ab, cd).AsUInt32();
        b = Avx2.UnpackHigh(ab, cd).AsUInt32();
        c = Avx2.UnpackLow(abHigh, cdHigh).AsUInt32();
        d = Avx2.UnpackHigh(abHigh, cdHigh).AsUInt32();
    }

    // 128 bits of each make a block; the blocks of one call are four apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreBlocks(byte* at, Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d)
    {
        Avx2.Permute2x128(a, b, 0x20).Store((uint*)at);
        Avx2.Permute2x128(c, d, 0x20).Store((uint*)(at + 32));
        Avx2.Permute2x128(a, b, 0x31).Store((uint*)(at + 256));
        Avx2.Permute2x128(c, d, 0x31).Store((uint*)(at + 288));
    }
}
