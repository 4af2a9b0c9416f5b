using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Simd;

namespace Outboard.Plugins.Crypto.Tls;

/// <content>Reading: a record becomes its fragment.</content>
internal sealed unsafe partial class TlsSession
{
    private Step BeginRead(CryptoOp op, ref OpState state, Burst burst)
    {
        if (_lifetime.IsOver || _sequence.IsUsedUp)
        {
            return Refuse(op, OpStatus.LifetimeExceeded);
        }

        Span<byte> header = stackalloc byte[TlsHeader.DatagramLength];
        header = header[.._shape.HeaderLength];
        int bodyLength = op.Source.PacketLength - header.Length;
        if (op.Source.CopyTo(header) != header.Length
            || !TlsHeader.Matches(header, _wireVersion, bodyLength)
            || !_shape.IsBody(bodyLength, _sizeLimit)
            || (_shape.HasInnerType ? header[0] != TlsContent.ApplicationData : !TlsContent.IsAllowed(_version, header[0], 1)))
        {
            return Refuse(op, OpStatus.InvalidArguments);
        }

        if (_shape.IsDatagram)
        {
            state.Number = TlsHeader.ReadNumber(header);
            if (state.Number >> 48 != _epoch)
            {
                return Refuse(op, OpStatus.InvalidArguments);
            }

            if (!_window.IsNew(state.Number & TlsHeader.DatagramNumberMax))
            {
                return Refuse(op, OpStatus.Replayed);
            }
        }

        if (!TrySelect(op, 0, out Mbuf packet))
        {
            return Refuse(op, OpStatus.InvalidArguments);
        }

        if (!_shape.IsDatagram)
        {
            state.Number = _sequence.Take();
            op.Flags = _lifetime.CountRecord() ? CryptoOpFlags.SoftExpiry : CryptoOpFlags.None;
        }

        state.Packet = packet;
        state.Length = bodyLength - _shape.ExplicitLength - _shape.CodeLength;
        state.Extra = header[0];
        QueueFirst(ref state, burst, header, bodyLength);
        return Step.Wait;
    }

    private void QueueFirst(ref OpState state, Burst burst, ReadOnlySpan<byte> header, int bodyLength)
    {
        int front = _shape.HeaderLength + _shape.ExplicitLength;
        Packet.Read(state.Packet, _shape.HeaderLength, state.Iv, _shape.ExplicitLength);
        if (_shape.IsAead)
        {
            Span<byte> explicitPart = stackalloc byte[TlsNonce.ExplicitLength];
            new Span<byte>(state.Iv, TlsNonce.ExplicitLength).CopyTo(explicitPart);
            ref CryptoJob job = ref QueueAead(ref state, burst, front, state.Length, encrypt: false);
            SetNonce(ref job, ref state, explicitPart);
            if (_shape.HasInnerType)
            {
                SetHeader(ref job, ref state, header);
            }
            else
            {
                SetPseudoHeader(ref job, ref state, header[0], state.Length);
            }
        }
        else if (_shape.MacComesLast)
        {
            QueueMac(ref state, burst, header[0], _shape.HeaderLength, bodyLength - _shape.CodeLength);
        }
        else if (_shape.IsCbc)
        {
            QueueCipher(ref state, burst, bodyLength - _shape.ExplicitLength, encrypt: false);
        }
        else
        {
            QueueMac(ref state, burst, header[0], front, state.Length);
        }
    }

    private Step ContinueRead(CryptoOp op, ref OpState state, Burst burst)
    {
        switch (state.Step)
        {
            case AeadStep:
                if (!CodeMatches(ref state))
                {
                    return FailRead(op, ref state, burst);
                }

                Burst.Scatter(ref state);
                return EndAead(op, ref state, burst);
            case MacStep:
                if (!CodeMatches(ref state))
                {
                    return FailRead(op, ref state, burst);
                }

                if (!_shape.IsCbc)
                {
                    return EndRead(op, ref state, burst, state.Length, (byte)state.Extra);
                }

                Packet.Read(state.Packet, _shape.HeaderLength, state.Iv, _shape.ExplicitLength);
                QueueCipher(ref state, burst, state.Length, encrypt: false);
                return Step.Wait;
            case CipherStep when _shape.MacComesLast:
                Burst.Scatter(ref state);
                return EndPadded(op, ref state, burst);
            case CipherStep:
                Burst.Scatter(ref state);
                QueueOpener(ref state, burst);
                return Step.Wait;
            default:
                int length = BinaryPrimitives.ReadInt32LittleEndian(new ReadOnlySpan<byte>(state.Code, sizeof(int)));
                bool good = state.Code[sizeof(int)] != 0;
                CryptographicOperations.ZeroMemory(new Span<byte>(state.Code, CryptoJob.CodeRoom));
                return good ? EndRead(op, ref state, burst, length, (byte)state.Extra) : FailRead(op, ref state, burst);
        }
    }

