using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Simd;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Pdcp;

/// <content>PDCP data PDUs: integrity over header and SDU, then ciphering from the SDU through the MAC-I (TS 38.323 5.8, 5.9).</content>
internal sealed unsafe partial class PdcpSession
{
    private const int HeaderLengthMax = 3;
    private const int IntegrityStep = 1;
    private const int CipherStep = 2;

    // More than any SDU (9000 bytes, TS 38.323 4.3.1), so that a PDU in many segments can be gathered.
    private const int PacketLengthMax = ushort.MaxValue;

    /// <inheritdoc/>
    public override bool MayJoin(CryptoOp op, Burst burst)
    {
        // The COUNT of a received PDU may depend on PDUs of its session that are not verified yet.
        if (Protect || IsShortMac || HfnPerPacket)
        {
            return true;
        }

        bool first = _batch != burst.Serial;
        _batch = burst.Serial;
        Span<byte> header = stackalloc byte[HeaderLengthMax];
        return first
            || op.Source.CopyTo(header[..HeaderLength]) != HeaderLength
            || IsNear(PdcpPdu.ReadSequence(header, SequenceBits));
    }

    /// <inheritdoc/>
    public override Step Begin(CryptoOp op, ref OpState state, Burst burst)
    {
        burst.Counters.PdcpPdus++;
        op.Flags = CryptoOpFlags.None;
        OpStatus status = Protect ? BeginProtect(op, ref state) : BeginUnprotect(op, ref state);
        if (status != OpStatus.Success)
        {
            return Refuse(op, status);
        }

        return Protect ? QueueIntegrity(op, ref state, burst) : QueueCipher(op, ref state, burst);
    }

    /// <inheritdoc/>
    public override Step Continue(CryptoOp op, ref OpState state, Burst burst)
    {
        if (state.Step == CipherStep)
        {
            Burst.Scatter(ref state);
            return Protect ? Succeed(op, ref state, burst) : QueueIntegrity(op, ref state, burst);
        }

        return EndIntegrity(op, ref state, burst);
    }

    private Step Refuse(CryptoOp op, OpStatus status)
    {
        if (status == OpStatus.LifetimeExceeded)
        {
            Counters.Lifetime++;
        }
        else
        {
            Counters.Malformed++;
        }

        op.Status = status;
        return Step.Done;
    }

    private OpStatus BeginProtect(CryptoOp op, ref OpState state)
    {
        Mbuf packet = op.Source;
        uint count = uint.MaxValue, sequence = 0;
        Span<byte> header = stackalloc byte[HeaderLengthMax];
        if (packet.PacketLength > PacketLengthMax)
        {
            return OpStatus.InvalidArguments;
        }

        if (!IsShortMac)
        {
            if (HeaderInPacket)
            {
                if (packet.CopyTo(header[..HeaderLength]) != HeaderLength || packet.PacketLength < ClearLength)
                {
                    return OpStatus.InvalidArguments;
                }

                sequence = PdcpPdu.ReadSequence(header, SequenceBits);
            }
            else
            {
                if (packet.PacketLength < ClearLength - HeaderLength)
                {
                    return OpStatus.InvalidArguments;
                }

                sequence = Next & ((1u << SequenceBits) - 1);
            }

            OpStatus status = TakeCount(op, sequence, out count);
            if (status != OpStatus.Success)
            {
                return status;
            }
        }

        if (!Packet.TrySelect(op, ref packet))
        {
            return OpStatus.InvalidArguments;
        }

        int prepend = HeaderInPacket ? 0 : HeaderLength;
        int append = HasCode ? PdcpPdu.IntegrityLength : 0;
        if (packet.Headroom < prepend || !packet.TryAppend(append, out Span<byte> code)
            || !packet.TryPrepend(prepend, out Span<byte> front))
        {
            return OpStatus.InvalidArguments;
        }

        code.Clear();
        if (prepend != 0)
        {
            PdcpPdu.WriteHeader(front, sequence, IsUserPlane);
        }

        if (!IsShortMac)
        {
            Note(op, count);
            if (HfnPerPacket)
            {
                Skip();
            }
            else
            {
                Accept(count);
            }
        }

        state.Packet = packet;
        state.Number = count;
        return OpStatus.Success;
    }

    private OpStatus BeginUnprotect(CryptoOp op, ref OpState state)
    {
        Mbuf packet = op.Source;
        uint count = uint.MaxValue;
        int codeLength = HasCode ? PdcpPdu.IntegrityLength : 0;
        if (packet.PacketLength < ClearLength + codeLength || packet.PacketLength > PacketLengthMax)
        {
            return OpStatus.InvalidArguments;
        }

        if (!IsShortMac)
        {
            Span<byte> header = stackalloc byte[HeaderLengthMax];
            packet.CopyTo(header[..HeaderLength]);
            if (!HeaderInPacket && IsUserPlane && (header[0] & 0x80) == 0)
            {
                // A control PDU (TS 38.323 6.2.3): neither ciphered nor authenticated, not for a data session.
                return OpStatus.InvalidArguments;
            }

            OpStatus status = TakeCount(op, PdcpPdu.ReadSequence(header, SequenceBits), out count);
            if (status != OpStatus.Success)
            {
                return status;
            }
        }

        if (!Packet.TrySelect(op, ref packet))
        {
            return OpStatus.InvalidArguments;
        }

        state.Packet = packet;
        state.Number = count;
        return OpStatus.Success;
    }

