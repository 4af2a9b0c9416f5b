using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCbc;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCmac;

/// <summary>Chooses the unit of AES-CMAC.</summary>
internal static class AesCmacUnit
{
    public static CryptoUnit Build(SimdSelector selector, bool emit) =>
        UnitRow.Choose(
            selector,
            emit,
            "aes-cmac",
            UnitRow.Emitted<AesChainEmitted512>(choice => new AesCmacUnit<AesChainEmitted512>(choice)),
            UnitRow.Emitted<AesChainEmitted256>(choice => new AesCmacUnit<AesChainEmitted256>(choice)),
            UnitRow.Of<AesChainVector128>(choice => new AesCmacUnit<AesChainVector128>(choice)),
            UnitRow.Same<AesChainVector128>(
                SimdWidth.V512, AesCbcUnit.NoWiderAes, choice => new AesCmacUnit<AesChainVector128>(choice)),
            UnitRow.Same<AesChainVector128>(
                SimdWidth.V256, AesCbcUnit.NoWiderAes, choice => new AesCmacUnit<AesChainVector128>(choice)),
            UnitRow.Of<AesChainScalar>(choice => new AesCmacUnit<AesChainScalar>(choice)));
}

/// <summary>AES-CMAC (RFC 4493, SP 800-38B) of any number of bits, and NIA2 with its eight bytes before them. Keys of 16, 24 or 32 bytes; a code of 16.</summary>
internal sealed unsafe class AesCmacUnit<TKernel> : CryptoUnit
    where TKernel : struct, IAesChainKernel
{
    public AesCmacUnit(KernelChoice choice)
        : base(choice) => TKernel.Prepare();

    public override int KeyLength => AesKey.Size;

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) =>
        AesKeySchedule.Expand(ref *(AesKey*)expanded, key);

    public override void Run(CryptoJob* jobs, int count, byte* scratch) => ChainedCode<TKernel>.Run(jobs, count, scratch);

    public override string? SelfTest(UnitSelfTest test) => CmacAnswers.Check(this, test);
}
