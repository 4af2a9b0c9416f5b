using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCbc;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCcm;

/// <summary>Chooses the unit of AES-CCM.</summary>
internal static class AesCcmUnit
{
    public static CryptoUnit Build(SimdSelector selector, bool emit)
    {
        CryptoUnit text = AesCtrUnit.Build(selector, emit);
        return UnitRow.Choose(
            selector,
            emit,
            "aes-ccm",
            UnitRow.Emitted<AesChainEmitted512>(choice => new AesCcmUnit<AesChainEmitted512>(choice, text)),
            UnitRow.Emitted<AesChainEmitted256>(choice => new AesCcmUnit<AesChainEmitted256>(choice, text)),
            UnitRow.Of<AesChainVector128>(choice => new AesCcmUnit<AesChainVector128>(choice, text)),
            UnitRow.Same<AesChainVector128>(
                SimdWidth.V512, AesCbcUnit.NoWiderAes, choice => new AesCcmUnit<AesChainVector128>(choice, text)),
            UnitRow.Same<AesChainVector128>(
                SimdWidth.V256, AesCbcUnit.NoWiderAes, choice => new AesCcmUnit<AesChainVector128>(choice, text)),
            UnitRow.Of<AesChainScalar>(choice => new AesCcmUnit<AesChainScalar>(choice, text)));
    }
}

/// <summary>AES-CCM (SP 800-38C, RFC 3610): keys of 16, 24 or 32 bytes, nonces of 7 to 13, codes of 4 to 16 in steps of 2.</summary>
/// <remarks>
/// A nonce of n bytes leaves 15 - n to count the message's bytes: the caller sees that a message of 2^(8(15 - n)) bytes or more is
/// refused. Associated data may be as long as an int says.
/// </remarks>
internal sealed unsafe class AesCcmUnit<TKernel> : CryptoUnit
    where TKernel : struct, IAesChainKernel
{
    private readonly CryptoUnit _text;

    /// <summary>Makes the unit.</summary>
    /// <param name="choice">The kernel of the codes.</param>
    /// <param name="text">Counter mode, for the text.</param>
    public AesCcmUnit(KernelChoice choice, CryptoUnit text)
        : base(choice)
    {
        TKernel.Prepare();
        _text = text;
    }

    public override int KeyLength => AesKey.Size;

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) => _text.ExpandKey(key, expanded);

    public override void Run(CryptoJob* jobs, int count, byte* scratch) =>
        CcmMessages<TKernel>.Run(_text, jobs, count, scratch);

    public override string? SelfTest(UnitSelfTest test) => CcmAnswers.Check(this, test);
}
