using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>SHA-1 (FIPS 180-4 6.1.2) in the lanes of one width.</summary>
/// <remarks>
/// The recurrence, with W continued behind the 16 words of the block by W[t] = ROTL1(W[t-3] ^ W[t-8] ^ W[t-14] ^ W[t-16]):
/// T = ROTL5(a) + f(b, c, d) + e + K + W[t]; e = d; d = c; c = ROTL30(b); b = a; a = T.
/// Here (1) 16 words of W are kept, each replaced by the one 16 rounds on; (2) variables change roles instead of values.
/// </remarks>
/// <typeparam name="TVector">The register.</typeparam>
/// <typeparam name="TWords">What is done with it.</typeparam>
internal readonly unsafe struct Sha1Kernel<TVector, TWords> : IMaskedHashKernel
    where TVector : unmanaged
    where TWords : IHashWords<TVector>
{
    public static SimdWidth Width => TWords.Width;

    public static string Name => TWords.Name;

    public static bool IsSupported => TWords.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Lanes => sizeof(TVector) / sizeof(uint);

    public static int BlockLength => 64;

    public static int WordLength => sizeof(uint);

    public static int StateWords => 5;

    public static int WorkLength => BlockLength * Lanes;

    public static void Compress(byte* state, byte** lanes, nuint blocks, byte* work)
    {
        var s = (TVector*)state;
        var w = (TVector*)work;
        byte* k = HashConstants.Rounds1;
        TVector k0 = TWords.Broadcast(k), k1 = TWords.Broadcast(k + 4);
        TVector k2 = TWords.Broadcast(k + 8), k3 = TWords.Broadcast(k + 12);
        TVector a = s[0], b = s[1], c = s[2], d = s[3], e = s[4];
        for (nuint offset = 0; blocks != 0; blocks--, offset += 64)
        {
            TWords.LoadBlock(lanes, offset, w);
            TVector w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3], w4 = w[4], w5 = w[5], w6 = w[6], w7 = w[7];
            TVector w8 = w[8], w9 = w[9], w10 = w[10], w11 = w[11], w12 = w[12], w13 = w[13], w14 = w[14], w15 = w[15];

            e = Sum(TWords.Choose(b, c, d), a, e, k0, w0);
            b = TWords.RotateRight(b, 2);
            d = Sum(TWords.Choose(a, b, c), e, d, k0, w1);
            a = TWords.RotateRight(a, 2);
            c = Sum(TWords.Choose(e, a, b), d, c, k0, w2);
            e = TWords.RotateRight(e, 2);
            b = Sum(TWords.Choose(d, e, a), c, b, k0, w3);
            d = TWords.RotateRight(d, 2);
            a = Sum(TWords.Choose(c, d, e), b, a, k0, w4);
            c = TWords.RotateRight(c, 2);
            e = Sum(TWords.Choose(b, c, d), a, e, k0, w5);
            b = TWords.RotateRight(b, 2);
            d = Sum(TWords.Choose(a, b, c), e, d, k0, w6);
            a = TWords.RotateRight(a, 2);
            c = Sum(TWords.Choose(e, a, b), d, c, k0, w7);
            e = TWords.RotateRight(e, 2);
            b = Sum(TWords.Choose(d, e, a), c, b, k0, w8);
            d = TWords.RotateRight(d, 2);
            a = Sum(TWords.Choose(c, d, e), b, a, k0, w9);
            c = TWords.RotateRight(c, 2);
            e = Sum(TWords.Choose(b, c, d), a, e, k0, w10);
            b = TWords.RotateRight(b, 2);
            d = Sum(TWords.Choose(a, b, c), e, d, k0, w11);
            a = TWords.RotateRight(a, 2);
            c = Sum(TWords.Choose(e, a, b), d, c, k0, w12);
            e = TWords.RotateRight(e, 2);
            b = Sum(TWords.Choose(d, e, a), c, b, k0, w13);
            d = TWords.RotateRight(d, 2);
            a = Sum(TWords.Choose(c, d, e), b, a, k0, w14);
            c = TWords.RotateRight(c, 2);
            e = Sum(TWords.Choose(b, c, d), a, e, k0, w15);
            b = TWords.RotateRight(b, 2);
            w0 = Next(w0, w2, w8, w13);
            d = Sum(TWords.Choose(a, b, c), e, d, k0, w0);
            a = TWords.RotateRight(a, 2);
            w1 = Next(w1, w3, w9, w14);
            c = Sum(TWords.Choose(e, a, b), d, c, k0, w1);
            e = TWords.RotateRight(e, 2);
            w2 = Next(w2, w4, w10, w15);
            b = Sum(TWords.Choose(d, e, a), c, b, k0, w2);
            d = TWords.RotateRight(d, 2);
            w3 = Next(w3, w5, w11, w0);
            a = Sum(TWords.Choose(c, d, e), b, a, k0, w3);
            c = TWords.RotateRight(c, 2);

            w4 = Next(w4, w6, w12, w1);
            e = Sum(TWords.Xor(b, c, d), a, e, k1, w4);
            b = TWords.RotateRight(b, 2);
            w5 = Next(w5, w7, w13, w2);
            d = Sum(TWords.Xor(a, b, c), e, d, k1, w5);
            a = TWords.RotateRight(a, 2);
            w6 = Next(w6, w8, w14, w3);
            c = Sum(TWords.Xor(e, a, b), d, c, k1, w6);
            e = TWords.RotateRight(e, 2);
            w7 = Next(w7, w9, w15, w4);
            b = Sum(TWords.Xor(d, e, a), c, b, k1, w7);
            d = TWords.RotateRight(d, 2);
            w8 = Next(w8, w10, w0, w5);
            a = Sum(TWords.Xor(c, d, e), b, a, k1, w8);
            c = TWords.RotateRight(c, 2);
            w9 = Next(w9, w11, w1, w6);
            e = Sum(TWords.Xor(b, c, d), a, e, k1, w9);
            b = TWords.RotateRight(b, 2);
            w10 = Next(w10, w12, w2, w7);
            d = Sum(TWords.Xor(a, b, c), e, d, k1, w10);
            a = TWords.RotateRight(a, 2);
            w11 = Next(w11, w13, w3, w8);
            c = Sum(TWords.Xor(e, a, b), d, c, k1, w11);
            e = TWords.RotateRight(e, 2);
            w12 = Next(w12, w14, w4, w9);
            b = Sum(TWords.Xor(d, e, a), c, b, k1, w12);
            d = TWords.RotateRight(d, 2);
            w13 = Next(w13, w15, w5, w10);
            a = Sum(TWords.Xor(c, d, e), b, a, k1, w13);
            c = TWords.RotateRight(c, 2);
            w14 = Next(w14, w0, w6, w11);
            e = Sum(TWords.Xor(b, c, d), a, e, k1, w14);
            b = TWords.RotateRight(b, 2);
            w15 = Next(w15, w1, w7, w12);
            d = Sum(TWords.Xor(a, b, c), e, d, k1, w15);
            a = TWords.RotateRight(a, 2);
            w0 = Next(w0, w2, w8, w13);
            c = Sum(TWords.Xor(e, a, b), d, c, k1, w0);
            e = TWords.RotateRight(e, 2);
            w1 = Next(w1, w3, w9, w14);
            b = Sum(TWords.Xor(d, e, a), c, b, k1, w1);
            d = TWords.RotateRight(d, 2);
            w2 = Next(w2, w4, w10, w15);
            a = Sum(TWords.Xor(c, d, e), b, a, k1, w2);
            c = TWords.RotateRight(c, 2);
            w3 = Next(w3, w5, w11, w0);
            e = Sum(TWords.Xor(b, c, d), a, e, k1, w3);
            b = TWords.RotateRight(b, 2);
            w4 = Next(w4, w6, w12, w1);
            d = Sum(TWords.Xor(a, b, c), e, d, k1, w4);
            a = TWords.RotateRight(a, 2);
            w5 = Next(w5, w7, w13, w2);
            c = Sum(TWords.Xor(e, a, b), d, c, k1, w5);
            e = TWords.RotateRight(e, 2);
            w6 = Next(w6, w8, w14, w3);
            b = Sum(TWords.Xor(d, e, a), c, b, k1, w6);
            d = TWords.RotateRight(d, 2);
            w7 = Next(w7, w9, w15, w4);
            a = Sum(TWords.Xor(c, d, e), b, a, k1, w7);
            c = TWords.RotateRight(c, 2);

            w8 = Next(w8, w10, w0, w5);
            e = Sum(TWords.Majority(b, c, d), a, e, k2, w8);
            b = TWords.RotateRight(b, 2);
            w9 = Next(w9, w11, w1, w6);
            d = Sum(TWords.Majority(a, b, c), e, d, k2, w9);
            a = TWords.RotateRight(a, 2);
            w10 = Next(w10, w12, w2, w7);
            c = Sum(TWords.Majority(e, a, b), d, c, k2, w10);
            e = TWords.RotateRight(e, 2);
            w11 = Next(w11, w13, w3, w8);
            b = Sum(TWords.Majority(d, e, a), c, b, k2, w11);
            d = TWords.RotateRight(d, 2);
            w12 = Next(w12, w14, w4, w9);
            a = Sum(TWords.Majority(c, d, e), b, a, k2, w12);
            c = TWords.RotateRight(c, 2);
            w13 = Next(w13, w15, w5, w10);
            e = Sum(TWords.Majority(b, c, d), a, e, k2, w13);
            b = TWords.RotateRight(b, 2);
            w14 = Next(w14, w0, w6, w11);
            d = Sum(TWords.Majority(a, b, c), e, d, k2, w14);
            a = TWords.RotateRight(a, 2);
            w15 = Next(w15, w1, w7, w12);
            c = Sum(TWords.Majority(e, a, b), d, c, k2, w15);
            e = TWords.RotateRight(e, 2);
            w0 = Next(w0, w2, w8, w13);
            b = Sum(TWords.Majority(d, e, a), c, b, k2, w0);
            d = TWords.RotateRight(d, 2);
            w1 = Next(w1, w3, w9, w14);
            a = Sum(TWords.Majority(c, d, e), b, a, k2, w1);
            c = TWords.RotateRight(c, 2);
            w2 = Next(w2, w4, w10, w15);
            e = Sum(TWords.Majority(b, c, d), a, e, k2, w2);
            b = TWords.RotateRight(b, 2);
            w3 = Next(w3, w5, w11, w0);
            d = Sum(TWords.Majority(a, b, c), e, d, k2, w3);
            a = TWords.RotateRight(a, 2);
            w4 = Next(w4, w6, w12, w1);
            c = Sum(TWords.Majority(e, a, b), d, c, k2, w4);
            e = TWords.RotateRight(e, 2);
            w5 = Next(w5, w7, w13, w2);
            b = Sum(TWords.Majority(d, e, a), c, b, k2, w5);
            d = TWords.RotateRight(d, 2);
            w6 = Next(w6, w8, w14, w3);
            a = Sum(TWords.Majority(c, d, e), b, a, k2, w6);
            c = TWords.RotateRight(c, 2);
            w7 = Next(w7, w9, w15, w4);
            e = Sum(TWords.Majority(b, c, d), a, e, k2, w7);
            b = TWords.RotateRight(b, 2);
            w8 = Next(w8, w10, w0, w5);
            d = Sum(TWords.Majority(a, b, c), e, d, k2, w8);
            a = TWords.RotateRight(a, 2);
            w9 = Next(w9, w11, w1, w6);
            c = Sum(TWords.Majority(e, a, b), d, c, k2, w9);
            e = TWords.RotateRight(e, 2);
            w10 = Next(w10, w12, w2, w7);
            b = Sum(TWords.Majority(d, e, a), c, b, k2, w10);
            d = TWords.RotateRight(d, 2);
            w11 = Next(w11, w13, w3, w8);
            a = Sum(TWords.Majority(c, d, e), b, a, k2, w11);
            c = TWords.RotateRight(c, 2);

            w12 = Next(w12, w14, w4, w9);
            e = Sum(TWords.Xor(b, c, d), a, e, k3, w12);
            b = TWords.RotateRight(b, 2);
            w13 = Next(w13, w15, w5, w10);
            d = Sum(TWords.Xor(a, b, c), e, d, k3, w13);
            a = TWords.RotateRight(a, 2);
            w14 = Next(w14, w0, w6, w11);
            c = Sum(TWords.Xor(e, a, b), d, c, k3, w14);
            e = TWords.RotateRight(e, 2);
            w15 = Next(w15, w1, w7, w12);
            b = Sum(TWords.Xor(d, e, a), c, b, k3, w15);
            d = TWords.RotateRight(d, 2);
            w0 = Next(w0, w2, w8, w13);
            a = Sum(TWords.Xor(c, d, e), b, a, k3, w0);
            c = TWords.RotateRight(c, 2);
            w1 = Next(w1, w3, w9, w14);
            e = Sum(TWords.Xor(b, c, d), a, e, k3, w1);
            b = TWords.RotateRight(b, 2);
            w2 = Next(w2, w4, w10, w15);
            d = Sum(TWords.Xor(a, b, c), e, d, k3, w2);
            a = TWords.RotateRight(a, 2);
            w3 = Next(w3, w5, w11, w0);
            c = Sum(TWords.Xor(e, a, b), d, c, k3, w3);
            e = TWords.RotateRight(e, 2);
            w4 = Next(w4, w6, w12, w1);
            b = Sum(TWords.Xor(d, e, a), c, b, k3, w4);
            d = TWords.RotateRight(d, 2);
            w5 = Next(w5, w7, w13, w2);
            a = Sum(TWords.Xor(c, d, e), b, a, k3, w5);
            c = TWords.RotateRight(c, 2);
            w6 = Next(w6, w8, w14, w3);
            e = Sum(TWords.Xor(b, c, d), a, e, k3, w6);
            b = TWords.RotateRight(b, 2);
            w7 = Next(w7, w9, w15, w4);
            d = Sum(TWords.Xor(a, b, c), e, d, k3, w7);
            a = TWords.RotateRight(a, 2);
            w8 = Next(w8, w10, w0, w5);
            c = Sum(TWords.Xor(e, a, b), d, c, k3, w8);
            e = TWords.RotateRight(e, 2);
            w9 = Next(w9, w11, w1, w6);
            b = Sum(TWords.Xor(d, e, a), c, b, k3, w9);
            d = TWords.RotateRight(d, 2);
            w10 = Next(w10, w12, w2, w7);
            a = Sum(TWords.Xor(c, d, e), b, a, k3, w10);
            c = TWords.RotateRight(c, 2);
            w11 = Next(w11, w13, w3, w8);
            e = Sum(TWords.Xor(b, c, d), a, e, k3, w11);
            b = TWords.RotateRight(b, 2);
            w12 = Next(w12, w14, w4, w9);
            d = Sum(TWords.Xor(a, b, c), e, d, k3, w12);
            a = TWords.RotateRight(a, 2);
            w13 = Next(w13, w15, w5, w10);
            c = Sum(TWords.Xor(e, a, b), d, c, k3, w13);
            e = TWords.RotateRight(e, 2);
            w14 = Next(w14, w0, w6, w11);
            b = Sum(TWords.Xor(d, e, a), c, b, k3, w14);
            d = TWords.RotateRight(d, 2);
            w15 = Next(w15, w1, w7, w12);
            a = Sum(TWords.Xor(c, d, e), b, a, k3, w15);
            c = TWords.RotateRight(c, 2);

            s[0] = a = TWords.Add(a, s[0]);
            s[1] = b = TWords.Add(b, s[1]);
            s[2] = c = TWords.Add(c, s[2]);
            s[3] = d = TWords.Add(d, s[3]);
            s[4] = e = TWords.Add(e, s[4]);
        }
    }

    public static void Capture(byte* kept, byte* state, byte* mask) =>
        StateCapture<TVector, TWords>.Apply(kept, state, mask, StateWords);

    // f is f(b, c, d): Ch, Parity, Maj and Parity again, each for 20 rounds.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(TVector f, TVector a, TVector e, TVector k, TVector w) =>
        TWords.Add(e, k, w, f, TWords.RotateRight(a, 27));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Next(TVector w, TVector w2, TVector w8, TVector w13) =>
        TWords.RotateRight(TWords.Xor(w, w2, w8, w13), 31);
}
