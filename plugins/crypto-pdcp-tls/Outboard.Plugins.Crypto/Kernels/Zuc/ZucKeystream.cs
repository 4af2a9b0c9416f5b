using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>The stepping of ZUC in all lanes of a register at once (ZUC Specification 3.2 to 3.6).</summary>
/// <remarks>
/// 1. A state is <see cref="VectorCount"/> registers: 32 cells, R1, R2. Cell n of the register sequence is kept at n mod 16 and at
///    16 + n mod 16, so that the sixteen that a step reads lie side by side; s14 and s15 stay in registers.
/// 2. Arithmetic modulo p = 2^31 - 1. Sums of two numbers of at most p fit in 32 bits and are folded by min(x, x - p), which may leave
///    0 for p. The last sum of a step has a summand that is not 0, and (x mod 2^31) + (x div 2^31) makes 1 to p of it, as 3.3.2 asks.
/// 3. R2 + X2 is needed turned by 16 bits: the halves that W1 and W2 exchange are then blends.
/// </remarks>
internal static unsafe class ZucKeystream<TLanes, TVector>
    where TLanes : struct, IZucLanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Registers of a state.</summary>
    public const int VectorCount = 34;

    private const uint Prime = 0x7FFFFFFF;

    /// <summary>Runs the rounds in which the output feeds back, and the one after them whose output is dropped.</summary>
    /// <param name="state">Its cells 0 to 15 are set; R1, R2 and the rest are written.</param>
    /// <param name="rounds">A multiple of sixteen.</param>
    public static void Initialise(TVector* state, int rounds)
    {
        Spread(state);
        TVector r1 = TLanes.All(0), r2 = TLanes.All(0), s14 = state[29], s15 = state[30];
        for (int at = 15, left = rounds; left > 0; left--, at = (at + 1) & 15)
        {
            _ = Step(state + at, ref r1, ref r2, ref s14, ref s15, feedBack: true);
        }

        _ = Step(state + 15, ref r1, ref r2, ref s14, ref s15, feedBack: false);
        state[32] = r1;
        state[33] = r2;
    }

    /// <summary><see cref="Initialise(TVector*, int)"/> for two states in turn, whose steps do not wait for each other.</summary>
    public static void Initialise(TVector* first, TVector* second, int rounds)
    {
        Spread(first);
        Spread(second);
        TVector r1 = TLanes.All(0), r2 = TLanes.All(0), s14 = first[29], s15 = first[30];
        TVector q1 = TLanes.All(0), q2 = TLanes.All(0), t14 = second[29], t15 = second[30];
        for (int at = 15, left = rounds; left > 0; left--, at = (at + 1) & 15)
        {
            _ = Step(first + at, ref r1, ref r2, ref s14, ref s15, feedBack: true);
            _ = Step(second + at, ref q1, ref q2, ref t14, ref t15, feedBack: true);
        }

        _ = Step(first + 15, ref r1, ref r2, ref s14, ref s15, feedBack: false);
        _ = Step(second + 15, ref q1, ref q2, ref t14, ref t15, feedBack: false);
        first[32] = r1;
        first[33] = r2;
        second[32] = q1;
        second[33] = q2;
    }

    /// <summary>Makes keystream.</summary>
    /// <param name="state">The state, at the beginning of its ring; there again after sixteen steps, and of no more use after fewer.</param>
    /// <param name="words">A register of keystream for each step.</param>
    /// <param name="steps">1 to 16.</param>
    public static void Generate(TVector* state, TVector* words, int steps)
    {
        TVector r1 = state[32], r2 = state[33], s14 = state[14], s15 = state[15];
        for (int i = 0; i < steps; i++)
        {
            words[i] = Step(state + i, ref r1, ref r2, ref s14, ref s15, feedBack: false);
        }

        state[32] = r1;
        state[33] = r2;
    }

    /// <summary><see cref="Generate(TVector*, TVector*, int)"/> for two states in turn; the second's words follow sixteen registers after the first's.</summary>
    public static void Generate(TVector* first, TVector* second, TVector* words, int steps)
    {
        TVector r1 = first[32], r2 = first[33], s14 = first[14], s15 = first[15];
        TVector q1 = second[32], q2 = second[33], t14 = second[14], t15 = second[15];
        for (int i = 0; i < steps; i++)
        {
            words[i] = Step(first + i, ref r1, ref r2, ref s14, ref s15, feedBack: false);
            words[i + 16] = Step(second + i, ref q1, ref q2, ref t14, ref t15, feedBack: false);
        }

        first[32] = r1;
        first[33] = r2;
        second[32] = q1;
        second[33] = q2;
    }

    // The first round starts one cell before the ring, so that the last ends where keystream begins.
    private static void Spread(TVector* state)
    {
        for (int i = 15; i >= 0; i--)
        {
            state[15 + i] = state[i];
        }

        for (int i = 0; i < 15; i++)
        {
            state[i] = state[16 + i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Step(
        TVector* cells, ref TVector r1, ref TVector r2, ref TVector s14, ref TVector s15, bool feedBack)
    {
        TVector upperHalf = TLanes.All(0xFFFF0000), s0 = cells[0], s5 = cells[5];

        // 3.3: X0 = s15 high, s14 low; X1 = s11 low, s9 high; X2 = s7 low, s5 high; X3 = s2 low, s0 high.
        TVector x0 = TLanes.Select(upperHalf, TLanes.ShiftLeft(s15, 1), s14);
        TVector x1 = TLanes.Xor(TLanes.ShiftLeft(cells[11], 16), TLanes.ShiftRight(cells[9], 15));
        TVector x2Turned = TLanes.Select(upperHalf, TLanes.ShiftLeft(s5, 1), cells[7]);

        // 3.4.
        TVector w = TLanes.Add(TLanes.Xor(x0, r1), r2);
        TVector word = feedBack ? w : TLanes.Xor(w, TLanes.ShiftLeft(cells[2], 16), TLanes.ShiftRight(s0, 15));
        TVector w1Turned = TLanes.RotateLeft(TLanes.Add(r1, x1), 16);
        TVector w2Turned = TLanes.Xor(TLanes.RotateLeft(r2, 16), x2Turned);
        TVector u = TLanes.Select(upperHalf, w1Turned, w2Turned);
        TVector v = TLanes.Select(upperHalf, w2Turned, w1Turned);
        r1 = TLanes.Xor(
            TLanes.Xor(u, TLanes.RotateLeft(u, 2), TLanes.RotateLeft(u, 10)), TLanes.RotateLeft(u, 18), TLanes.RotateLeft(u, 24));
        r2 = TLanes.Xor(
            TLanes.Xor(v, TLanes.RotateLeft(v, 8), TLanes.RotateLeft(v, 14)), TLanes.RotateLeft(v, 22), TLanes.RotateLeft(v, 30));
        TLanes.Substitute(ref r1, ref r2);

        // 3.2: s16 = 2^15 s15 + 2^17 s13 + 2^21 s10 + 2^20 s4 + (1 + 2^8) s0.
        TVector sum = Sum(Times(s0, 8), Times(cells[13], 17));
        sum = Sum(sum, Sum(Times(cells[10], 21), Times(cells[4], 20)));
        sum = SumAboveZero(Sum(sum, s0), Times(s15, 15));
        if (feedBack)
        {
            sum = SumAboveZero(sum, TLanes.ShiftRight(w, 1));
        }

        cells[0] = sum;
        cells[16] = sum;
        s14 = s15;
        s15 = sum;
        return word;
    }

    // 2^power . cell, which is not 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Times(TVector cell, int power) =>
        TLanes.OrAnd(TLanes.ShiftLeft(cell, power), TLanes.ShiftRight(cell, 31 - power), TLanes.All(Prime));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum(TVector a, TVector b)
    {
        a = TLanes.Add(a, b);
        return TLanes.Min(a, TLanes.Subtract(a, TLanes.All(Prime)));
    }

    // One of the two is not 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SumAboveZero(TVector a, TVector b)
    {
        a = TLanes.Add(a, b);
        return TLanes.Add(TLanes.And(a, TLanes.All(Prime)), TLanes.ShiftRight(a, 31));
    }
}
