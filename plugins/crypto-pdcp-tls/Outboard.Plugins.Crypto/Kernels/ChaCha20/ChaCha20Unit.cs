using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.ChaCha20;

/// <summary>The ChaCha20 cipher of RFC 8439 2.4: a 12-byte nonce and blocks from 1 on, or 16 bytes with the first block's number in front.</summary>
internal abstract unsafe class ChaCha20Unit(KernelChoice choice) : CryptoUnit(choice)
{
    public override int KeyLength => ChaCha20.KeyLength;

    /// <summary>Makes the unit of the widest kernel allowed.</summary>
    public static CryptoUnit Build(SimdSelector selector, bool emit) => UnitRow.Choose(
        selector,
        emit,
        "chacha20",
        UnitRow.Of<ChaCha20Vector512>(choice => new ChaCha20Unit<ChaCha20Vector512>(choice)),
        UnitRow.Of<ChaCha20Vector256>(choice => new ChaCha20Unit<ChaCha20Vector256>(choice)),
        UnitRow.Of<ChaCha20Vector128>(choice => new ChaCha20Unit<ChaCha20Vector128>(choice)),
        UnitRow.Of<ChaCha20Scalar>(choice => new ChaCha20Unit<ChaCha20Scalar>(choice)));

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded) => key.CopyTo(new Span<byte>(expanded, KeyLength));

    public override string? SelfTest(UnitSelfTest test) => ChaCha20Answers.Check(this, test);
}

/// <summary>The cipher closed over a kernel.</summary>
internal sealed unsafe class ChaCha20Unit<TKernel>(KernelChoice choice) : ChaCha20Unit(choice)
    where TKernel : struct, IChaCha20Kernel
{
    [SkipLocalsInit]
    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        var packer = new ChaCha20Packer<TKernel>(scratch);
        for (CryptoJob* job = jobs, end = jobs + count; job != end; job++)
        {
            packer.Add(job->Key, ChaCha20.FirstBlock(job, ChaCha20.FirstCounter), job->Source, job->Destination, job->Length);
        }

        packer.Finish();
    }
}
