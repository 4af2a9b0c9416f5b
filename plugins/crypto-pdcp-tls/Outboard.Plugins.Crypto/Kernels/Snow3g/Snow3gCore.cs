using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>The state machine of SNOW 3G (TS 35.216 section 4) in as many lanes as a register has words.</summary>
/// <remarks>
/// TS 35.216 says: F = (s15 + R1) ^ R2, r = R2 + (R3 ^ s5), R3 = S2(R2), R2 = S1(R1), R1 = r, and the register moves on with
/// v = alpha . s0 ^ s2 ^ alpha^-1 . s11 (^ F while initialising). Here:
/// 1. A row holds one word of every lane. Sixteen rows are the LFSR, behind them are R1 to R3.
/// 2. The LFSR does not move; its start does, once around in 16 steps, which come in groups of four.
/// </remarks>
internal static unsafe class Snow3gCore<TLanes, TVector>
    where TLanes : struct, ISnow3gLanes<TVector>
    where TVector : struct
{
    /// <summary>Rows of a state.</summary>
    public const int StateRows = 19;

    /// <summary>Rows that <see cref="Generate"/> makes.</summary>
    public const int BlockRows = 16;

    /// <summary>Bytes of a key as <see cref="StoreKey"/> keeps it.</summary>
    public const int KeyLength = 16;

    private const int InitialisationSteps = 32;

    /// <summary>Words of a state.</summary>
    public static int StateWords => StateRows * TLanes.LaneCount;

    /// <summary>Keeps the four words of a key in the order of the machine.</summary>
    public static void StoreKey(ReadOnlySpan<byte> key, byte* expanded)
    {
        for (int i = 0; i < 4; i++)
        {
            ((uint*)expanded)[i] = BinaryPrimitives.ReadUInt32BigEndian(key[(4 * i)..]);
        }
    }

    /// <summary>Puts a key and an initialisation vector, in the order of TS 35.215 3.4 and 4.4, into one lane (TS 35.216 4.1).</summary>
    public static void LoadLane(uint* state, int lane, uint* key, byte* iv)
    {
        // The first word of the key is k3, the first of the vector IV3.
        uint k3 = key[0], k2 = key[1], k1 = key[2], k0 = key[3];
        uint iv3 = ReadWord(iv), iv2 = ReadWord(iv + 4), iv1 = ReadWord(iv + 8), iv0 = ReadWord(iv + 12);
        nuint step = (uint)TLanes.LaneCount;
        uint* at = state + lane;
        at[0] = ~k0;
        at[step] = ~k1;
        at[2 * step] = ~k2;
        at[3 * step] = ~k3;
        at[4 * step] = k0;
        at[5 * step] = k1;
        at[6 * step] = k2;
        at[7 * step] = k3;
        at[8 * step] = ~k0;
        at[9 * step] = ~k1 ^ iv3;
        at[10 * step] = ~k2 ^ iv2;
        at[11 * step] = ~k3;
        at[12 * step] = k0 ^ iv1;
        at[13 * step] = k1;
        at[14 * step] = k2;
        at[15 * step] = k3 ^ iv0;
    }

    /// <summary>Initialises all lanes that <see cref="LoadLane"/> has loaded.</summary>
    public static void Initialise(uint* state)
    {
        TLanes lanes = default;
        lanes.Prepare();
        TVector r1 = default, r2 = default, r3 = default, s15 = TLanes.Load(Row(state, 15));
        for (int i = 0; i < InitialisationSteps; i += 4)
        {
            Group(ref lanes, state, i, null, ref s15, ref r1, ref r2, ref r3);
        }

        // One step more, whose F is dropped; after it s1 is first, and is moved to where the keystream begins.
        Clock(
            ref lanes, state, Row(state, 2), Row(state, 5), Row(state, 11), s15, ref r1, ref r2, ref r3, out TVector last, out _);
        for (int i = 0; i < 15; i++)
        {
            TLanes.Store(Row(state, i), TLanes.Load(Row(state, i + 1)));
        }

        TLanes.Store(Row(state, 15), last);
        StoreRegisters(state, r1, r2, r3);
    }

    /// <summary>Makes 4, 8 or 16 keystream words of every lane; fewer than 16 leave the state unfit for more.</summary>
    public static void Generate(uint* state, uint* rows, int count)
    {
        TLanes lanes = default;
        lanes.Prepare();
        TVector r1 = TLanes.Load(RegisterRow(state, 0)), r2 = TLanes.Load(RegisterRow(state, 1));
        TVector r3 = TLanes.Load(RegisterRow(state, 2)), s15 = TLanes.Load(Row(state, 15));
        for (int i = 0; i < count; i += 4)
        {
            Group(ref lanes, state, i, rows + ((nuint)(uint)i * (uint)TLanes.LaneCount), ref s15, ref r1, ref r2, ref r3);
        }

        StoreRegisters(state, r1, r2, r3);
    }

    /// <summary>Copies one lane of a state into one lane of another.</summary>
    public static void CopyLane(uint* to, int toLane, uint* from, int fromLane)
    {
        to += toLane;
        from += fromLane;
        for (int i = 0; i < StateRows; i++)
        {
            *to = *from;
            to += TLanes.LaneCount;
            from += TLanes.LaneCount;
        }
    }

    // Four steps from a row that four divides; they make keystream, or initialise where there is no room for any.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Group(
        ref TLanes lanes, uint* state, int at, uint* rows, ref TVector s15, ref TVector r1, ref TVector r2, ref TVector r3)
    {
        nuint row = (uint)TLanes.LaneCount;
        uint* a = Row(state, at), b = Row(state, at + 4), c = Row(state, at + 8), d = Row(state, at + 12);
        Step(ref lanes, a, a + (2 * row), b + row, c + (3 * row), rows, ref s15, ref r1, ref r2, ref r3);
        Step(ref lanes, a + row, a + (3 * row), b + (2 * row), d, rows == null ? null : rows + row, ref s15, ref r1, ref r2, ref r3);
        Step(
            ref lanes, a + (2 * row), b, b + (3 * row), d + row, rows == null ? null : rows + (2 * row), ref s15, ref r1, ref r2, ref r3);
        Step(
            ref lanes, a + (3 * row), b + row, c, d + (2 * row), rows == null ? null : rows + (3 * row), ref s15, ref r1, ref r2, ref r3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(
        ref TLanes lanes,
        uint* p0,
        uint* p2,
        uint* p5,
        uint* p11,
        uint* keystream,
        ref TVector s15,
        ref TVector r1,
        ref TVector r2,
        ref TVector r3)
    {
        TVector f = Clock(ref lanes, p0, p2, p5, p11, s15, ref r1, ref r2, ref r3, out TVector v, out TVector s0);
        if (keystream == null)
        {
            s15 = TLanes.Xor(v, f);
        }
        else
        {
            TLanes.Store(keystream, TLanes.Xor(f, s0));
            s15 = v;
        }

        TLanes.Store(p0, s15);
    }

    // What both kinds of step have in common: F, the registers moved on, and the feedback without F.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Clock(
        ref TLanes lanes,
        uint* p0,
        uint* p2,
        uint* p5,
        uint* p11,
        TVector s15,
        ref TVector r1,
        ref TVector r2,
        ref TVector r3,
        out TVector v,
        out TVector s0)
    {
        s0 = TLanes.Load(p0);
        TVector f = TLanes.Xor(TLanes.Add(s15, r1), r2);
        TVector r = TLanes.Add(r2, TLanes.Xor(r3, TLanes.Load(p5)));
        r3 = lanes.S2(r2);
        r2 = lanes.S1(r1);
        r1 = r;
        v = TLanes.Xor(lanes.Feedback(s0, TLanes.Load(p11)), TLanes.Load(p2));
        return f;
    }

    private static void StoreRegisters(uint* state, TVector r1, TVector r2, TVector r3)
    {
        TLanes.Store(RegisterRow(state, 0), r1);
        TLanes.Store(RegisterRow(state, 1), r2);
        TLanes.Store(RegisterRow(state, 2), r3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint* Row(uint* state, int index) => state + ((nuint)((uint)index & 15) * (uint)TLanes.LaneCount);

    // R1 to R3 are behind the sixteen rows of the LFSR.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint* RegisterRow(uint* state, int index) => state + ((nuint)(16 + (uint)index) * (uint)TLanes.LaneCount);

    private static uint ReadWord(byte* source) => BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(source));
}
