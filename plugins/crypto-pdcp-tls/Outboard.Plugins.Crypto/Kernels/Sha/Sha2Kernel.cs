using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>SHA-256 or SHA-512 (FIPS 180-4 6.2.2, 6.4.2) in the lanes of one width: the two differ in their word and amounts.</summary>
/// <remarks>
/// The recurrence, with W continued behind the 16 words of the block by W[t] = s1(W[t-2]) + W[t-7] + s0(W[t-15]) + W[t-16]:
/// T1 = h + S1(e) + Ch(e, f, g) + K[t] + W[t]; T2 = S0(a) + Maj(a, b, c);
/// h = g; g = f; f = e; e = d + T1; d = c; c = b; b = a; a = T1 + T2.
/// Here (1) 16 words of W are kept, each replaced by the one 16 rounds on; (2) variables change roles instead of values;
/// (3) e is d + T1 summed anew, and what comes of e and a is added last: six latencies of a round bind where eight would, and
/// lanes of a register are not so many that throughput binds.
/// </remarks>
/// <typeparam name="TFunctions">Which of the two.</typeparam>
/// <typeparam name="TVector">The register.</typeparam>
/// <typeparam name="TWords">What is done with it.</typeparam>
internal readonly unsafe struct Sha2Kernel<TFunctions, TVector, TWords> : IMaskedHashKernel
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

    public static int WorkLength => BlockLength * Lanes;

    public static void Compress(byte* state, byte** lanes, nuint blocks, byte* work)
    {
        var s = (TVector*)state;
        var w = (TVector*)work;
        TVector a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
        for (nuint offset = 0; blocks != 0; blocks--, offset += (nuint)BlockLength)
        {
            TWords.LoadBlock(lanes, offset, w);
            TVector w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3], w4 = w[4], w5 = w[5], w6 = w[6], w7 = w[7];
            TVector w8 = w[8], w9 = w[9], w10 = w[10], w11 = w[11], w12 = w[12], w13 = w[13], w14 = w[14], w15 = w[15];
            byte* k = TFunctions.Rounds;
            byte* last = k + ((TFunctions.RoundCount - 16) * TFunctions.WordLength);
            TVector x, y, z;
            for (; k != last; k += 16 * TFunctions.WordLength)
            {
                x = Known(h, w0, k);
                y = TWords.Choose(e, f, g);
                z = TFunctions.UpperSigma1<TVector, TWords>(e);
                d = TWords.Add(d, x, y, z);
                h = Sum(x, y, z, a, b, c);
                w0 = Next(w0, w1, w9, w14);
                x = Known(g, w1, k + (1 * TFunctions.WordLength));
                y = TWords.Choose(d, e, f);
                z = TFunctions.UpperSigma1<TVector, TWords>(d);
                c = TWords.Add(c, x, y, z);
                g = Sum(x, y, z, h, a, b);
                w1 = Next(w1, w2, w10, w15);
                x = Known(f, w2, k + (2 * TFunctions.WordLength));
                y = TWords.Choose(c, d, e);
                z = TFunctions.UpperSigma1<TVector, TWords>(c);
                b = TWords.Add(b, x, y, z);
                f = Sum(x, y, z, g, h, a);
                w2 = Next(w2, w3, w11, w0);
                x = Known(e, w3, k + (3 * TFunctions.WordLength));
                y = TWords.Choose(b, c, d);
                z = TFunctions.UpperSigma1<TVector, TWords>(b);
                a = TWords.Add(a, x, y, z);
                e = Sum(x, y, z, f, g, h);
                w3 = Next(w3, w4, w12, w1);
                x = Known(d, w4, k + (4 * TFunctions.WordLength));
                y = TWords.Choose(a, b, c);
                z = TFunctions.UpperSigma1<TVector, TWords>(a);
                h = TWords.Add(h, x, y, z);
                d = Sum(x, y, z, e, f, g);
                w4 = Next(w4, w5, w13, w2);
                x = Known(c, w5, k + (5 * TFunctions.WordLength));
                y = TWords.Choose(h, a, b);
                z = TFunctions.UpperSigma1<TVector, TWords>(h);
                g = TWords.Add(g, x, y, z);
                c = Sum(x, y, z, d, e, f);
                w5 = Next(w5, w6, w14, w3);
                x = Known(b, w6, k + (6 * TFunctions.WordLength));
                y = TWords.Choose(g, h, a);
                z = TFunctions.UpperSigma1<TVector, TWords>(g);
                f = TWords.Add(f, x, y, z);
                b = Sum(x, y, z, c, d, e);
                w6 = Next(w6, w7, w15, w4);
                x = Known(a, w7, k + (7 * TFunctions.WordLength));
                y = TWords.Choose(f, g, h);
                z = TFunctions.UpperSigma1<TVector, TWords>(f);
                e = TWords.Add(e, x, y, z);
                a = Sum(x, y, z, b, c, d);
                w7 = Next(w7, w8, w0, w5);
                x = Known(h, w8, k + (8 * TFunctions.WordLength));
                y = TWords.Choose(e, f, g);
                z = TFunctions.UpperSigma1<TVector, TWords>(e);
                d = TWords.Add(d, x, y, z);
                h = Sum(x, y, z, a, b, c);
                w8 = Next(w8, w9, w1, w6);
                x = Known(g, w9, k + (9 * TFunctions.WordLength));
                y = TWords.Choose(d, e, f);
                z = TFunctions.UpperSigma1<TVector, TWords>(d);
                c = TWords.Add(c, x, y, z);
                g = Sum(x, y, z, h, a, b);
                w9 = Next(w9, w10, w2, w7);
                x = Known(f, w10, k + (10 * TFunctions.WordLength));
                y = TWords.Choose(c, d, e);
                z = TFunctions.UpperSigma1<TVector, TWords>(c);
                b = TWords.Add(b, x, y, z);
                f = Sum(x, y, z, g, h, a);
                w10 = Next(w10, w11, w3, w8);
                x = Known(e, w11, k + (11 * TFunctions.WordLength));
                y = TWords.Choose(b, c, d);
                z = TFunctions.UpperSigma1<TVector, TWords>(b);
                a = TWords.Add(a, x, y, z);
                e = Sum(x, y, z, f, g, h);
                w11 = Next(w11, w12, w4, w9);
                x = Known(d, w12, k + (12 * TFunctions.WordLength));
                y = TWords.Choose(a, b, c);
                z = TFunctions.UpperSigma1<TVector, TWords>(a);
                h = TWords.Add(h, x, y, z);
                d = Sum(x, y, z, e, f, g);
                w12 = Next(w12, w13, w5, w10);
                x = Known(c, w13, k + (13 * TFunctions.WordLength));
                y = TWords.Choose(h, a, b);
                z = TFunctions.UpperSigma1<TVector, TWords>(h);
                g = TWords.Add(g, x, y, z);
                c = Sum(x, y, z, d, e, f);
                w13 = Next(w13, w14, w6, w11);
                x = Known(b, w14, k + (14 * TFunctions.WordLength));
                y = TWords.Choose(g, h, a);
                z = TFunctions.UpperSigma1<TVector, TWords>(g);
                f = TWords.Add(f, x, y, z);
                b = Sum(x, y, z, c, d, e);
                w14 = Next(w14, w15, w7, w12);
                x = Known(a, w15, k + (15 * TFunctions.WordLength));
                y = TWords.Choose(f, g, h);
                z = TFunctions.UpperSigma1<TVector, TWords>(f);
                e = TWords.Add(e, x, y, z);
                a = Sum(x, y, z, b, c, d);
                w15 = Next(w15, w0, w8, w13);
            }

            x = Known(h, w0, k);
            y = TWords.Choose(e, f, g);
            z = TFunctions.UpperSigma1<TVector, TWords>(e);
            d = TWords.Add(d, x, y, z);
            h = Sum(x, y, z, a, b, c);
            x = Known(g, w1, k + (1 * TFunctions.WordLength));
            y = TWords.Choose(d, e, f);
            z = TFunctions.UpperSigma1<TVector, TWords>(d);
            c = TWords.Add(c, x, y, z);
            g = Sum(x, y, z, h, a, b);
            x = Known(f, w2, k + (2 * TFunctions.WordLength));
            y = TWords.Choose(c, d, e);
            z = TFunctions.UpperSigma1<TVector, TWords>(c);
            b = TWords.Add(b, x, y, z);
            f = Sum(x, y, z, g, h, a);
            x = Known(e, w3, k + (3 * TFunctions.WordLength));
            y = TWords.Choose(b, c, d);
            z = TFunctions.UpperSigma1<TVector, TWords>(b);
            a = TWords.Add(a, x, y, z);
            e = Sum(x, y, z, f, g, h);
            x = Known(d, w4, k + (4 * TFunctions.WordLength));
            y = TWords.Choose(a, b, c);
            z = TFunctions.UpperSigma1<TVector, TWords>(a);
            h = TWords.Add(h, x, y, z);
            d = Sum(x, y, z, e, f, g);
            x = Known(c, w5, k + (5 * TFunctions.WordLength));
            y = TWords.Choose(h, a, b);
            z = TFunctions.UpperSigma1<TVector, TWords>(h);
            g = TWords.Add(g, x, y, z);
            c = Sum(x, y, z, d, e, f);
            x = Known(b, w6, k + (6 * TFunctions.WordLength));
            y = TWords.Choose(g, h, a);
            z = TFunctions.UpperSigma1<TVector, TWords>(g);
            f = TWords.Add(f, x, y, z);
            b = Sum(x, y, z, c, d, e);
            x = Known(a, w7, k + (7 * TFunctions.WordLength));
            y = TWords.Choose(f, g, h);
            z = TFunctions.UpperSigma1<TVector, TWords>(f);
            e = TWords.Add(e, x, y, z);
            a = Sum(x, y, z, b, c, d);
            x = Known(h, w8, k + (8 * TFunctions.WordLength));
            y = TWords.Choose(e, f, g);
            z = TFunctions.UpperSigma1<TVector, TWords>(e);
            d = TWords.Add(d, x, y, z);
            h = Sum(x, y, z, a, b, c);
            x = Known(g, w9, k + (9 * TFunctions.WordLength));
            y = TWords.Choose(d, e, f);
            z = TFunctions.UpperSigma1<TVector, TWords>(d);
            c = TWords.Add(c, x, y, z);
            g = Sum(x, y, z, h, a, b);
            x = Known(f, w10, k + (10 * TFunctions.WordLength));
            y = TWords.Choose(c, d, e);
            z = TFunctions.UpperSigma1<TVector, TWords>(c);
            b = TWords.Add(b, x, y, z);
            f = Sum(x, y, z, g, h, a);
            x = Known(e, w11, k + (11 * TFunctions.WordLength));
            y = TWords.Choose(b, c, d);
            z = TFunctions.UpperSigma1<TVector, TWords>(b);
            a = TWords.Add(a, x, y, z);
            e = Sum(x, y, z, f, g, h);
            x = Known(d, w12, k + (12 * TFunctions.WordLength));
            y = TWords.Choose(a, b, c);
            z = TFunctions.UpperSigma1<TVector, TWords>(a);
            h = TWords.Add(h, x, y, z);
            d = Sum(x, y, z, e, f, g);
            x = Known(c, w13, k + (13 * TFunctions.WordLength));
            y = TWords.Choose(h, a, b);
            z = TFunctions.UpperSigma1<TVector, TWords>(h);
            g = TWords.Add(g, x, y, z);
            c = Sum(x, y, z, d, e, f);
            x = Known(b, w14, k + (14 * TFunctions.WordLength));
            y = TWords.Choose(g, h, a);
            z = TFunctions.UpperSigma1<TVector, TWords>(g);
            f = TWords.Add(f, x, y, z);
            b = Sum(x, y, z, c, d, e);
            x = Known(a, w15, k + (15 * TFunctions.WordLength));
            y = TWords.Choose(f, g, h);
            z = TFunctions.UpperSigma1<TVector, TWords>(f);
            e = TWords.Add(e, x, y, z);
            a = Sum(x, y, z, b, c, d);

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
    private static TVector Known(TVector h, TVector w, byte* k) => TWords.Add(h, TWords.Add(w, TWords.Broadcast(k)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(TVector x, TVector y, TVector z, TVector a, TVector b, TVector c) =>
        TWords.Add(x, y, z, TWords.Majority(a, b, c), TFunctions.UpperSigma0<TVector, TWords>(a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Next(TVector w, TVector w1, TVector w9, TVector w14) =>
        TWords.Add(w, w9, TFunctions.LowerSigma0<TVector, TWords>(w1), TFunctions.LowerSigma1<TVector, TWords>(w14));
}
