using Outboard.Crypto;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>Does ops with one choice of kernels. It has no state of its own: any number of threads may be in it.</summary>
internal abstract class CryptoEngine
{
    /// <summary>Does every op and sets its status; <paramref name="sessions"/> holds the session of each.</summary>
    public abstract void Process(ReadOnlySpan<CryptoOp> ops, ReadOnlySpan<SimdSession> sessions, ref EngineCounters counters);

    /// <summary>Runs known answers through every kernel; names the first that fails, or null.</summary>
    /// <param name="store">Lends memory for the test's keys.</param>
    /// <param name="probe">Sees each result before it is compared.</param>
    public abstract string? SelfTest(KeyStore store, SelfTestProbe? probe = null);
}
