using System.Runtime.Intrinsics;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>SNOW 3G integrity: UIA2, 128-EIA1 and 128-NIA1.</summary>
internal static class Snow3gUia2Unit
{
    /// <summary>The name in reports, and the case name of figures.</summary>
    public const string Operation = "snow3g-uia2";

    /// <summary>Makes the unit at the width that is allowed.</summary>
    /// <param name="selector">The widths allowed.</param>
    /// <param name="emit">Whether emitted kernels may be chosen; none of these is.</param>
    public static CryptoUnit Build(SimdSelector selector, bool emit) => UnitRow.Choose(
        selector,
        emit,
        Operation,
        Row<Snow3gVector512, Vector512<uint>, Uia2Vector512>(),
        Row<Snow3gVector256, Vector256<uint>, Uia2Vector256>(),
        Row<Snow3gVector128, Vector128<uint>, Uia2Vector128>(),
        Row<Snow3gSsse3, Vector128<uint>, Uia2Vector128>(),
        Row<Snow3gScalar, ulong, Uia2Scalar>());

    // A kernel of this unit is two, and runs where both do.
    private static UnitRow Row<TLanes, TVector, THash>()
        where TLanes : struct, ISnow3gLanes<TVector>
        where TVector : struct
        where THash : struct, IUia2Hash
    {
        UnitRow row = UnitRow.Of<TLanes>(choice => new Snow3gUia2Unit<TLanes, TVector, THash>(choice));
        return row with
        {
            Kernel = row.Kernel with
            {
                Name = $"{TLanes.Name}+{THash.Name}",
                IsSupported = TLanes.IsSupported && THash.IsSupported,
            },
        };
    }
}

/// <summary>UIA2 at one width: twice the lanes of a register where there are more messages than it has lanes.</summary>
internal sealed unsafe class Snow3gUia2Unit<TLanes, TVector, THash>(KernelChoice choice) : CryptoUnit(choice)
    where TLanes : struct, ISnow3gLanes<TVector>
    where TVector : struct
    where THash : struct, IUia2Hash
{
    public override int KeyLength => Snow3gCore<TLanes, TVector>.KeyLength;

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) =>
        Snow3gCore<TLanes, TVector>.StoreKey(key, expanded);

    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        if (count > TLanes.LaneCount)
        {
            Uia2<Snow3gPair<TLanes, TVector>, VectorPair<TVector>, THash>.Run(jobs, count, scratch);
        }
        else
        {
            Uia2<TLanes, TVector, THash>.Run(jobs, count, scratch);
        }
    }

    public override string? SelfTest(UnitSelfTest test) => Snow3gAnswers.CheckUia2(this, test);
}
