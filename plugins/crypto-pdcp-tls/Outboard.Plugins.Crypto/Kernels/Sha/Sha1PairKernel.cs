using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>SHA-1 in twice the lanes of one width: two registers take turns.</summary>
/// <remarks>
/// The recurrence of <see cref="Sha1Kernel{TVector, TWords}"/>, where each round waits for the one before and half of the processor idles.
/// Here (1) a round of the one half runs while the other waits; (2) W is in memory, all of it, because the registers hold two states.
/// </remarks>
/// <typeparam name="TVector">The register.</typeparam>
/// <typeparam name="TWords">What is done with it.</typeparam>
internal readonly unsafe struct Sha1PairKernel<TVector, TWords> : IHashKernel
    where TVector : unmanaged
    where TWords : IHashWords<TVector>
{
    private const int Rounds = 80;

    public static SimdWidth Width => TWords.Width;

    public static string Name => TWords.Name + "x2";

    public static bool IsSupported => TWords.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static int Lanes => 2 * HalfLanes;

    public static int BlockLength => 64;

    public static int WordLength => sizeof(uint);

    public static int StateWords => 5;

    public static int WorkLength => 2 * Rounds * sizeof(TVector);

    private static int HalfLanes => sizeof(TVector) / sizeof(uint);

    public static void Compress(byte* state, byte** lanes, nuint blocks, byte* work)
    {
        var s = (TVector*)state;
        TVector a0 = s[0], a1 = s[1];
        TVector b0 = s[2], b1 = s[3];
        TVector c0 = s[4], c1 = s[5];
        TVector d0 = s[6], d1 = s[7];
        TVector e0 = s[8], e1 = s[9];
        for (nuint offset = 0; blocks != 0; blocks--, offset += 64)
        {
            // W of the second half lies 80 registers behind that of the first.
            var w = (TVector*)work;
            TWords.LoadBlock(lanes, offset, w);
            TWords.LoadBlock(lanes + HalfLanes, offset, w + Rounds);

            TVector k = TWords.Broadcast(HashConstants.Rounds1);
            TVector* end = w + 20;
            for (; w != end; w += 5)
            {
                e0 = Sum(TWords.Choose(b0, c0, d0), a0, e0, k, *w);
                b0 = TWords.RotateRight(b0, 2);
                e1 = Sum(TWords.Choose(b1, c1, d1), a1, e1, k, w[80]);
                b1 = TWords.RotateRight(b1, 2);
                w[16] = Next(*w, w[2], w[8], w[13]);
                w[96] = Next(w[80], w[82], w[88], w[93]);
                d0 = Sum(TWords.Choose(a0, b0, c0), e0, d0, k, w[1]);
                a0 = TWords.RotateRight(a0, 2);
                d1 = Sum(TWords.Choose(a1, b1, c1), e1, d1, k, w[81]);
                a1 = TWords.RotateRight(a1, 2);
                w[17] = Next(w[1], w[3], w[9], w[14]);
                w[97] = Next(w[81], w[83], w[89], w[94]);
                c0 = Sum(TWords.Choose(e0, a0, b0), d0, c0, k, w[2]);
                e0 = TWords.RotateRight(e0, 2);
                c1 = Sum(TWords.Choose(e1, a1, b1), d1, c1, k, w[82]);
                e1 = TWords.RotateRight(e1, 2);
                w[18] = Next(w[2], w[4], w[10], w[15]);
                w[98] = Next(w[82], w[84], w[90], w[95]);
                b0 = Sum(TWords.Choose(d0, e0, a0), c0, b0, k, w[3]);
                d0 = TWords.RotateRight(d0, 2);
                b1 = Sum(TWords.Choose(d1, e1, a1), c1, b1, k, w[83]);
                d1 = TWords.RotateRight(d1, 2);
                w[19] = Next(w[3], w[5], w[11], w[16]);
                w[99] = Next(w[83], w[85], w[91], w[96]);
                a0 = Sum(TWords.Choose(c0, d0, e0), b0, a0, k, w[4]);
                c0 = TWords.RotateRight(c0, 2);
                a1 = Sum(TWords.Choose(c1, d1, e1), b1, a1, k, w[84]);
                c1 = TWords.RotateRight(c1, 2);
                w[20] = Next(w[4], w[6], w[12], w[17]);
                w[100] = Next(w[84], w[86], w[92], w[97]);
            }

            k = TWords.Broadcast(HashConstants.Rounds1 + 4);
            for (end = w + 20; w != end; w += 5)
            {
                e0 = Sum(TWords.Xor(b0, c0, d0), a0, e0, k, *w);
                b0 = TWords.RotateRight(b0, 2);
                e1 = Sum(TWords.Xor(b1, c1, d1), a1, e1, k, w[80]);
                b1 = TWords.RotateRight(b1, 2);
                w[16] = Next(*w, w[2], w[8], w[13]);
                w[96] = Next(w[80], w[82], w[88], w[93]);
                d0 = Sum(TWords.Xor(a0, b0, c0), e0, d0, k, w[1]);
                a0 = TWords.RotateRight(a0, 2);
                d1 = Sum(TWords.Xor(a1, b1, c1), e1, d1, k, w[81]);
                a1 = TWords.RotateRight(a1, 2);
                w[17] = Next(w[1], w[3], w[9], w[14]);
                w[97] = Next(w[81], w[83], w[89], w[94]);
                c0 = Sum(TWords.Xor(e0, a0, b0), d0, c0, k, w[2]);
                e0 = TWords.RotateRight(e0, 2);
                c1 = Sum(TWords.Xor(e1, a1, b1), d1, c1, k, w[82]);
                e1 = TWords.RotateRight(e1, 2);
                w[18] = Next(w[2], w[4], w[10], w[15]);
                w[98] = Next(w[82], w[84], w[90], w[95]);
                b0 = Sum(TWords.Xor(d0, e0, a0), c0, b0, k, w[3]);
                d0 = TWords.RotateRight(d0, 2);
                b1 = Sum(TWords.Xor(d1, e1, a1), c1, b1, k, w[83]);
                d1 = TWords.RotateRight(d1, 2);
                w[19] = Next(w[3], w[5], w[11], w[16]);
                w[99] = Next(w[83], w[85], w[91], w[96]);
                a0 = Sum(TWords.Xor(c0, d0, e0), b0, a0, k, w[4]);
                c0 = TWords.RotateRight(c0, 2);
                a1 = Sum(TWords.Xor(c1, d1, e1), b1, a1, k, w[84]);
                c1 = TWords.RotateRight(c1, 2);
                w[20] = Next(w[4], w[6], w[12], w[17]);
                w[100] = Next(w[84], w[86], w[92], w[97]);
            }

            k = TWords.Broadcast(HashConstants.Rounds1 + 8);
            for (end = w + 20; w != end; w += 5)
            {
                e0 = Sum(TWords.Majority(b0, c0, d0), a0, e0, k, *w);
                b0 = TWords.RotateRight(b0, 2);
                e1 = Sum(TWords.Majority(b1, c1, d1), a1, e1, k, w[80]);
                b1 = TWords.RotateRight(b1, 2);
                w[16] = Next(*w, w[2], w[8], w[13]);
                w[96] = Next(w[80], w[82], w[88], w[93]);
                d0 = Sum(TWords.Majority(a0, b0, c0), e0, d0, k, w[1]);
                a0 = TWords.RotateRight(a0, 2);
                d1 = Sum(TWords.Majority(a1, b1, c1), e1, d1, k, w[81]);
                a1 = TWords.RotateRight(a1, 2);
                w[17] = Next(w[1], w[3], w[9], w[14]);
                w[97] = Next(w[81], w[83], w[89], w[94]);
                c0 = Sum(TWords.Majority(e0, a0, b0), d0, c0, k, w[2]);
                e0 = TWords.RotateRight(e0, 2);
                c1 = Sum(TWords.Majority(e1, a1, b1), d1, c1, k, w[82]);
                e1 = TWords.RotateRight(e1, 2);
                w[18] = Next(w[2], w[4], w[10], w[15]);
                w[98] = Next(w[82], w[84], w[90], w[95]);
                b0 = Sum(TWords.Majority(d0, e0, a0), c0, b0, k, w[3]);
                d0 = TWords.RotateRight(d0, 2);
                b1 = Sum(TWords.Majority(d1, e1, a1), c1, b1, k, w[83]);
                d1 = TWords.RotateRight(d1, 2);
                w[19] = Next(w[3], w[5], w[11], w[16]);
                w[99] = Next(w[83], w[85], w[91], w[96]);
                a0 = Sum(TWords.Majority(c0, d0, e0), b0, a0, k, w[4]);
                c0 = TWords.RotateRight(c0, 2);
                a1 = Sum(TWords.Majority(c1, d1, e1), b1, a1, k, w[84]);
                c1 = TWords.RotateRight(c1, 2);
                w[20] = Next(w[4], w[6], w[12], w[17]);
                w[100] = Next(w[84], w[86], w[92], w[97]);
            }

            for (int t = 0; t < 4; t++)
            {
                w[t + 16] = Next(w[t], w[t + 2], w[t + 8], w[t + 13]);
                w[t + 96] = Next(w[t + 80], w[t + 82], w[t + 88], w[t + 93]);
            }

            k = TWords.Broadcast(HashConstants.Rounds1 + 12);
            for (end = w + 20; w != end; w += 5)
            {
                e0 = Sum(TWords.Xor(b0, c0, d0), a0, e0, k, *w);
                b0 = TWords.RotateRight(b0, 2);
                e1 = Sum(TWords.Xor(b1, c1, d1), a1, e1, k, w[80]);
                b1 = TWords.RotateRight(b1, 2);
                d0 = Sum(TWords.Xor(a0, b0, c0), e0, d0, k, w[1]);
                a0 = TWords.RotateRight(a0, 2);
                d1 = Sum(TWords.Xor(a1, b1, c1), e1, d1, k, w[81]);
                a1 = TWords.RotateRight(a1, 2);
                c0 = Sum(TWords.Xor(e0, a0, b0), d0, c0, k, w[2]);
                e0 = TWords.RotateRight(e0, 2);
                c1 = Sum(TWords.Xor(e1, a1, b1), d1, c1, k, w[82]);
                e1 = TWords.RotateRight(e1, 2);
                b0 = Sum(TWords.Xor(d0, e0, a0), c0, b0, k, w[3]);
                d0 = TWords.RotateRight(d0, 2);
                b1 = Sum(TWords.Xor(d1, e1, a1), c1, b1, k, w[83]);
                d1 = TWords.RotateRight(d1, 2);
                a0 = Sum(TWords.Xor(c0, d0, e0), b0, a0, k, w[4]);
                c0 = TWords.RotateRight(c0, 2);
                a1 = Sum(TWords.Xor(c1, d1, e1), b1, a1, k, w[84]);
                c1 = TWords.RotateRight(c1, 2);
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
        }
    }

    // f is f(b, c, d): Ch, Parity, Maj and Parity again, each for 20 rounds.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(TVector f, TVector a, TVector e, TVector k, TVector w) =>
        TWords.Add(e, k, w, f, TWords.RotateRight(a, 27));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Next(TVector w, TVector w2, TVector w8, TVector w13) =>
        TWords.RotateRight(TWords.Xor(w, w2, w8, w13), 31);
}
