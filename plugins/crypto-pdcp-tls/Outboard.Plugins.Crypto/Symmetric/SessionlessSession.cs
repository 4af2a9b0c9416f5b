using Outboard.Crypto;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Simd;

namespace Outboard.Plugins.Crypto.Symmetric;

/// <summary>Stands in for the session of ops that bring their transforms: each gets a session of the burst for as long as it is worked on.</summary>
/// <param name="table">The algorithms.</param>
internal sealed unsafe class SessionlessSession(AlgorithmTable table)
    : SimdSession(CryptoSessionKind.Sessionless, isOrdered: true)
{

    public override bool Accepts(CryptoOp op) => TryPlan(op, out SymmetricPlan plan) && plan.Accepts(op);

    public override bool MayJoin(CryptoOp op, Burst burst) => burst.Passing.IsFree;

    public override Step Begin(CryptoOp op, ref OpState state, Burst burst)
    {
        TryPlan(op, out SymmetricPlan plan);
        SymmetricSession session = burst.Passing.Take(out byte* cipherKey, out byte* authKey);
        for (int i = 0; i < 2; i++)
        {
            ref readonly SessionlessTransform transform = ref op.GetSessionless(i);
            if (transform.Kind == SessionlessTransformKind.Auth)
            {
                plan.Auth!.Unit?.ExpandKey(transform.Key, authKey);
            }
            else if (transform.Kind != SessionlessTransformKind.None)
            {
                (plan.Aead ?? plan.Cipher)!.Unit?.ExpandKey(transform.Key, cipherKey);
            }
        }

        session.Set(plan, cipherKey, authKey);
        state.Passing = burst.Passing.Last;
        return session.Begin(op, ref state, burst);
    }

    public override Step Continue(CryptoOp op, ref OpState state, Burst burst) =>
        burst.Passing[state.Passing].Continue(op, ref state, burst);

    public override void Release(KeyStore store)
    {
    }

    private bool TryPlan(CryptoOp op, out SymmetricPlan plan)
    {
        plan = default;
        return plan.TryAdd(table, op.GetSessionless(0))
            && (op.GetSessionless(1).Kind == SessionlessTransformKind.None
                || (plan.Aead is null && plan.TryAdd(table, op.GetSessionless(1))));
    }
}
