using Outboard.Crypto;
using Outboard.Crypto.Driver;
using Outboard.Devices;
using Outboard.Mbufs;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>What must hold of an op before it is taken: everything here is public, so it costs no secret to refuse at once.</summary>
internal static class OpCheck
{
    public static OpStatus Check(CryptoOp op, SessionTable<SimdSession> sessions, out SimdSession? session)
    {
        if (!sessions.TryGet(op.SessionHandle, out session)
            || op.SessionKind != (session is SymmetricSession ? CryptoSessionKind.Symmetric : CryptoSessionKind.Security))
        {
            return OpStatus.InvalidSession;
        }

        if (op.Source.IsNull)
        {
            return OpStatus.InvalidArguments;
        }

        return session is SymmetricSession symmetric && !IsWhole(op, symmetric) ? OpStatus.InvalidArguments : OpStatus.Success;
    }

    private static bool IsWhole(CryptoOp op, SymmetricSession session)
    {
        Mbuf source = op.Source;
        bool outOfPlace = !op.Destination.IsNull && op.Destination != source;
        if (session.IsAead || session.HasCipher)
        {
            if (!Packet.Contains(source, op.CipherOffset, op.CipherLength)
                || (outOfPlace && !Packet.Contains(op.Destination, op.CipherOffset, op.CipherLength)))
            {
                return false;
            }
        }

        if (session.HasAuth)
        {
            bool copied = outOfPlace && session.HasCipher;
            if (!Packet.Contains(source, op.AuthOffset, op.AuthLength)
                || (copied && !Packet.Contains(op.Destination, op.AuthOffset, op.AuthLength)))
            {
                return false;
            }
        }

        return !session.IsAead
            || (op.AadLength >= -1
                && (op.AadAddress != 0
                    || (op.AadLength < 0 ? session.AadLength : op.AadLength) <= CryptoOp.InlineAadLength));
    }
}
