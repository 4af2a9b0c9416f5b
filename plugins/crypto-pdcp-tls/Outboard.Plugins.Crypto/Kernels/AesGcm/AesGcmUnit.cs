using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Emitted;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>AES-GCM (SP 800-38D 7): an IV of any length, one of none being a ready counter block; the code is all sixteen bytes of the tag.</summary>
internal abstract unsafe class AesGcmUnit(KernelChoice choice) : CryptoUnit(choice)
{
    /// <inheritdoc/>
    public override int KeyLength => AesKey.Size;

    /// <summary>Makes the unit for the widest kernel allowed.</summary>
    public static CryptoUnit Build(SimdSelector selector, bool emit) => UnitRow.Choose(
        selector,
        emit,
        "aes-gcm",
        UnitRow.Emitted<AesGcmEmitted512>(choice => new AesGcmBurstUnit<AesGcmVector512>(choice, AesGcmEmitted512.Burst)),
        UnitRow.Of<AesGcmVector512>(choice => new AesGcmUnit<AesGcmVector512>(choice)),
        UnitRow.Emitted<AesGcmEmitted256>(choice => new AesGcmBurstUnit<AesGcmVector256>(choice, AesGcmEmitted256.Burst)),
        UnitRow.Of<AesGcmVector256>(choice => new AesGcmUnit<AesGcmVector256>(choice)),
        UnitRow.Of<AesGcmVector128>(choice => new AesGcmUnit<AesGcmVector128>(choice)),
        UnitRow.Of<AesGcmScalar>(choice => new AesGcmUnit<AesGcmScalar>(choice)));

    /// <inheritdoc/>
    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) =>
        AesKeySchedule.Expand(ref *(AesKey*)expanded, key);

    /// <inheritdoc/>
    public override string? SelfTest(UnitSelfTest test) => GcmSelfTest.Run(this, test);
}

/// <summary>GCM a message at a time.</summary>
internal sealed unsafe class AesGcmUnit<TKernel>(KernelChoice choice) : AesGcmUnit(choice)
    where TKernel : struct, IAesGcmKernel
{
    /// <inheritdoc/>
    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        for (int i = 0; i < count; i++)
        {
            GcmJob<TKernel>.Run(jobs + i, associatedIsReady: false);
        }
    }
}

/// <summary>GCM by one emitted function for the whole burst; what is unusual about a message is made ready before.</summary>
/// <typeparam name="TKernel">Hashes that.</typeparam>
internal sealed unsafe class AesGcmBurstUnit<TKernel>(KernelChoice choice, EmittedFunction function) : AesGcmUnit(choice)
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

            if (job->AadLength > 16)
            {
                GcmPreparation<TKernel>.HashAssociated(job, scratch + (32 * i) + 16);
            }
        }

        // SAFETY: the function reads and writes what the jobs name, and changes registers that a callee may change. A burst takes
        // tens of microseconds, so the runtime is told that it is away. What was made ready is no secret beyond the hash of
        // associated data, and is wiped.
        ((delegate* unmanaged<CryptoJob*, nint, void>)_address)(jobs, count);
        GcmPreparation<TKernel>.Wipe(scratch, 32 * count);
    }
}
