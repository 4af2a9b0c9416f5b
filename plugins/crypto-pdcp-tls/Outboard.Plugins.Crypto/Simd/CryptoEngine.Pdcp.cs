using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Pdcp;

namespace Outboard.Plugins.Crypto.Simd;

/// <content>PDCP data PDUs: integrity over header and SDU, then ciphering from the SDU through the MAC-I (TS 38.323 5.8, 5.9).</content>
internal sealed unsafe partial class CryptoEngine<TCtr, TGcm, TCmac>
{
    private const int HeaderLengthMax = 3;

    // Whether the COUNT of a received PDU could depend on PDUs of its session that are still in the batch.
    private static bool MustWait(CryptoOp op, PdcpSession session, DeferredCode* deferred, int waiting)
    {
        if (session.Protect || session.IsShortMac || session.HfnPerPacket || waiting == 0)
        {
            return false;
        }

        bool inBatch = false;
        for (int i = 0; i < waiting && !inBatch; i++)
        {
            inBatch = deferred[i].Op.SessionHandle == op.SessionHandle;
        }

        Span<byte> header = stackalloc byte[HeaderLengthMax];
        return inBatch
            && op.Source.CopyTo(header[..session.HeaderLength]) == session.HeaderLength
            && !session.IsNear(PdcpPdu.ReadSequence(header, session.SequenceBits));
    }

    // The first half of a PDU. True when its MAC-I waits in the batch; otherwise the op is done.
    private static bool BeginPdcp(CryptoOp op, PdcpSession session, ref DeferredCode deferred, ref EngineCounters counters)
    {
        counters.PdcpPdus++;
        op.Flags = CryptoOpFlags.None;
        OpStatus status = session.Protect
            ? BeginProtect(op, session, ref deferred)
            : BeginUnprotect(op, session, ref deferred);
        if (status != OpStatus.Success)
        {
            if (status == OpStatus.LifetimeExceeded)
            {
                session.Counters.Lifetime++;
            }
            else
            {
                session.Counters.Malformed++;
            }

            op.Status = status;
            return false;
        }

        if (!session.IsAuthenticated)
        {
            Span<byte> zero = stackalloc byte[PdcpPdu.IntegrityLength];
            zero.Clear();
            EndPdcp(op, session, deferred.Packet, deferred.Count, zero, ref counters);
            return false;
        }

        // The eight bytes in front of the message go straight into the first block (TS 33.501 D.3.1.3). For a short MAC-I
        // COUNT, bearer and direction are all ones (TS 38.331 5.3.7.4).
        deferred.Key = session.AuthKey;
        deferred.State = default;
        PdcpPdu.WriteInput(
            MemoryMarshal.CreateSpan(ref deferred.State.Block, 8), deferred.Count, session.Bearer, session.Direction);
        deferred.State.Pending = 8;
        SetMessage(ref deferred, deferred.Packet, 0, deferred.Packet.PacketLength - PdcpPdu.IntegrityLength);
        return true;
    }

    private static OpStatus BeginProtect(CryptoOp op, PdcpSession session, ref DeferredCode deferred)
    {
        Mbuf packet = op.Source;
        uint count = uint.MaxValue, sequence = 0;
        Span<byte> header = stackalloc byte[HeaderLengthMax];
        if (!session.IsShortMac)
        {
            if (session.HeaderInPacket)
            {
                if (packet.CopyTo(header[..session.HeaderLength]) != session.HeaderLength
                    || packet.PacketLength < session.ClearLength)
                {
                    return OpStatus.InvalidArguments;
                }

                sequence = PdcpPdu.ReadSequence(header, session.SequenceBits);
            }
            else
            {
                if (packet.PacketLength < session.ClearLength - session.HeaderLength)
                {
                    return OpStatus.InvalidArguments;
                }

                sequence = session.Next & ((1u << session.SequenceBits) - 1);
            }

            OpStatus status = TakeCount(op, session, sequence, out count);
            if (status != OpStatus.Success)
            {
                return status;
            }
        }

        if (!TrySelectPacket(op, ref packet))
        {
            return OpStatus.InvalidArguments;
        }

        int prepend = session.HeaderInPacket ? 0 : session.HeaderLength;
        int append = session.HasCode ? PdcpPdu.IntegrityLength : 0;
        if (packet.Headroom < prepend || !packet.TryAppend(append, out _) || !packet.TryPrepend(prepend, out Span<byte> front))
        {
            return OpStatus.InvalidArguments;
        }

        if (prepend != 0)
        {
            PdcpPdu.WriteHeader(front, sequence, session.IsUserPlane);
        }

        if (!session.IsShortMac)
        {
            Note(op, session, count);
            if (session.HfnPerPacket)
            {
                session.Step();
            }
            else
            {
                session.Accept(count);
            }
        }

        deferred.Packet = packet;
        deferred.Count = count;
        return OpStatus.Success;
    }

