using System.Runtime.Intrinsics;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>Known answers of one algorithm.</summary>
internal interface IZucAnswers
{
    /// <summary>See <see cref="CryptoUnit.SelfTest"/>.</summary>
    static abstract string? Check(UnitSelfTest test, CryptoUnit unit);
}

/// <summary>The table that all algorithms of the family share: the same four widths.</summary>
internal static unsafe class ZucUnits
{
    public static CryptoUnit Build<TVariant, TWork, TAnswers>(SimdSelector selector, bool emit, string operation)
        where TVariant : struct, IZucVariant
        where TWork : struct, IZucWork
        where TAnswers : struct, IZucAnswers =>
        UnitRow.Choose(
            selector,
            emit,
            operation,
            UnitRow.Of<ZucVector512>(choice => new Unit<ZucVector512, Vector512<uint>, TVariant, TWork, TAnswers>(choice)),
            UnitRow.Of<ZucVector256>(choice => new Unit<ZucVector256, Vector256<uint>, TVariant, TWork, TAnswers>(choice)),
            UnitRow.Of<ZucVector128>(choice => new Unit<ZucVector128, Vector128<uint>, TVariant, TWork, TAnswers>(choice)),
            UnitRow.Of<ZucScalar>(choice => new Unit<ZucScalar, uint, TVariant, TWork, TAnswers>(choice)));

    private sealed class Unit<TLanes, TVector, TVariant, TWork, TAnswers>(KernelChoice choice) : CryptoUnit(choice)
        where TLanes : struct, IZucLanes<TVector>
        where TVector : unmanaged
        where TVariant : struct, IZucVariant
        where TWork : struct, IZucWork
        where TAnswers : struct, IZucAnswers
    {
        public override int KeyLength => 64;

        public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) => TVariant.ExpandKey(key, (uint*)expanded);

        public override void Run(CryptoJob* jobs, int count, byte* scratch) =>
            ZucRunner<TLanes, TVector, TVariant, TWork>.Run(jobs, count, scratch);

        public override string? SelfTest(UnitSelfTest test) => TAnswers.Check(test, this);
    }
}