    private Step EndAead(CryptoOp op, ref OpState state, Burst burst)
    {
        if (!_shape.HasInnerType)
        {
            return EndRead(op, ref state, burst, state.Length, (byte)state.Extra);
        }

        int length = TlsInner.FindContent(state.Packet, _shape.HeaderLength, state.Length, out byte type);
        return EndRead(op, ref state, burst, length, type);
    }

    // Encrypt-then-MAC: what was deciphered is authentic, and ends in padding.
    [SkipLocalsInit]
    private Step EndPadded(CryptoOp op, ref OpState state, Burst burst)
    {
        byte* end = stackalloc byte[TlsRecordShape.CbcPaddingMax];
        int looked = Math.Min(state.Length, TlsRecordShape.CbcPaddingMax);
        Packet.Read(state.Packet, _shape.HeaderLength + _shape.ExplicitLength + state.Length - looked, end, looked);
        int padding = CbcPadding.Read(new ReadOnlySpan<byte>(end, looked));
        return padding == 0 ? FailRead(op, ref state, burst)
            : EndRead(op, ref state, burst, state.Length - padding, (byte)state.Extra);
    }

    private bool CodeMatches(ref OpState state)
    {
        byte* received = stackalloc byte[CryptoJob.CodeRoom];
        int length = _shape.CodeLength;
        Packet.Read(state.Packet, state.Packet.PacketLength - length, received, length);
        bool same = ConstantTime.Equal(new Span<byte>(state.Code, length), new Span<byte>(received, length));
        CryptographicOperations.ZeroMemory(new Span<byte>(state.Code, CryptoJob.CodeRoom));
        return same;
    }

    // A fragment that verified: it may still be one that must not be, or a replay of one in the same burst.
    private Step EndRead(CryptoOp op, ref OpState state, Burst burst, int fragmentLength, byte type)
    {
        if (fragmentLength > TlsRecordShape.FragmentMax
            || fragmentLength > _sizeLimit
            || !TlsContent.IsAllowed(_version, type, fragmentLength))
        {
            return DropRead(op, ref state, OpStatus.InvalidArguments);
        }

        if (_shape.IsDatagram)
        {
            ulong number = state.Number & TlsHeader.DatagramNumberMax;
            if (!_window.IsNew(number) || _lifetime.IsOver)
            {
                return DropRead(op, ref state, _lifetime.IsOver ? OpStatus.LifetimeExceeded : OpStatus.Replayed);
            }

            _window.Accept(number);
            op.Flags = _lifetime.CountRecord() ? CryptoOpFlags.SoftExpiry : CryptoOpFlags.None;
        }

        int front = _shape.HeaderLength + _shape.ExplicitLength;
        op.ContentType = type;
        Packet.CutTo(state.Packet, front + fragmentLength);
        Packet.DropFront(state.Packet, front);
        return Succeed(op, burst, fragmentLength);
    }

    // One outcome for a tag, a MAC and padding: the record is wiped, and all that is told is that it did not verify.
    private Step FailRead(CryptoOp op, ref OpState state, Burst burst)
    {
        _lifetime.CountForgery();
        Counters.AuthenticationFailures++;
        burst.Counters.AuthenticationFailures++;
        WipeBody(ref state);
        op.Flags = CryptoOpFlags.None;
        op.Status = OpStatus.AuthenticationFailed;
        return Step.Done;
    }

    private Step DropRead(CryptoOp op, ref OpState state, OpStatus status)
    {
        WipeBody(ref state);
        return Refuse(op, status);
    }

    private void WipeBody(ref OpState state) =>
        Packet.Wipe(state.Packet, _shape.HeaderLength, state.Packet.PacketLength - _shape.HeaderLength);
}
