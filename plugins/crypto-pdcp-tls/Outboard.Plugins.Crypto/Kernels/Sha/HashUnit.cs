using Outboard.Plugins.Crypto.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>A hash or its HMAC at one width.</summary>
/// <typeparam name="TPair">The kernel with twice the lanes.</typeparam>
/// <typeparam name="TKernel">The kernel.</typeparam>
/// <typeparam name="TSingle">The kernel of a single lane, for keys and for bursts of few messages.</typeparam>
internal sealed unsafe class HashUnit<TPair, TKernel, TSingle>(KernelChoice choice, HashVariant variant, bool isKeyed) : CryptoUnit(choice)
    where TPair : struct, IHashKernel
    where TKernel : struct, IHashKernel
    where TSingle : struct, IHashKernel
{
    // Up to so many messages a lane of vector registers would be done no sooner than one after the other in general registers.
    private const int SingleMax = 1;

    public override int KeyLength => isKeyed ? HmacKey<TSingle>.Length : 0;

    public override void ExpandKey(ReadOnlySpan<byte> key, byte* expanded)
    {
        if (isKeyed)
        {
            HmacKey<TSingle>.Expand(key, variant, expanded);
        }
    }

    public override void Run(CryptoJob* jobs, int count, byte* scratch)
    {
        if (count <= SingleMax)
        {
            HashLanes<TSingle>.Compute(jobs, count, variant, isKeyed, scratch);
        }
        else if (count > TKernel.Lanes)
        {
            HashLanes<TPair>.Compute(jobs, count, variant, isKeyed, scratch);
        }
        else
        {
            HashLanes<TKernel>.Compute(jobs, count, variant, isKeyed, scratch);
        }
    }

    public override string? SelfTest(UnitSelfTest test) => HashAnswers.Check(this, test, variant, isKeyed);
}
