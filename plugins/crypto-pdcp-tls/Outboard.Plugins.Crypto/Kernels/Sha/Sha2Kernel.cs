using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>SHA-256 or SHA-512 (FIPS 180-4 6.2.2, 6.4.2) in the lanes of one width: the two differ in their word and amounts.</summary>
/// <remarks>
/// The recurrence, with W continued behind the 16 words of the block by W[t] = s1(W[t-2]) + W[t-7] + s0(W[t-15]) + W[t-16]:
/// T1 = h + S1(e) + Ch(e, f, g) + K[t] + W[t]; T2 = S0(a) + Maj(a, b, c);
/// h = g; g = f; f = e; e = d + T1; d = c; c = b; b = a; a = T1 + T2.
/// Here (1) 16 words of W are kept, each replaced by the one 16 rounds on; (2) variables change roles instead of values.
/// </remarks>
/// <typeparam name="TFunctions">Which of the two.</typeparam>
/// <typeparam name="TVector">The register.</typeparam>
/// <typeparam name="TWords">What is done with it.</typeparam>
internal readonly unsafe struct Sha2Kernel<TFunctions, TVector, TWords> : IHashKernel
    where TFunctions : ISha2Functions
    where TVector : unmanaged
    where TWords : IHashWords<TVector>
{
    public static SimdWidth Width => TWords.Width;

    public static string Name => TWords.Name;

    public static bool IsSupported => TWords.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Lanes => sizeof(TVector) / TFunctions.WordLength;

    public static int BlockLength => 16 * TFunctions.WordLength;

    public static int WordLength => TFunctions.WordLength;

    public static int StateWords => 8;

    public static void Compress(byte* state, byte** lanes, nuint blocks, byte* words)
    {
        var s = (TVector*)state;
        var w = (TVector*)words;
        TVector a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
        for (nuint offset = 0; blocks != 0; blocks--, offset += (nuint)BlockLength)
        {
            TWords.LoadBlock(lanes, offset, w);
            TVector w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3], w4 = w[4], w5 = w[5], w6 = w[6], w7 = w[7];
            TVector w8 = w[8], w9 = w[9], w10 = w[10], w11 = w[11], w12 = w[12], w13 = w[13], w14 = w[14], w15 = w[15];
            byte* k = TFunctions.Rounds;
            byte* last = k + ((TFunctions.RoundCount - 16) * TFunctions.WordLength);
            TVector t;
            for (; k != last; k += 16 * TFunctions.WordLength)
            {
                t = First(e, f, g, h, w0, k);
                d = TWords.Add(d, t);
                h = Second(t, a, b, c);
                w0 = Next(w0, w1, w9, w14);
                t = First(d, e, f, g, w1, k + (1 * TFunctions.WordLength));
                c = TWords.Add(c, t);
                g = Second(t, h, a, b);
                w1 = Next(w1, w2, w10, w15);
                t = First(c, d, e, f, w2, k + (2 * TFunctions.WordLength));
                b = TWords.Add(b, t);
                f = Second(t, g, h, a);
                w2 = Next(w2, w3, w11, w0);
                t = First(b, c, d, e, w3, k + (3 * TFunctions.WordLength));
                a = TWords.Add(a, t);
                e = Second(t, f, g, h);
                w3 = Next(w3, w4, w12, w1);
                t = First(a, b, c, d, w4, k + (4 * TFunctions.WordLength));
                h = TWords.Add(h, t);
                d = Second(t, e, f, g);
                w4 = Next(w4, w5, w13, w2);
                t = First(h, a, b, c, w5, k + (5 * TFunctions.WordLength));
                g = TWords.Add(g, t);
                c = Second(t, d, e, f);
                w5 = Next(w5, w6, w14, w3);
                t = First(g, h, a, b, w6, k + (6 * TFunctions.WordLength));
                f = TWords.Add(f, t);
                b = Second(t, c, d, e);
                w6 = Next(w6, w7, w15, w4);
                t = First(f, g, h, a, w7, k + (7 * TFunctions.WordLength));
                e = TWords.Add(e, t);
                a = Second(t, b, c, d);
                w7 = Next(w7, w8, w0, w5);
                t = First(e, f, g, h, w8, k + (8 * TFunctions.WordLength));
                d = TWords.Add(d, t);
                h = Second(t, a, b, c);
                w8 = Next(w8, w9, w1, w6);
                t = First(d, e, f, g, w9, k + (9 * TFunctions.WordLength));
                c = TWords.Add(c, t);
                g = Second(t, h, a, b);
                w9 = Next(w9, w10, w2, w7);
                t = First(c, d, e, f, w10, k + (10 * TFunctions.WordLength));
                b = TWords.Add(b, t);
                f = Second(t, g, h, a);
                w10 = Next(w10, w11, w3, w8);
                t = First(b, c, d, e, w11, k + (11 * TFunctions.WordLength));
                a = TWords.Add(a, t);
                e = Second(t, f, g, h);
                w11 = Next(w11, w12, w4, w9);
                t = First(a, b, c, d, w12, k + (12 * TFunctions.WordLength));
                h = TWords.Add(h, t);
                d = Second(t, e, f, g);
                w12 = Next(w12, w13, w5, w10);
                t = First(h, a, b, c, w13, k + (13 * TFunctions.WordLength));
                g = TWords.Add(g, t);
                c = Second(t, d, e, f);
                w13 = Next(w13, w14, w6, w11);
                t = First(g, h, a, b, w14, k + (14 * TFunctions.WordLength));
                f = TWords.Add(f, t);
                b = Second(t, c, d, e);
                w14 = Next(w14, w15, w7, w12);
                t = First(f, g, h, a, w15, k + (15 * TFunctions.WordLength));
                e = TWords.Add(e, t);
                a = Second(t, b, c, d);
                w15 = Next(w15, w0, w8, w13);
            }

            t = First(e, f, g, h, w0, k);
            d = TWords.Add(d, t);
            h = Second(t, a, b, c);
            t = First(d, e, f, g, w1, k + (1 * TFunctions.WordLength));
            c = TWords.Add(c, t);
            g = Second(t, h, a, b);
            t = First(c, d, e, f, w2, k + (2 * TFunctions.WordLength));
            b = TWords.Add(b, t);
            f = Second(t, g, h, a);
            t = First(b, c, d, e, w3, k + (3 * TFunctions.WordLength));
            a = TWords.Add(a, t);
            e = Second(t, f, g, h);
            t = First(a, b, c, d, w4, k + (4 * TFunctions.WordLength));
            h = TWords.Add(h, t);
            d = Second(t, e, f, g);
            t = First(h, a, b, c, w5, k + (5 * TFunctions.WordLength));
            g = TWords.Add(g, t);
            c = Second(t, d, e, f);
            t = First(g, h, a, b, w6, k + (6 * TFunctions.WordLength));
            f = TWords.Add(f, t);
            b = Second(t, c, d, e);
            t = First(f, g, h, a, w7, k + (7 * TFunctions.WordLength));
            e = TWords.Add(e, t);
            a = Second(t, b, c, d);
            t = First(e, f, g, h, w8, k + (8 * TFunctions.WordLength));
            d = TWords.Add(d, t);
            h = Second(t, a, b, c);
            t = First(d, e, f, g, w9, k + (9 * TFunctions.WordLength));
            c = TWords.Add(c, t);
            g = Second(t, h, a, b);
            t = First(c, d, e, f, w10, k + (10 * TFunctions.WordLength));
            b = TWords.Add(b, t);
            f = Second(t, g, h, a);
            t = First(b, c, d, e, w11, k + (11 * TFunctions.WordLength));
            a = TWords.Add(a, t);
            e = Second(t, f, g, h);
            t = First(a, b, c, d, w12, k + (12 * TFunctions.WordLength));
            h = TWords.Add(h, t);
            d = Second(t, e, f, g);
            t = First(h, a, b, c, w13, k + (13 * TFunctions.WordLength));
            g = TWords.Add(g, t);
            c = Second(t, d, e, f);
            t = First(g, h, a, b, w14, k + (14 * TFunctions.WordLength));
            f = TWords.Add(f, t);
            b = Second(t, c, d, e);
            t = First(f, g, h, a, w15, k + (15 * TFunctions.WordLength));
            e = TWords.Add(e, t);
            a = Second(t, b, c, d);

            s[0] = a = TWords.Add(a, s[0]);
            s[1] = b = TWords.Add(b, s[1]);
            s[2] = c = TWords.Add(c, s[2]);
            s[3] = d = TWords.Add(d, s[3]);
            s[4] = e = TWords.Add(e, s[4]);
            s[5] = f = TWords.Add(f, s[5]);
            s[6] = g = TWords.Add(g, s[6]);
            s[7] = h = TWords.Add(h, s[7]);
        }
    }

    public static void Capture(byte* kept, byte* state, byte* mask) =>
        StateCapture<TVector, TWords>.Apply(kept, state, mask, StateWords);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector First(TVector e, TVector f, TVector g, TVector h, TVector w, byte* k) =>
        TWords.Add(
            TWords.Add(TWords.Add(h, TWords.Add(w, TWords.Broadcast(k))), TWords.Choose(e, f, g)),
            TFunctions.UpperSigma1<TVector, TWords>(e));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Second(TVector t, TVector a, TVector b, TVector c) =>
        TWords.Add(t, TWords.Add(TWords.Majority(a, b, c), TFunctions.UpperSigma0<TVector, TWords>(a)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Next(TVector w, TVector w1, TVector w9, TVector w14) =>
        TWords.Add(
            TWords.Add(TWords.Add(w, w9), TFunctions.LowerSigma0<TVector, TWords>(w1)),
            TFunctions.LowerSigma1<TVector, TWords>(w14));
}