    private Step QueueCipher(CryptoOp op, ref OpState state, Burst burst)
    {
        state.Step = CipherStep;
        state.Gathered = null;
        if (_cipher.Unit is null)
        {
            return Continue(op, ref state, burst);
        }

        ref CryptoJob job = ref burst.Queue(_cipher.Unit);
        burst.SetMessage(ref job, ref state, state.Packet, state.Packet, ClearLength, state.Packet.PacketLength - ClearLength);
        PdcpAlgorithms.WriteCipherIv(new Span<byte>(state.Iv, PdcpAlgorithms.IvLength), Cipher, (uint)state.Number, Bearer, Direction);
        job.Key = _cipher.Key;
        job.Iv = state.Iv;
        job.IvLength = PdcpAlgorithms.IvLength;
        job.Encrypt = true;
        return Step.Wait;
    }

    private Step QueueIntegrity(CryptoOp op, ref OpState state, Burst burst)
    {
        state.Step = IntegrityStep;
        if (_integrity.Unit is null)
        {
            new Span<byte>(state.Code, PdcpPdu.IntegrityLength).Clear();
            return EndIntegrity(op, ref state, burst);
        }

        ref CryptoJob job = ref burst.Queue(_integrity.Unit);
        burst.SetMessage(
            ref job, ref state, state.Packet, default, 0, state.Packet.PacketLength - PdcpPdu.IntegrityLength);
        job.Key = _integrity.Key;
        job.Aad = state.Prefix;
        job.AadLength = 0;
        job.Iv = state.Iv;
        job.IvLength = 0;
        if (Integrity == PdcpIntegrity.Nia2)
        {
            // Eight bytes in front of the message (TS 33.501 D.3.1.3). For a short MAC-I COUNT, bearer and direction are all ones
            // (TS 38.331 5.3.7.4).
            PdcpPdu.WriteInput(new Span<byte>(state.Prefix, 8), (uint)state.Number, Bearer, Direction);
            job.AadLength = 8;
        }
        else
        {
            PdcpAlgorithms.WriteIntegrityIv(new Span<byte>(state.Iv, PdcpAlgorithms.IvLength), (uint)state.Number, Bearer, Direction);
            job.IvLength = PdcpAlgorithms.IvLength;
        }

        job.Code = state.Code;
        job.CodeLength = PdcpPdu.IntegrityLength;
        return Step.Wait;
    }

    // The MAC-I is written and then ciphered, or compared and cut off.
    private Step EndIntegrity(CryptoOp op, ref OpState state, Burst burst)
    {
        var code = new Span<byte>(state.Code, PdcpPdu.IntegrityLength);
        Mbuf packet = state.Packet;
        int length = packet.PacketLength;
        if (Protect)
        {
            if (HasCode)
            {
                packet.CopyFrom(code, length - PdcpPdu.IntegrityLength);
            }

            return _cipher.Unit is null ? Succeed(op, ref state, burst) : QueueCipher(op, ref state, burst);
        }

        if (HasCode)
        {
            Span<byte> received = stackalloc byte[PdcpPdu.IntegrityLength];
            packet.CopyTo(received, length - PdcpPdu.IntegrityLength);
            bool good = ConstantTime.Equal(code, received);
            CryptographicOperations.ZeroMemory(code);
            if (!good)
            {
                Packet.Wipe(packet, HeaderLength, length - HeaderLength);
                Counters.AuthenticationFailures++;
                burst.Counters.AuthenticationFailures++;
                op.Status = OpStatus.AuthenticationFailed;
                return Step.Done;
            }
        }

        if (!IsShortMac)
        {
            Note(op, (uint)state.Number);
            if (!HfnPerPacket)
            {
                Accept((uint)state.Number);
            }
        }

        return Succeed(op, ref state, burst);
    }

    private Step Succeed(CryptoOp op, ref OpState state, Burst burst)
    {
        Mbuf packet = state.Packet;
        int codeLength = HasCode ? PdcpPdu.IntegrityLength : 0;
        int dataLength = packet.PacketLength - HeaderLength - codeLength;
        if (!Protect)
        {
            Packet.CutTo(packet, packet.PacketLength - codeLength);
            if (!HeaderInPacket)
            {
                Packet.DropFront(packet, HeaderLength);
            }
        }

        Counters.Packets++;
        Counters.Bytes += (ulong)dataLength;
        burst.Counters.Bytes += (ulong)dataLength;
        op.Status = OpStatus.Success;
        return Step.Done;
    }

    // COUNT from the op's HFN, or from the session.
    private OpStatus TakeCount(CryptoOp op, uint sequence, out uint count)
    {
        if (HfnPerPacket)
        {
            count = PdcpPdu.Count(op.Hfn, sequence, SequenceBits);
            return op.Hfn <= PdcpPdu.HyperFrameMax(SequenceBits) ? OpStatus.Success : OpStatus.InvalidArguments;
        }

        if (Protect && IsExhausted)
        {
            count = 0;
            return OpStatus.LifetimeExceeded;
        }

        if (Protect && !HeaderInPacket)
        {
            count = Next;
            return OpStatus.Success;
        }

        return TryInfer(sequence, out count) ? OpStatus.Success : OpStatus.LifetimeExceeded;
    }

    private void Note(CryptoOp op, uint count)
    {
        if (count >> SequenceBits >= HfnThreshold)
        {
            op.Flags |= CryptoOpFlags.SoftExpiry;
        }
    }
}
