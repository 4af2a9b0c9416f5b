using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.ChaCha20;

/// <summary>Four blocks side by side, word i of each in 128-bit register i; then a transposition puts each block in one piece.</summary>
/// <remarks>Rotations by 16 and 8 are byte shuffles, the others two shifts.</remarks>
internal readonly unsafe struct ChaCha20Vector128 : IChaCha20Kernel
{
    // Bytes from one word of the state to the next: a run is filled by whole registers, which may reach past the last lane.
    private const int Row = 128;

    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "chacha20-xmm-x4";

    public static bool IsSupported => Ssse3.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Lanes => 4;

    public static void Fill(byte* state, int lane, int count, byte* key, in CounterNonce row)
    {
        byte* at = state + (lane * sizeof(uint));
        Vector128.Create(ChaCha20.Sigma0).Store((uint*)(at + (0 * Row)));
        Vector128.Create(ChaCha20.Sigma1).Store((uint*)(at + (1 * Row)));
        Vector128.Create(ChaCha20.Sigma2).Store((uint*)(at + (2 * Row)));
        Vector128.Create(ChaCha20.Sigma3).Store((uint*)(at + (3 * Row)));
        Vector128.Create(Unsafe.ReadUnaligned<uint>(key + 0)).Store((uint*)(at + (4 * Row)));
        Vector128.Create(Unsafe.ReadUnaligned<uint>(key + 4)).Store((uint*)(at + (5 * Row)));
        Vector128.Create(Unsafe.ReadUnaligned<uint>(key + 8)).Store((uint*)(at + (6 * Row)));
        Vector128.Create(Unsafe.ReadUnaligned<uint>(key + 12)).Store((uint*)(at + (7 * Row)));
        Vector128.Create(Unsafe.ReadUnaligned<uint>(key + 16)).Store((uint*)(at + (8 * Row)));
        Vector128.Create(Unsafe.ReadUnaligned<uint>(key + 20)).Store((uint*)(at + (9 * Row)));
        Vector128.Create(Unsafe.ReadUnaligned<uint>(key + 24)).Store((uint*)(at + (10 * Row)));
        Vector128.Create(Unsafe.ReadUnaligned<uint>(key + 28)).Store((uint*)(at + (11 * Row)));
        (Vector128.Create(row.Counter) + Vector128<uint>.Indices).Store((uint*)(at + (12 * Row)));
        Vector128.Create(row.Nonce0).Store((uint*)(at + (13 * Row)));
        Vector128.Create(row.Nonce1).Store((uint*)(at + (14 * Row)));
        Vector128.Create(row.Nonce2).Store((uint*)(at + (15 * Row)));
    }

    public static void Next(byte* state) =>
        (Vector128.Load((uint*)(state + (12 * Row))) + Vector128.Create((uint)Lanes)).Store((uint*)(state + (12 * Row)));

    public static void Blocks(byte* state, int lanes, byte* keystream)
    {
        Vector128<uint> x0 = Word(state, 0);
        Vector128<uint> x1 = Word(state, 1);
        Vector128<uint> x2 = Word(state, 2);
        Vector128<uint> x3 = Word(state, 3);
        Vector128<uint> x4 = Word(state, 4);
        Vector128<uint> x5 = Word(state, 5);
        Vector128<uint> x6 = Word(state, 6);
        Vector128<uint> x7 = Word(state, 7);
        Vector128<uint> x8 = Word(state, 8);
        Vector128<uint> x9 = Word(state, 9);
        Vector128<uint> x10 = Word(state, 10);
        Vector128<uint> x11 = Word(state, 11);
        Vector128<uint> x12 = Word(state, 12);
        Vector128<uint> x13 = Word(state, 13);
        Vector128<uint> x14 = Word(state, 14);
        Vector128<uint> x15 = Word(state, 15);
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
        for (; length - i >= 16; i += 16)
        {
            (Vector128.Load(source + i) ^ Vector128.Load(keystream + i)).Store(destination + i);
        }

        KeystreamXor.Apply(ref source[i], ref destination[i], ref keystream[i], length - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Word(byte* state, int word) => Vector128.Load((uint*)(state + (word * Row)));

    // RFC 8439 2.1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuarterRound(ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d)
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
    private static Vector128<uint> Rotate(Vector128<uint> x, int by) => (x << by) | (x >>> (32 - by));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rotate16(Vector128<uint> x) =>
        Ssse3.Shuffle(x.AsByte(), Vector128.Create((byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Rotate8(Vector128<uint> x) =>
        Ssse3.Shuffle(x.AsByte(), Vector128.Create((byte)3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14)).AsUInt32();

    // In each 128 bits: word j of lane i becomes word i of lane j.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d)
    {
        Vector128<ulong> ab = Sse2.UnpackLow(a, b).AsUInt64();
        Vector128<ulong> cd = Sse2.UnpackLow(c, d).AsUInt64();
        Vector128<ulong> abHigh = Sse2.UnpackHigh(a, b).AsUInt64();
        Vector128<ulong> cdHigh = Sse2.UnpackHigh(c, d).AsUInt64();
        a = Sse2.UnpackLow(ab, cd).AsUInt32();
        b = Sse2.UnpackHigh(ab, cd).AsUInt32();
        c = Sse2.UnpackLow(abHigh, cdHigh).AsUInt32();
        d = Sse2.UnpackHigh(abHigh, cdHigh).AsUInt32();
    }

    // A block is four words of each.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreBlocks(byte* at, Vector128<uint> a, Vector128<uint> b, Vector128<uint> c, Vector128<uint> d)
    {
        a.Store((uint*)at);
        b.Store((uint*)(at + 16));
        c.Store((uint*)(at + 32));
        d.Store((uint*)(at + 48));
    }
}
