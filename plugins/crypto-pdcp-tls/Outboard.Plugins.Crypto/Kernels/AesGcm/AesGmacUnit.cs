using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>AES-GMAC (SP 800-38D 3): GCM of nothing but associated data.</summary>
internal static class AesGmacUnit
{
    public static CryptoUnit Build(SimdSelector selector, bool emit) => UnitRow.Choose(
        selector,
        emit,
        "aes-gmac",
        UnitRow.Emitted<AesGcmEmitted512>(choice => new AesGmacUnit<AesGcmEmitted512>(choice)),
        UnitRow.Of<AesGcmVector512>(choice => new AesGmacUnit<AesGcmVector512>(choice)),
        UnitRow.Emitted<AesGcmEmitted256>(choice => new AesGmacUnit<AesGcmEmitted256>(choice)),
        UnitRow.Of<AesGcmVector256>(choice => new AesGmacUnit<AesGcmVector256>(choice)),
        UnitRow.Of<AesGcmVector128>(choice => new AesGmacUnit<AesGcmVector128>(choice)),
        UnitRow.Of<AesGcmScalar>(choice => new AesGmacUnit<AesGcmScalar>(choice)));
}

/// <inheritdoc cref="AesGmacUnit"/>
internal sealed unsafe class AesGmacUnit<TKernel>(KernelChoice choice) : CryptoUnit(choice)
    where TKernel : struct, IAesGcmKernel
{
    public override int KeyLength => AesKey.Size;

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) => AesKeySchedule.Expand(ref *(AesKey*)expanded, key);

    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        for (CryptoJob* job = jobs; job < jobs + count; job++)
        {
            ref AesKey key = ref *(AesKey*)job->Key;
            var state = default(GcmState);
            GcmMessage<TKernel>.Start(ref key, ref state, new ReadOnlySpan<byte>(job->Iv, job->IvLength));
            GcmMessage<TKernel>.Associate(ref key, ref state, ref *job->Aad, (nuint)job->AadLength);
            GcmMessage<TKernel>.Associate(ref key, ref state, ref *job->Source, job->Length);
            GcmMessage<TKernel>.Finish(ref key, ref state, ref *job->Code);
        }
    }

    // Test case 2 of the GCM specification with its ciphertext as associated data gives the same hash, so the tag is another mask.
    public override string? SelfTest(UnitSelfTest test) => test.Check(
        this, new byte[16], new byte[12], [], [], 0, encrypt: true, [], Convert.FromHexString("58e2fccefa7e3061367f1d57a4e7455a"));
}
