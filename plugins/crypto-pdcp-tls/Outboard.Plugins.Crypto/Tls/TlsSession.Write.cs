using System.Buffers.Binary;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Simd;

namespace Outboard.Plugins.Crypto.Tls;

/// <content>Writing: a fragment becomes a record.</content>
internal sealed unsafe partial class TlsSession
{
    private Step BeginWrite(CryptoOp op, ref OpState state, Burst burst)
    {
        if (_lifetime.IsOver || _sequence.IsUsedUp)
        {
            return Refuse(op, OpStatus.LifetimeExceeded);
        }

        int length = op.Source.PacketLength;
        byte type = op.ContentType;
        if (length > TlsRecordShape.FragmentMax || !TlsContent.IsAllowed(_version, type, length))
        {
            return Refuse(op, OpStatus.InvalidArguments);
        }

        int extra = op.PaddingLength;
        int padding = _shape.PaddingLength(length, Math.Max(extra, _fragmentMin - length));
        int innerLength = _shape.HasInnerType ? length + 1 + padding : length;
        int front = _shape.HeaderLength + _shape.ExplicitLength;
        int back = (_shape.HasInnerType ? 1 : 0) + padding + _shape.CodeLength;
        if (padding < 0 || innerLength > _sizeLimit || innerLength > TlsRecordShape.InnerMax
            || !TrySelect(op, front, out Mbuf packet)
            || !packet.TryAppend(back, out Span<byte> end)
            || !packet.TryPrepend(front, out Span<byte> start))
        {
            return Refuse(op, OpStatus.InvalidArguments);
        }

        ulong sequence = _sequence.Take();
        op.Flags = _lifetime.CountRecord() ? CryptoOpFlags.SoftExpiry : CryptoOpFlags.None;
        state.Packet = packet;
        state.Number = _shape.IsDatagram ? TlsHeader.Number(_epoch, sequence) : sequence;
        state.Length = length;
        state.Extra = padding;
        Span<byte> header = start[.._shape.HeaderLength], explicitPart = start[_shape.HeaderLength..];
        TlsHeader.Write(
            header, _shape.HasInnerType ? TlsContent.ApplicationData : type, _wireVersion, state.Number, _shape.BodyLength(length, padding));
        WriteExplicit(op, ref state, burst, explicitPart);
        if (_shape.IsAead)
        {
            if (_shape.HasInnerType)
            {
                end[0] = type;
                end[1..].Clear();
            }

            ref CryptoJob job = ref QueueAead(ref state, burst, front, innerLength, encrypt: true);
            SetNonce(ref job, ref state, explicitPart);
            if (_shape.HasInnerType)
            {
                SetHeader(ref job, ref state, header);
            }
            else
            {
                SetPseudoHeader(ref job, ref state, type, length);
            }
        }
        else if (_shape.MacComesLast)
        {
            CbcPadding.Write(end[..padding]);
            QueueCipher(ref state, burst, length + padding, encrypt: true);
        }
        else
        {
            QueueMac(ref state, burst, type, front, length);
        }

        return Step.Wait;
    }

    // What a record carries of its nonce, or the IV of its first block; the IV also goes where the cipher's job finds it.
    private void WriteExplicit(CryptoOp op, ref OpState state, Burst burst, Span<byte> explicitPart)
    {
        if (explicitPart.IsEmpty)
        {
            return;
        }

        if (_ivPerPacket)
        {
            op.Iv[..explicitPart.Length].CopyTo(explicitPart);
        }
        else if (_shape.IsCbc)
        {
            burst.Random.Fill(explicitPart);
        }
        else
        {
            // RFC 5288 3, RFC 6655 3: the sequence number, of DTLS with its epoch, never comes twice under a key.
            BinaryPrimitives.WriteUInt64BigEndian(explicitPart, state.Number);
        }

        if (_shape.IsCbc)
        {
            explicitPart.CopyTo(new Span<byte>(state.Iv, OpState.IvRoom));
        }
    }

    private Step ContinueWrite(CryptoOp op, ref OpState state, Burst burst)
    {
        Burst.Scatter(ref state);
        int front = _shape.HeaderLength + _shape.ExplicitLength;
        int total = state.Packet.PacketLength;
        switch (state.Step)
        {
            case CipherStep when _shape.MacComesLast:
                Packet.Read(state.Packet, 0, state.Prefix, 1);
                QueueMac(ref state, burst, *state.Prefix, _shape.HeaderLength, total - _shape.HeaderLength - _shape.CodeLength);
                return Step.Wait;
            case MacStep when _shape.IsCbc && !_shape.MacComesLast:
                Packet.Write(state.Packet, front + state.Length, state.Code, _shape.CodeLength);
                CbcPadding.Write(state.Packet.LastSegment.Data[^state.Extra..]);
                QueueCipher(ref state, burst, total - front, encrypt: true);
                return Step.Wait;
            case AeadStep or MacStep:
                Packet.Write(state.Packet, total - _shape.CodeLength, state.Code, _shape.CodeLength);
                break;
        }

        return Succeed(op, burst, state.Length);
    }
}
