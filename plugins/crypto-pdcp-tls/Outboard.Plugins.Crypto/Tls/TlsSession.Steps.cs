using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Simd;

namespace Outboard.Plugins.Crypto.Tls;

/// <content>TLS 1.3 records with AES-GCM (RFC 8446 5.2).</content>
internal sealed unsafe partial class TlsSession
{
    /// <inheritdoc/>
    public override Step Begin(CryptoOp op, ref OpState state, Burst burst)
    {
        burst.Counters.TlsRecords++;
        op.Flags = CryptoOpFlags.None;
        if (IsExhausted)
        {
            Counters.Lifetime++;
            op.Status = OpStatus.LifetimeExceeded;
            return Step.Done;
        }

        OpStatus status = Protect ? BeginWrite(op, ref state) : BeginRead(op, ref state);
        if (status != OpStatus.Success)
        {
            Counters.Malformed++;
            op.Status = status;
            return Step.Done;
        }

        // A record takes its number when it is read or written, whether or not it verifies (RFC 8446 5.3).
        var nonce = new Span<byte>(state.Iv, TlsRecord.NonceLength);
        CopyIv(nonce);
        TlsRecord.WriteNonce(nonce, Sequence, nonce);
        if (Advance())
        {
            op.Flags |= CryptoOpFlags.SoftExpiry;
        }

        ref CryptoJob job = ref burst.Queue(_aead.Unit!);
        burst.SetMessage(ref job, ref state, state.Packet, state.Packet, TlsRecord.HeaderLength, state.Length);
        job.Key = _aead.Key;
        job.Iv = state.Iv;
        job.IvLength = TlsRecord.NonceLength;
        job.Aad = state.Prefix;
        job.AadLength = TlsRecord.HeaderLength;
        job.Code = state.Code;
        job.CodeLength = TlsRecord.TagLength;
        job.Encrypt = Protect;
        return Step.Wait;
    }

    /// <inheritdoc/>
    public override Step Continue(CryptoOp op, ref OpState state, Burst burst)
    {
        Mbuf packet = state.Packet;
        var tag = new Span<byte>(state.Code, TlsRecord.TagLength);
        Burst.Scatter(ref state);
        int tagOffset = TlsRecord.HeaderLength + state.Length, fragmentLength = state.Extra;
        if (Protect)
        {
            packet.CopyFrom(tag, tagOffset);
        }
        else
        {
            Span<byte> received = stackalloc byte[TlsRecord.TagLength];
            packet.CopyTo(received, tagOffset);
            bool good = CryptographicOperations.FixedTimeEquals(tag, received);
            CryptographicOperations.ZeroMemory(tag);
            if (!good)
            {
                Packet.Wipe(packet, TlsRecord.HeaderLength, state.Length);
                Counters.AuthenticationFailures++;
                burst.Counters.AuthenticationFailures++;
                op.Status = OpStatus.AuthenticationFailed;
                return Step.Done;
            }

            fragmentLength = FindContent(packet, state.Length, out byte contentType);
            if (fragmentLength > TlsRecord.PlaintextMax || !TlsRecord.IsAllowed(contentType, fragmentLength))
            {
                // Padding alone, or a fragment that may not be: a fatal alert in TLS, and nothing of it is handed out.
                Packet.Wipe(packet, TlsRecord.HeaderLength, state.Length);
                Counters.Malformed++;
                op.Status = OpStatus.InvalidArguments;
                return Step.Done;
            }

            op.ContentType = contentType;
            Packet.CutTo(packet, TlsRecord.HeaderLength + fragmentLength);
            Packet.DropFront(packet, TlsRecord.HeaderLength);
        }

        Counters.Packets++;
        Counters.Bytes += (ulong)fragmentLength;
        burst.Counters.Bytes += (ulong)fragmentLength;
        op.Status = OpStatus.Success;
        return Step.Done;
    }

    private OpStatus BeginWrite(CryptoOp op, ref OpState state)
    {
        Mbuf packet = op.Source;
        int length = packet.PacketLength;
        int padding = op.PaddingLength + Math.Max(0, FragmentLengthMin - length - op.PaddingLength);
        int innerLength = length + 1 + padding;
        if (!TlsRecord.IsAllowed(op.ContentType, length) || length > TlsRecord.PlaintextMax || innerLength > RecordSizeLimit
            || !Packet.TrySelect(op, ref packet))
        {
            return OpStatus.InvalidArguments;
        }

        if (packet.Headroom < TlsRecord.HeaderLength
            || !packet.TryAppend(1 + padding + TlsRecord.TagLength, out Span<byte> end)
            || !packet.TryPrepend(TlsRecord.HeaderLength, out Span<byte> header))
        {
            return OpStatus.InvalidArguments;
        }

        end[0] = op.ContentType;
        end[1..].Clear();
        TlsRecord.WriteHeader(header, innerLength + TlsRecord.TagLength);
        header.CopyTo(new Span<byte>(state.Prefix, OpState.PrefixRoom));
        state.Packet = packet;
        state.Length = innerLength;
        state.Extra = length;
        return OpStatus.Success;
    }

    private OpStatus BeginRead(CryptoOp op, ref OpState state)
    {
        Mbuf packet = op.Source;
        int length = packet.PacketLength;
        int innerLength = length - TlsRecord.HeaderLength - TlsRecord.TagLength;
        var header = new Span<byte>(state.Prefix, TlsRecord.HeaderLength);
        if (packet.CopyTo(header) != header.Length || !TlsRecord.IsHeader(header, length) || innerLength > RecordSizeLimit
            || !Packet.TrySelect(op, ref packet))
        {
            return OpStatus.InvalidArguments;
        }

        state.Packet = packet;
        state.Length = innerLength;
        return OpStatus.Success;
    }

    // The content type is the last byte that is not zero (RFC 8446 5.4). How far the search goes shows in the time it takes,
    // and in the length that is handed out: the application learns no less.
    private static int FindContent(Mbuf packet, int innerLength, out byte contentType)
    {
        contentType = 0;
        int at = 0, found = 0;
        var cursor = new MbufCursor(packet, TlsRecord.HeaderLength);
        while (at < innerLength)
        {
            int run = (int)Math.Min(cursor.Run(), (nuint)(innerLength - at));
            if (run == 0)
            {
                break;
            }

            ReadOnlySpan<byte> piece = MemoryMarshal.CreateReadOnlySpan(ref cursor.Byte, run);
            int last = piece.LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
            {
                found = at + last;
                contentType = piece[last];
            }

            cursor.Advance((nuint)run);
            at += run;
        }

        return found;
    }
}
