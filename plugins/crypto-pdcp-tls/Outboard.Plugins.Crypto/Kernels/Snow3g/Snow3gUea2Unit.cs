using System.Runtime.Intrinsics;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>SNOW 3G confidentiality: UEA2, 128-EEA1 and 128-NEA1.</summary>
internal static class Snow3gUea2Unit
{
    /// <summary>The name in reports, and the case name of figures.</summary>
    public const string Operation = "snow3g-uea2";

    /// <summary>Makes the unit at the width that is allowed.</summary>
    /// <param name="selector">The widths allowed.</param>
    /// <param name="emit">Whether emitted kernels may be chosen; none of these is.</param>
    public static CryptoUnit Build(SimdSelector selector, bool emit) => UnitRow.Choose(
        selector,
        emit,
        Operation,
        UnitRow.Of<Snow3gVector512>(choice => new Snow3gUea2Unit<Snow3gVector512, Vector512<uint>>(choice)),
        UnitRow.Of<Snow3gVector256>(choice => new Snow3gUea2Unit<Snow3gVector256, Vector256<uint>>(choice)),
        UnitRow.Of<Snow3gVector128>(choice => new Snow3gUea2Unit<Snow3gVector128, Vector128<uint>>(choice)),
        UnitRow.Of<Snow3gSsse3>(choice => new Snow3gUea2Unit<Snow3gSsse3, Vector128<uint>>(choice)),
        UnitRow.Of<Snow3gScalar>(choice => new Snow3gUea2Unit<Snow3gScalar, ulong>(choice)));
}

/// <summary>UEA2 at one width: twice the lanes of a register where there are more messages than it has lanes.</summary>
internal sealed unsafe class Snow3gUea2Unit<TLanes, TVector>(KernelChoice choice) : CryptoUnit(choice)
    where TLanes : struct, ISnow3gLanes<TVector>
    where TVector : struct
{
    public override int KeyLength => Snow3gCore<TLanes, TVector>.KeyLength;

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) =>
        Snow3gCore<TLanes, TVector>.StoreKey(key, expanded);

    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        if (count > TLanes.LaneCount)
        {
            Uea2<Snow3gPair<TLanes, TVector>, VectorPair<TVector>>.Run(jobs, count, scratch);
        }
        else
        {
            Uea2<TLanes, TVector>.Run(jobs, count, scratch);
        }
    }

    public override string? SelfTest(UnitSelfTest test) => Snow3gAnswers.CheckUea2(this, test);
}
