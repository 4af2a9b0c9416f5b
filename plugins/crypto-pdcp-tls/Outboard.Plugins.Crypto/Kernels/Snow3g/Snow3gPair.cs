using System.Runtime.CompilerServices;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>Two registers as one of twice the lanes.</summary>
internal struct VectorPair<TVector>
    where TVector : struct
{
    public TVector Low;
    public TVector High;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public VectorPair(TVector low, TVector high)
    {
        Low = low;
        High = high;
    }
}

/// <summary>Twice the lanes of a kernel, in two registers of its width.</summary>
/// <remarks>
/// A step waits for the S-boxes of the step before it far longer than they keep the processor busy. Two sets of lanes are two such chains,
/// and one works while the other waits.
/// </remarks>
internal unsafe struct Snow3gPair<TLanes, TVector> : ISnow3gLanes<VectorPair<TVector>>
    where TLanes : struct, ISnow3gLanes<TVector>
    where TVector : struct
{
    private TLanes _lanes;

    public static SimdWidth Width => TLanes.Width;

    public static string Name => TLanes.Name;

    public static bool IsSupported => TLanes.IsSupported;

    public static bool IsAccelerated => TLanes.IsAccelerated;

    public static int LaneCount => 2 * TLanes.LaneCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prepare()
    {
        _lanes = default;
        _lanes.Prepare();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TVector> Load(uint* source) => new(TLanes.Load(source), TLanes.Load(source + TLanes.LaneCount));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(uint* destination, VectorPair<TVector> value)
    {
        TLanes.Store(destination, value.Low);
        TLanes.Store(destination + TLanes.LaneCount, value.High);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TVector> Add(VectorPair<TVector> a, VectorPair<TVector> b) =>
        new(TLanes.Add(a.Low, b.Low), TLanes.Add(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VectorPair<TVector> Xor(VectorPair<TVector> a, VectorPair<TVector> b) =>
        new(TLanes.Xor(a.Low, b.Low), TLanes.Xor(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly VectorPair<TVector> S1(VectorPair<TVector> w) => new(_lanes.S1(w.Low), _lanes.S1(w.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly VectorPair<TVector> S2(VectorPair<TVector> w) => new(_lanes.S2(w.Low), _lanes.S2(w.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly VectorPair<TVector> Feedback(VectorPair<TVector> s0, VectorPair<TVector> s11) =>
        new(_lanes.Feedback(s0.Low, s11.Low), _lanes.Feedback(s0.High, s11.High));

    public static void Transpose(uint* rows, int rowLength, byte* blocks)
    {
        TLanes.Transpose(rows, rowLength, blocks);
        TLanes.Transpose(rows + TLanes.LaneCount, rowLength, blocks + (64 * TLanes.LaneCount));
    }

    public static void XorBlock(byte* destination, byte* source, byte* keystream) => TLanes.XorBlock(destination, source, keystream);

    public static void XorTail(byte* destination, byte* source, byte* keystream, nuint bitLength) =>
        TLanes.XorTail(destination, source, keystream, bitLength);

    public static void XorAll(uint* rows, int rowLength, byte* blocks, LaneMessage* lanes, nuint offset)
    {
        TLanes.XorAll(rows, rowLength, blocks, lanes, offset);
        TLanes.XorAll(rows + TLanes.LaneCount, rowLength, blocks, lanes + TLanes.LaneCount, offset);
    }
}
