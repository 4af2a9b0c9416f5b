using Outboard.Crypto;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>A session of the driver: it knows what is to be done with an op, step by step. Keys lie in locked native memory.</summary>
/// <remarks>
/// A step queues at most one job and fills it at once; the jobs of all ops of a batch are then run side by side, and those that said
/// <see cref="Step.Wait"/> go on. What depends on the order of ops, such as sequence numbers, is taken in <see cref="Begin"/>, which
/// sees the ops in order, and settled in <see cref="Continue"/>, which sees those that wait in order too.
/// </remarks>
/// <param name="kind">What ops must name to use it.</param>
/// <param name="isOrdered">Whether <see cref="MayJoin"/> is to be asked.</param>
internal abstract class SimdSession(CryptoSessionKind kind, bool isOrdered = false)
{
    /// <summary>What ops must name to use it.</summary>
    public CryptoSessionKind Kind { get; } = kind;

    /// <summary>Whether an op may have to wait for earlier ones of its batch.</summary>
    public bool IsOrdered { get; } = isOrdered;

    /// <summary>Whether an op may be taken at all. Everything looked at is public, so it costs no secret to refuse at once.</summary>
    public abstract bool Accepts(CryptoOp op);

    /// <summary>Whether an op can begin although earlier ops of its batch are not done; where not, it is the first of the next batch.</summary>
    public virtual bool MayJoin(CryptoOp op, Burst burst) => true;

    /// <summary>Begins an op.</summary>
    public abstract Step Begin(CryptoOp op, ref OpState state, Burst burst);

    /// <summary>Goes on with an op whose job is done.</summary>
    public abstract Step Continue(CryptoOp op, ref OpState state, Burst burst);

    /// <summary>Wipes the keys and gives their memory back.</summary>
    public abstract void Release(KeyStore store);
}
