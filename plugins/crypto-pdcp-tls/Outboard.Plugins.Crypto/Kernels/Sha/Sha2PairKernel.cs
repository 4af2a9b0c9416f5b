using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>SHA-256 or SHA-512 in twice the lanes of one width: two registers take turns.</summary>
/// <remarks>
/// The recurrence of <see cref="Sha2Kernel{TFunctions, TVector, TWords}"/>, where each round waits for the one before and a third of the
/// processor idles. Here (1) a round of the one half runs while the other waits; (2) W is in memory, all of it, because the registers hold
/// two states.
/// </remarks>
/// <typeparam name="TFunctions">Which of the two.</typeparam>
/// <typeparam name="TVector">The register.</typeparam>
/// <typeparam name="TWords">What is done with it.</typeparam>
internal readonly unsafe struct Sha2PairKernel<TFunctions, TVector, TWords> : IHashKernel
    where TFunctions : ISha2Functions
    where TVector : unmanaged
    where TWords : IHashWords<TVector>
{
    public static SimdWidth Width => TWords.Width;

    public static string Name => TWords.Name + "x2";

    public static bool IsSupported => TWords.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Lanes => 2 * HalfLanes;

    public static int BlockLength => 16 * TFunctions.WordLength;

    public static int WordLength => TFunctions.WordLength;

    public static int StateWords => 8;

    public static int WorkLength => 2 * TFunctions.RoundCount * sizeof(TVector);

    private static int HalfLanes => sizeof(TVector) / TFunctions.WordLength;

    public static void Compress(byte* state, byte** lanes, nuint blocks, byte* work)
    {
        var s = (TVector*)state;
        TVector a0 = s[0], a1 = s[1];
        TVector b0 = s[2], b1 = s[3];
        TVector c0 = s[4], c1 = s[5];
        TVector d0 = s[6], d1 = s[7];
        TVector e0 = s[8], e1 = s[9];
        TVector f0 = s[10], f1 = s[11];
        TVector g0 = s[12], g1 = s[13];
        TVector h0 = s[14], h1 = s[15];
        for (nuint offset = 0; blocks != 0; blocks--, offset += (nuint)BlockLength)
        {
            TVector* w = (TVector*)work, v = w + TFunctions.RoundCount;
            TWords.LoadBlock(lanes, offset, w);
            TWords.LoadBlock(lanes + HalfLanes, offset, v);
            byte* k = TFunctions.Rounds;
            TVector x, y;
            TVector* end = w + TFunctions.RoundCount - 16;
            for (; w != end; w += 8, v += 8, k += 8 * TFunctions.WordLength)
            {
                x = TWords.Broadcast(k);
                y = First(e0, f0, g0, h0, x, *w);
                d0 = TWords.Add(d0, y);
                h0 = Second(y, a0, b0, c0);
                w[16] = Next(*w, w[1], w[9], w[14]);
                y = First(e1, f1, g1, h1, x, *v);
                d1 = TWords.Add(d1, y);
                h1 = Second(y, a1, b1, c1);
                v[16] = Next(*v, v[1], v[9], v[14]);
                x = TWords.Broadcast(k + (1 * TFunctions.WordLength));
                y = First(d0, e0, f0, g0, x, w[1]);
                c0 = TWords.Add(c0, y);
                g0 = Second(y, h0, a0, b0);
                w[17] = Next(w[1], w[2], w[10], w[15]);
                y = First(d1, e1, f1, g1, x, v[1]);
                c1 = TWords.Add(c1, y);
                g1 = Second(y, h1, a1, b1);
                v[17] = Next(v[1], v[2], v[10], v[15]);
                x = TWords.Broadcast(k + (2 * TFunctions.WordLength));
                y = First(c0, d0, e0, f0, x, w[2]);
                b0 = TWords.Add(b0, y);
                f0 = Second(y, g0, h0, a0);
                w[18] = Next(w[2], w[3], w[11], w[16]);
                y = First(c1, d1, e1, f1, x, v[2]);
                b1 = TWords.Add(b1, y);
                f1 = Second(y, g1, h1, a1);
                v[18] = Next(v[2], v[3], v[11], v[16]);
                x = TWords.Broadcast(k + (3 * TFunctions.WordLength));
                y = First(b0, c0, d0, e0, x, w[3]);
                a0 = TWords.Add(a0, y);
                e0 = Second(y, f0, g0, h0);
                w[19] = Next(w[3], w[4], w[12], w[17]);
                y = First(b1, c1, d1, e1, x, v[3]);
                a1 = TWords.Add(a1, y);
                e1 = Second(y, f1, g1, h1);
                v[19] = Next(v[3], v[4], v[12], v[17]);
                x = TWords.Broadcast(k + (4 * TFunctions.WordLength));
                y = First(a0, b0, c0, d0, x, w[4]);
                h0 = TWords.Add(h0, y);
                d0 = Second(y, e0, f0, g0);
                w[20] = Next(w[4], w[5], w[13], w[18]);
                y = First(a1, b1, c1, d1, x, v[4]);
                h1 = TWords.Add(h1, y);
                d1 = Second(y, e1, f1, g1);
                v[20] = Next(v[4], v[5], v[13], v[18]);
                x = TWords.Broadcast(k + (5 * TFunctions.WordLength));
                y = First(h0, a0, b0, c0, x, w[5]);
                g0 = TWords.Add(g0, y);
                c0 = Second(y, d0, e0, f0);
                w[21] = Next(w[5], w[6], w[14], w[19]);
                y = First(h1, a1, b1, c1, x, v[5]);
                g1 = TWords.Add(g1, y);
                c1 = Second(y, d1, e1, f1);
                v[21] = Next(v[5], v[6], v[14], v[19]);
                x = TWords.Broadcast(k + (6 * TFunctions.WordLength));
                y = First(g0, h0, a0, b0, x, w[6]);
                f0 = TWords.Add(f0, y);
                b0 = Second(y, c0, d0, e0);
                w[22] = Next(w[6], w[7], w[15], w[20]);
                y = First(g1, h1, a1, b1, x, v[6]);
                f1 = TWords.Add(f1, y);
                b1 = Second(y, c1, d1, e1);
                v[22] = Next(v[6], v[7], v[15], v[20]);
                x = TWords.Broadcast(k + (7 * TFunctions.WordLength));
                y = First(f0, g0, h0, a0, x, w[7]);
                e0 = TWords.Add(e0, y);
                a0 = Second(y, b0, c0, d0);
                w[23] = Next(w[7], w[8], w[16], w[21]);
                y = First(f1, g1, h1, a1, x, v[7]);
                e1 = TWords.Add(e1, y);
                a1 = Second(y, b1, c1, d1);
                v[23] = Next(v[7], v[8], v[16], v[21]);
            }

            for (end += 16; w != end; w += 8, v += 8, k += 8 * TFunctions.WordLength)
            {
                x = TWords.Broadcast(k);
                y = First(e0, f0, g0, h0, x, *w);
                d0 = TWords.Add(d0, y);
                h0 = Second(y, a0, b0, c0);
                y = First(e1, f1, g1, h1, x, *v);
                d1 = TWords.Add(d1, y);
                h1 = Second(y, a1, b1, c1);
                x = TWords.Broadcast(k + (1 * TFunctions.WordLength));
                y = First(d0, e0, f0, g0, x, w[1]);
                c0 = TWords.Add(c0, y);
                g0 = Second(y, h0, a0, b0);
                y = First(d1, e1, f1, g1, x, v[1]);
                c1 = TWords.Add(c1, y);
                g1 = Second(y, h1, a1, b1);
                x = TWords.Broadcast(k + (2 * TFunctions.WordLength));
                y = First(c0, d0, e0, f0, x, w[2]);
                b0 = TWords.Add(b0, y);
                f0 = Second(y, g0, h0, a0);
                y = First(c1, d1, e1, f1, x, v[2]);
                b1 = TWords.Add(b1, y);
                f1 = Second(y, g1, h1, a1);
                x = TWords.Broadcast(k + (3 * TFunctions.WordLength));
                y = First(b0, c0, d0, e0, x, w[3]);
                a0 = TWords.Add(a0, y);
                e0 = Second(y, f0, g0, h0);
                y = First(b1, c1, d1, e1, x, v[3]);
                a1 = TWords.Add(a1, y);
                e1 = Second(y, f1, g1, h1);
                x = TWords.Broadcast(k + (4 * TFunctions.WordLength));
                y = First(a0, b0, c0, d0, x, w[4]);
                h0 = TWords.Add(h0, y);
                d0 = Second(y, e0, f0, g0);
                y = First(a1, b1, c1, d1, x, v[4]);
                h1 = TWords.Add(h1, y);
                d1 = Second(y, e1, f1, g1);
                x = TWords.Broadcast(k + (5 * TFunctions.WordLength));
                y = First(h0, a0, b0, c0, x, w[5]);
                g0 = TWords.Add(g0, y);
                c0 = Second(y, d0, e0, f0);
                y = First(h1, a1, b1, c1, x, v[5]);
                g1 = TWords.Add(g1, y);
                c1 = Second(y, d1, e1, f1);
                x = TWords.Broadcast(k + (6 * TFunctions.WordLength));
                y = First(g0, h0, a0, b0, x, w[6]);
                f0 = TWords.Add(f0, y);
                b0 = Second(y, c0, d0, e0);
                y = First(g1, h1, a1, b1, x, v[6]);
                f1 = TWords.Add(f1, y);
                b1 = Second(y, c1, d1, e1);
                x = TWords.Broadcast(k + (7 * TFunctions.WordLength));
                y = First(f0, g0, h0, a0, x, w[7]);
                e0 = TWords.Add(e0, y);
                a0 = Second(y, b0, c0, d0);
                y = First(f1, g1, h1, a1, x, v[7]);
                e1 = TWords.Add(e1, y);
                a1 = Second(y, b1, c1, d1);
            }

            s[0] = a0 = TWords.Add(a0, s[0]);
            s[1] = a1 = TWords.Add(a1, s[1]);
            s[2] = b0 = TWords.Add(b0, s[2]);
            s[3] = b1 = TWords.Add(b1, s[3]);
            s[4] = c0 = TWords.Add(c0, s[4]);
            s[5] = c1 = TWords.Add(c1, s[5]);
            s[6] = d0 = TWords.Add(d0, s[6]);
            s[7] = d1 = TWords.Add(d1, s[7]);
            s[8] = e0 = TWords.Add(e0, s[8]);
            s[9] = e1 = TWords.Add(e1, s[9]);
            s[10] = f0 = TWords.Add(f0, s[10]);
            s[11] = f1 = TWords.Add(f1, s[11]);
            s[12] = g0 = TWords.Add(g0, s[12]);
            s[13] = g1 = TWords.Add(g1, s[13]);
            s[14] = h0 = TWords.Add(h0, s[14]);
            s[15] = h1 = TWords.Add(h1, s[15]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector First(TVector e, TVector f, TVector g, TVector h, TVector k, TVector w) =>
        TWords.Add(h, k, w, TWords.Choose(e, f, g), TFunctions.UpperSigma1<TVector, TWords>(e));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Second(TVector t, TVector a, TVector b, TVector c) =>
        TWords.Add(t, TWords.Add(TWords.Majority(a, b, c), TFunctions.UpperSigma0<TVector, TWords>(a)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Next(TVector w, TVector w1, TVector w9, TVector w14) =>
        TWords.Add(w, w9, TFunctions.LowerSigma0<TVector, TWords>(w1), TFunctions.LowerSigma1<TVector, TWords>(w14));
}
