using System.Buffers.Binary;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Simd;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>AES-GCM (SP 800-38D), message by message.</summary>
internal static class AesGcmUnit
{
    public static CryptoUnit Build(SimdSelector selector, bool emit) => UnitRow.Choose(
        selector,
        emit,
        "aes-gcm",
        UnitRow.Emitted<AesGcmEmitted512>(choice => new AesGcmUnit<AesGcmEmitted512>(choice)),
        UnitRow.Of<AesGcmVector512>(choice => new AesGcmUnit<AesGcmVector512>(choice)),
        UnitRow.Emitted<AesGcmEmitted256>(choice => new AesGcmUnit<AesGcmEmitted256>(choice)),
        UnitRow.Of<AesGcmVector256>(choice => new AesGcmUnit<AesGcmVector256>(choice)),
        UnitRow.Of<AesGcmVector128>(choice => new AesGcmUnit<AesGcmVector128>(choice)),
        UnitRow.Of<AesGcmScalar>(choice => new AesGcmUnit<AesGcmScalar>(choice)));
}

/// <inheritdoc cref="AesGcmUnit"/>
internal sealed unsafe class AesGcmUnit<TKernel>(KernelChoice choice) : CryptoUnit(choice)
    where TKernel : struct, IAesGcmKernel
{
    public override int KeyLength => AesKey.Size;

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) => AesKeySchedule.Expand(ref *(AesKey*)expanded, key);

    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        for (CryptoJob* job = jobs; job < jobs + count; job++)
        {
            ref AesKey key = ref *(AesKey*)job->Key;
            var iv = new ReadOnlySpan<byte>(job->Iv, job->IvLength);
            var associated = new ReadOnlySpan<byte>(job->Aad, job->AadLength);
            int length = (int)job->Length;
            if (iv.Length == 12
                && length <= GcmShort<TKernel>.DataLengthMax && associated.Length <= GcmShort<TKernel>.AssociatedLengthMax)
            {
                GcmShort<TKernel>.Apply(
                    ref key, job->Encrypt, iv, associated, ref *job->Source, ref *job->Destination, length, ref *job->Code);
                continue;
            }

            var state = default(GcmState);
            GcmMessage<TKernel>.Start(ref key, ref state, iv);
            GcmMessage<TKernel>.Associate(ref key, ref state, ref *job->Aad, (nuint)associated.Length);
            if (job->Encrypt)
            {
                GcmMessage<TKernel>.Encrypt(ref key, ref state, ref *job->Source, ref *job->Destination, job->Length);
            }
            else
            {
                GcmMessage<TKernel>.Decrypt(ref key, ref state, ref *job->Source, ref *job->Destination, job->Length);
            }

            GcmMessage<TKernel>.Finish(ref key, ref state, ref *job->Code);
        }
    }

    public override string? SelfTest(UnitSelfTest test)
    {
        byte[] tag = new byte[16];
        foreach (SelfTestAnswers answers in SelfTestAnswers.All)
        {
            BinaryPrimitives.WriteUInt128BigEndian(tag, answers.GcmTag);
            if (test.CheckFold(
                this,
                SelfTestAnswers.Key.AsSpan(0, answers.KeyLength),
                SelfTestAnswers.Nonce,
                SelfTestAnswers.Associated,
                SelfTestAnswers.Message,
                answers.GcmFold,
                tag) is { } failed)
            {
                return failed;
            }
        }

        return null;
    }
}