    private static OpStatus BeginUnprotect(CryptoOp op, PdcpSession session, ref DeferredCode deferred)
    {
        Mbuf packet = op.Source;
        uint count = uint.MaxValue;
        int codeLength = session.HasCode ? PdcpPdu.IntegrityLength : 0;
        if (packet.PacketLength < session.ClearLength + codeLength)
        {
            return OpStatus.InvalidArguments;
        }

        if (!session.IsShortMac)
        {
            Span<byte> header = stackalloc byte[HeaderLengthMax];
            packet.CopyTo(header[..session.HeaderLength]);
            if (!session.HeaderInPacket && session.IsUserPlane && (header[0] & 0x80) == 0)
            {
                // A control PDU (TS 38.323 6.2.3): neither ciphered nor authenticated, not for a data session.
                return OpStatus.InvalidArguments;
            }

            OpStatus status = TakeCount(op, session, PdcpPdu.ReadSequence(header, session.SequenceBits), out count);
            if (status != OpStatus.Success)
            {
                return status;
            }
        }

        if (!TrySelectPacket(op, ref packet))
        {
            return OpStatus.InvalidArguments;
        }

        if (session.IsCiphered)
        {
            Cipher(session, packet, count);
        }

        deferred.Packet = packet;
        deferred.Count = count;
        return OpStatus.Success;
    }

    // The second half: the MAC-I is written and ciphered, or compared and cut off.
    private static void EndPdcp(
        CryptoOp op, PdcpSession session, Mbuf packet, uint count, Span<byte> code, ref EngineCounters counters)
    {
        code = code[..PdcpPdu.IntegrityLength];
        int length = packet.PacketLength;
        int codeLength = session.HasCode ? PdcpPdu.IntegrityLength : 0;
        int dataLength = length - session.HeaderLength - codeLength;
        if (session.Protect)
        {
            if (session.HasCode)
            {
                packet.CopyFrom(code, length - PdcpPdu.IntegrityLength);
            }

            if (session.IsCiphered)
            {
                Cipher(session, packet, count);
            }
        }
        else
        {
            if (session.HasCode)
            {
                Span<byte> received = stackalloc byte[PdcpPdu.IntegrityLength];
                packet.CopyTo(received, length - PdcpPdu.IntegrityLength);
                if (!CryptographicOperations.FixedTimeEquals(code, received))
                {
                    Packet.Wipe(packet, session.HeaderLength, length - session.HeaderLength);
                    session.Counters.AuthenticationFailures++;
                    counters.AuthenticationFailures++;
                    op.Status = OpStatus.AuthenticationFailed;
                    return;
                }
            }

            if (!session.IsShortMac)
            {
                Note(op, session, count);
                if (!session.HfnPerPacket)
                {
                    session.Accept(count);
                }
            }

            Packet.CutTo(packet, length - codeLength);
            if (!session.HeaderInPacket)
            {
                Packet.DropFront(packet, session.HeaderLength);
            }
        }

        session.Counters.Packets++;
        session.Counters.Bytes += (ulong)dataLength;
        counters.Bytes += (ulong)dataLength;
        op.Status = OpStatus.Success;
    }

    // COUNT from the op's HFN, or from the session.
    private static OpStatus TakeCount(CryptoOp op, PdcpSession session, uint sequence, out uint count)
    {
        if (session.HfnPerPacket)
        {
            count = PdcpPdu.Count(op.Hfn, sequence, session.SequenceBits);
            return op.Hfn <= PdcpPdu.HyperFrameMax(session.SequenceBits) ? OpStatus.Success : OpStatus.InvalidArguments;
        }

        if (session.Protect && session.IsExhausted)
        {
            count = 0;
            return OpStatus.LifetimeExceeded;
        }

        if (session.Protect && !session.HeaderInPacket)
        {
            count = session.Next;
            return OpStatus.Success;
        }

        return session.TryInfer(sequence, out count) ? OpStatus.Success : OpStatus.LifetimeExceeded;
    }

    private static void Note(CryptoOp op, PdcpSession session, uint count)
    {
        if (count >> session.SequenceBits >= session.HfnThreshold)
        {
            op.Flags |= CryptoOpFlags.SoftExpiry;
        }
    }

    private static bool TrySelectPacket(CryptoOp op, ref Mbuf packet)
    {
        if (op.Destination.IsNull || op.Destination == packet)
        {
            return true;
        }

        if (!Packet.TryResize(op.Destination, packet.PacketLength))
        {
            return false;
        }

        Packet.Copy(packet, op.Destination, 0, packet.PacketLength);
        packet = op.Destination;
        return true;
    }

    // NEA2: counter block COUNT | bearer | direction | 0, then 64 zero bits that count (TS 33.401 B.1.3).
    private static void Cipher(PdcpSession session, Mbuf packet, uint count)
    {
        var state = default(CtrState);
        PdcpPdu.WriteInput(MemoryMarshal.CreateSpan(ref state.Counter, 16), count, session.Bearer, session.Direction);
        int length = packet.PacketLength - session.ClearLength;
        ApplyCounterMode(ref *session.CipherKey, ref state, false, packet, packet, session.ClearLength, length);
    }
}
