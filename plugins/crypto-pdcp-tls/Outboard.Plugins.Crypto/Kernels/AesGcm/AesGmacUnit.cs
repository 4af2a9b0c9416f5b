using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Emitted;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>AES-GMAC (SP 800-38D 3): GCM in which the message is associated data. IVs as there; the code is all sixteen bytes of the tag.</summary>
internal abstract unsafe class AesGmacUnit(KernelChoice choice) : CryptoUnit(choice)
{
    /// <inheritdoc/>
    public override int KeyLength => AesKey.Size;

    /// <summary>Makes the unit for the widest kernel allowed.</summary>
    public static CryptoUnit Build(SimdSelector selector, bool emit) => UnitRow.Choose(
        selector,
        emit,
        "aes-gmac",
        UnitRow.Emitted<AesGcmEmitted512>(choice => new AesGmacBurstUnit<AesGcmVector512>(choice, AesGcmEmitted512.Burst)),
        UnitRow.Of<AesGcmVector512>(choice => new AesGmacUnit<AesGcmVector512>(choice)),
        UnitRow.Emitted<AesGcmEmitted256>(choice => new AesGmacBurstUnit<AesGcmVector256>(choice, AesGcmEmitted256.Burst)),
        UnitRow.Of<AesGcmVector256>(choice => new AesGmacUnit<AesGcmVector256>(choice)),
        UnitRow.Of<AesGcmVector128>(choice => new AesGmacUnit<AesGcmVector128>(choice)),
        UnitRow.Of<AesGcmScalar>(choice => new AesGmacUnit<AesGcmScalar>(choice)));

    /// <inheritdoc/>
    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) =>
        AesKeySchedule.Expand(ref *(AesKey*)expanded, key);

    /// <inheritdoc/>
    public override string? SelfTest(UnitSelfTest test) => GmacSelfTest.Run(this, test);
}

/// <summary>GMAC a message at a time.</summary>
internal sealed unsafe class AesGmacUnit<TKernel>(KernelChoice choice) : AesGmacUnit(choice)
    where TKernel : struct, IAesGcmKernel
{
    /// <inheritdoc/>
    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        for (int i = 0; i < count; i++)
        {
            GcmPreparation<TKernel>.HashMessage(jobs + i, scratch);
            GcmJob<TKernel>.Run(jobs + i, associatedIsReady: true);
        }

        GcmPreparation<TKernel>.Wipe(scratch, 16);
    }
}

/// <summary>GMAC whose last block, lengths and tag masks one emitted function does for the whole burst.</summary>
/// <typeparam name="TKernel">Hashes the messages.</typeparam>
internal sealed unsafe class AesGmacBurstUnit<TKernel>(KernelChoice choice, EmittedFunction function) : AesGmacUnit(choice)
    where TKernel : struct, IAesGcmKernel
{
    private readonly nint _address = function.Address;

    /// <inheritdoc/>
    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded)
    {
        base.ExpandKey(key, expanded);
        AesKeySchedule.Widen(ref *(AesKey*)expanded);
        HashKeyPowers.Fold(ref *(AesKey*)expanded, (int)TKernel.Width / 128);
    }

    /// <inheritdoc/>
    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        for (int i = 0; i < count; i++)
        {
            CryptoJob* job = jobs + i;
            if (job->IvLength is not (12 or 0))
            {
                GcmPreparation<TKernel>.HashIv(job, scratch + (32 * i));
            }

            GcmPreparation<TKernel>.HashMessage(job, scratch + (32 * i) + 16);
        }

        // SAFETY: as for GCM; the messages that the function sees are empty.
        ((delegate* unmanaged<CryptoJob*, nint, void>)_address)(jobs, count);
        GcmPreparation<TKernel>.Wipe(scratch, 32 * count);
    }
}
