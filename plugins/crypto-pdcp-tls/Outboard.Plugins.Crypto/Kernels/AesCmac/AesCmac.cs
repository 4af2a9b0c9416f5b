using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCmac;

/// <summary>The chain of CMAC (RFC 4493 2.4, SP 800-38B 6.2): state = E(state ^ block) for every block but the last.</summary>
/// <remarks>
/// One message is a chain that no register width can cut: its speed is the latency of the cipher. Width pays only across
/// messages, so a burst is handed over as jobs. AES intrinsics are 128-bit, so the wider kernels are emitted ones alone.
/// </remarks>
internal interface IAesCmacKernel : ISimdKernel
{
    /// <summary>Absorbs whole blocks into one state.</summary>
    static abstract void Update(ref AesKey key, ref byte state, ref byte data, nuint blockCount);

    /// <summary>Absorbs whole blocks into many independent states; the jobs are used up (block counts end at 0).</summary>
    static abstract unsafe void Update(CmacJob* jobs, int jobCount);
}
