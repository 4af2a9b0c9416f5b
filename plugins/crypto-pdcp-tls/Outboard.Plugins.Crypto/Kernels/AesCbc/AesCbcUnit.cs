using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>Chooses the unit of AES-CBC.</summary>
internal static class AesCbcUnit
{
    /// <summary>Why a width beyond 128 bits without emitted code is no faster.</summary>
    public const string NoWiderAes = ".NET has no wider AES instruction";

    public static CryptoUnit Build(SimdSelector selector, bool emit) =>
        UnitRow.Choose(
            selector,
            emit,
            "aes-cbc",
            UnitRow.Emitted<AesCbcEmitted512>(choice => new AesCbcUnit<AesCbcEmitted512>(choice)),
            UnitRow.Emitted<AesCbcEmitted256>(choice => new AesCbcUnit<AesCbcEmitted256>(choice)),
            UnitRow.Of<AesCbcVector128>(choice => new AesCbcUnit<AesCbcVector128>(choice)),
            UnitRow.Same<AesCbcVector128>(SimdWidth.V512, NoWiderAes, choice => new AesCbcUnit<AesCbcVector128>(choice)),
            UnitRow.Same<AesCbcVector128>(SimdWidth.V256, NoWiderAes, choice => new AesCbcUnit<AesCbcVector128>(choice)),
            UnitRow.Of<AesCbcScalar>(choice => new AesCbcUnit<AesCbcScalar>(choice)));
}

/// <summary>AES-CBC of whole blocks, each message in its own direction. A vector of 16 bytes; keys of 16, 24 or 32.</summary>
internal sealed unsafe class AesCbcUnit<TKernel> : CryptoUnit
    where TKernel : struct, IAesCbcKernel
{
    private const int DecryptOffset = ChainJob.Size * JobMax;
    private const int StateOffset = 2 * DecryptOffset;
    private const int KernelOffset = StateOffset + (16 * JobMax);

    public AesCbcUnit(KernelChoice choice)
        : base(choice) => TKernel.Prepare();

    public override int KeyLength => AesKey.Size;

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) => CbcKey.Expand(ref *(AesKey*)expanded, key);

    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        ChainJob* encrypt = (ChainJob*)scratch, decrypt = (ChainJob*)(scratch + DecryptOffset);
        int encryptCount = 0, decryptCount = 0;
        for (int i = 0; i < count; i++)
        {
            // SAFETY: a job of this algorithm names an expanded key, whole blocks and a vector of 16 bytes.
            byte* state = scratch + StateOffset + (16 * i);
            Unsafe.CopyBlockUnaligned(state, jobs[i].Iv, 16);
            ChainJob* job = jobs[i].Encrypt ? encrypt + encryptCount++ : decrypt + decryptCount++;
            job->Key = (AesKey*)jobs[i].Key;
            job->State = state;
            job->Source = jobs[i].Source;
            job->Destination = jobs[i].Destination;
            job->BlockCount = jobs[i].BitLength >> 7;
        }

        if (encryptCount != 0)
        {
            TKernel.Encrypt(encrypt, encryptCount, scratch + KernelOffset);
        }

        if (decryptCount != 0)
        {
            TKernel.Decrypt(decrypt, decryptCount, scratch + KernelOffset);
        }
    }

    public override string? SelfTest(UnitSelfTest test) => CbcAnswers.Check(this, test);
}
