using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Emitted;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>AES in counter mode (SP 800-38A 6.5): an IV of 16 bytes is the whole first counter block, one of 12 counts from 1 (RFC 3686 4).</summary>
internal abstract unsafe class AesCtrUnit(KernelChoice choice) : CryptoUnit(choice)
{
    /// <inheritdoc/>
    public override int KeyLength => AesKey.Size;

    /// <summary>Makes the unit for the widest kernel allowed.</summary>
    public static CryptoUnit Build(SimdSelector selector, bool emit) => UnitRow.Choose(
        selector,
        emit,
        "aes-ctr",
        UnitRow.Emitted<AesCtrEmitted512>(choice => new AesCtrBurstUnit<AesCtrVector512>(choice, AesCtrEmitted512.Burst)),
        UnitRow.Of<AesCtrVector512>(choice => new AesCtrUnit<AesCtrVector512>(choice)),
        UnitRow.Emitted<AesCtrEmitted256>(choice => new AesCtrBurstUnit<AesCtrVector256>(choice, AesCtrEmitted256.Burst)),
        UnitRow.Of<AesCtrVector256>(choice => new AesCtrUnit<AesCtrVector256>(choice)),
        UnitRow.Of<AesCtrVector128>(choice => new AesCtrUnit<AesCtrVector128>(choice)),
        UnitRow.Of<AesCtrScalar>(choice => new AesCtrUnit<AesCtrScalar>(choice)));

    /// <inheritdoc/>
    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) =>
        AesKeySchedule.Expand(ref *(AesKey*)expanded, key);

    /// <inheritdoc/>
    public override string? SelfTest(UnitSelfTest test) => CtrSelfTest.Run(this, test);

    /// <summary>Does one message with a kernel made of intrinsics.</summary>
    protected static void RunOne<TKernel>(CryptoJob* job)
        where TKernel : struct, IAesCtrKernel
    {
        UInt128 counter = default;
        byte* block = (byte*)&counter;
        Unsafe.CopyBlockUnaligned(block, job->Iv, 12);
        Unsafe.WriteUnaligned(
            block + 12, job->IvLength == 12 ? BinaryPrimitives.ReverseEndianness(1) : Unsafe.ReadUnaligned<int>(job->Iv + 12));
        TKernel.Apply(ref *(AesKey*)job->Key, ref *block, ref *job->Source, ref *job->Destination, job->Length);
    }
}

/// <summary>Counter mode a message at a time.</summary>
internal sealed unsafe class AesCtrUnit<TKernel>(KernelChoice choice) : AesCtrUnit(choice)
    where TKernel : struct, IAesCtrKernel
{
    /// <inheritdoc/>
    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        for (int i = 0; i < count; i++)
        {
            RunOne<TKernel>(jobs + i);
        }
    }
}

/// <summary>Counter mode by one emitted function for the whole burst.</summary>
/// <typeparam name="TWrapping">The kernel for messages whose counter leaves 64 bits.</typeparam>
internal sealed unsafe class AesCtrBurstUnit<TWrapping>(KernelChoice choice, EmittedFunction function) : AesCtrUnit(choice)
    where TWrapping : struct, IAesCtrKernel
{
    private readonly nint _address = function.Address;

    /// <inheritdoc/>
    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded)
    {
        base.ExpandKey(key, expanded);
        AesKeySchedule.Widen(ref *(AesKey*)expanded);
    }

    /// <inheritdoc/>
    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        for (int i = 0; i < count; i++)
        {
            // Within 2^32 blocks of the wrap, which no message but one of 64 gigabytes reaches from farther away.
            if (jobs[i].IvLength == 16 && Unsafe.ReadUnaligned<uint>(jobs[i].Iv + 8) == uint.MaxValue)
            {
                RunOne<TWrapping>(jobs + i);
                jobs[i].BitLength = 0;
            }
        }

        // SAFETY: the function reads and writes what the jobs name, and changes registers that a callee may change. A burst takes
        // tens of microseconds, so the runtime is told that it is away.
        ((delegate* unmanaged<CryptoJob*, nint, void>)_address)(jobs, count);
    }
}
