using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCbc;
using Outboard.Plugins.Crypto.Kernels.AesCmac;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesXcbc;

/// <summary>Chooses the unit of AES-XCBC-MAC.</summary>
internal static class AesXcbcUnit
{
    public static CryptoUnit Build(SimdSelector selector, bool emit) =>
        UnitRow.Choose(
            selector,
            emit,
            "aes-xcbc",
            UnitRow.Emitted<AesChainEmitted512>(choice => new AesXcbcUnit<AesChainEmitted512>(choice)),
            UnitRow.Emitted<AesChainEmitted256>(choice => new AesXcbcUnit<AesChainEmitted256>(choice)),
            UnitRow.Of<AesChainVector128>(choice => new AesXcbcUnit<AesChainVector128>(choice)),
            UnitRow.Same<AesChainVector128>(
                SimdWidth.V512, AesCbcUnit.NoWiderAes, choice => new AesXcbcUnit<AesChainVector128>(choice)),
            UnitRow.Same<AesChainVector128>(
                SimdWidth.V256, AesCbcUnit.NoWiderAes, choice => new AesXcbcUnit<AesChainVector128>(choice)),
            UnitRow.Of<AesChainScalar>(choice => new AesXcbcUnit<AesChainScalar>(choice)));
}

/// <summary>AES-XCBC-MAC (RFC 3566), which is defined for keys of 16 bytes only. A code of 16, of which IPsec uses 12.</summary>
internal sealed unsafe class AesXcbcUnit<TKernel> : CryptoUnit
    where TKernel : struct, IAesChainKernel
{
    public AesXcbcUnit(KernelChoice choice)
        : base(choice) => TKernel.Prepare();

    public override int KeyLength => AesKey.Size;

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) => XcbcKey.Expand(ref *(AesKey*)expanded, key);

    public override void Run(CryptoJob* jobs, int count, byte* scratch) => ChainedCode<TKernel>.Run(jobs, count, scratch);

    public override string? SelfTest(UnitSelfTest test) => XcbcAnswers.Check(this, test);
}
