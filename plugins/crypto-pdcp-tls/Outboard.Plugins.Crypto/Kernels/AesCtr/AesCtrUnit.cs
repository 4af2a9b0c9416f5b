using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Simd;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>AES in counter mode, message by message: every kernel of it is parallel inside one.</summary>
internal static class AesCtrUnit
{
    public static CryptoUnit Build(SimdSelector selector, bool emit) => UnitRow.Choose(
        selector,
        emit,
        "aes-ctr",
        UnitRow.Emitted<AesCtrEmitted512>(choice => new AesCtrUnit<AesCtrEmitted512>(choice)),
        UnitRow.Of<AesCtrVector512>(choice => new AesCtrUnit<AesCtrVector512>(choice)),
        UnitRow.Emitted<AesCtrEmitted256>(choice => new AesCtrUnit<AesCtrEmitted256>(choice)),
        UnitRow.Of<AesCtrVector256>(choice => new AesCtrUnit<AesCtrVector256>(choice)),
        UnitRow.Of<AesCtrVector128>(choice => new AesCtrUnit<AesCtrVector128>(choice)),
        UnitRow.Of<AesCtrScalar>(choice => new AesCtrUnit<AesCtrScalar>(choice)));
}

/// <inheritdoc cref="AesCtrUnit"/>
internal sealed unsafe class AesCtrUnit<TKernel>(KernelChoice choice) : CryptoUnit(choice)
    where TKernel : struct, IAesCtrKernel
{
    public override int KeyLength => AesKey.Size;

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) => AesKeySchedule.Expand(ref *(AesKey*)expanded, key);

    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        for (CryptoJob* job = jobs; job < jobs + count; job++)
        {
            var state = default(CtrState);
            Unsafe.CopyBlockUnaligned(ref state.Counter, ref *job->Iv, (uint)job->IvLength);
            bool shortCounter = job->IvLength == 12;
            if (shortCounter)
            {
                // RFC 3686 4: a nonce and IV of twelve bytes, and a counter that starts at one.
                Unsafe.Add(ref state.Counter, 15) = 1;
            }

            CtrMessage<TKernel>.ApplyWhole(
                ref *(AesKey*)job->Key, ref state, shortCounter, ref *job->Source, ref *job->Destination, job->Length);
        }
    }

    public override string? SelfTest(UnitSelfTest test)
    {
        foreach (SelfTestAnswers answers in SelfTestAnswers.All)
        {
            if (test.CheckFold(
                this,
                SelfTestAnswers.Key.AsSpan(0, answers.KeyLength),
                Convert.FromHexString(SelfTestAnswers.Counter),
                [],
                SelfTestAnswers.Message,
                answers.CtrFold,
                []) is { } failed)
            {
                return failed;
            }
        }

        return null;
    }
}
