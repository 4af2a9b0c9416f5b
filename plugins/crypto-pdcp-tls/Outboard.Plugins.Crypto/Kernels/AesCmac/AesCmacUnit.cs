using System.Buffers.Binary;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Simd;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCmac;

/// <summary>AES-CMAC (RFC 4493), message by message.</summary>
internal static class AesCmacUnit
{
    public static CryptoUnit Build(SimdSelector selector, bool emit) => UnitRow.Choose(
        selector,
        emit,
        "aes-cmac",
        UnitRow.Emitted<AesCmacEmitted512>(choice => new AesCmacUnit<AesCmacEmitted512>(choice)),
        UnitRow.Emitted<AesCmacEmitted256>(choice => new AesCmacUnit<AesCmacEmitted256>(choice)),
        UnitRow.Of<AesCmacVector128>(choice => new AesCmacUnit<AesCmacVector128>(choice)),
        UnitRow.Of<AesCmacScalar>(choice => new AesCmacUnit<AesCmacScalar>(choice)));
}

/// <inheritdoc cref="AesCmacUnit"/>
internal sealed unsafe class AesCmacUnit<TKernel>(KernelChoice choice) : CryptoUnit(choice)
    where TKernel : struct, IAesCmacKernel
{
    public override int KeyLength => AesKey.Size;

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) => AesKeySchedule.Expand(ref *(AesKey*)expanded, key);

    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        for (CryptoJob* job = jobs; job < jobs + count; job++)
        {
            ref AesKey key = ref *(AesKey*)job->Key;
            var state = default(CmacState);
            CmacMessage<TKernel>.Append(ref key, ref state, ref *job->Aad, (nuint)job->AadLength);
            CmacMessage<TKernel>.Append(ref key, ref state, ref *job->Source, job->Length);
            CmacMessage<TKernel>.Finish(ref key, ref state, ref *job->Code);
        }
    }

    public override string? SelfTest(UnitSelfTest test)
    {
        byte[] code = new byte[16];
        foreach (SelfTestAnswers answers in SelfTestAnswers.All)
        {
            foreach ((int length, UInt128 expected) in answers.Codes)
            {
                BinaryPrimitives.WriteUInt128BigEndian(code, expected);
                if (test.Check(
                    this,
                    SelfTestAnswers.Key.AsSpan(0, answers.KeyLength),
                    [],
                    [],
                    SelfTestAnswers.Message.AsSpan(0, length),
                    length * 8,
                    encrypt: true,
                    [],
                    code) is { } failed)
                {
                    return failed;
                }
            }
        }

        return null;
    }
}
