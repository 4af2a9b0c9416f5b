using Outboard.Crypto;
using Outboard.Crypto.Driver;
using Outboard.Devices;
using Outboard.Plugins.Crypto.Symmetric;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>What must hold of an op before it is taken: everything here is public, so it costs no secret to refuse at once.</summary>
internal static class OpCheck
{
    public static OpStatus Check(
        CryptoOp op, SessionTable<SimdSession> sessions, SessionlessSession sessionless, out SimdSession? session)
    {
        if (op.SessionKind == CryptoSessionKind.Sessionless)
        {
            session = sessionless;
        }
        else if (!sessions.TryGet(op.SessionHandle, out session) || op.SessionKind != session.Kind)
        {
            return OpStatus.InvalidSession;
        }

        // Asymmetric ops have no packet.
        return (!op.Source.IsNull || session.Kind == CryptoSessionKind.Asymmetric) && session.Accepts(op) ? OpStatus.Success
            : OpStatus.InvalidArguments;
    }
}
