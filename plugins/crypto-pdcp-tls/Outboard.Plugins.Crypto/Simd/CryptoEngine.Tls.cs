using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Kernels.AesGcm;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Tls;

namespace Outboard.Plugins.Crypto.Simd;

/// <content>TLS 1.3 records with AES-GCM (RFC 8446 5.2).</content>
internal sealed unsafe partial class CryptoEngine<TCtr, TGcm, TCmac>
{
    private static void DoTls(CryptoOp op, TlsSession session, ref EngineCounters counters)
    {
        counters.TlsRecords++;
        op.Flags = CryptoOpFlags.None;
        if (session.IsExhausted)
        {
            session.Counters.Lifetime++;
            op.Status = OpStatus.LifetimeExceeded;
            return;
        }

        OpStatus status = session.Protect ? WriteRecord(op, session, ref counters) : ReadRecord(op, session, ref counters);
        op.Status = status;
        switch (status)
        {
            case OpStatus.Success:
                session.Counters.Packets++;
                if (session.Advance())
                {
                    op.Flags |= CryptoOpFlags.SoftExpiry;
                }

                break;
            case OpStatus.AuthenticationFailed:
                session.Counters.AuthenticationFailures++;
                counters.AuthenticationFailures++;
                break;
            default:
                session.Counters.Malformed++;
                break;
        }
    }

    private static OpStatus WriteRecord(CryptoOp op, TlsSession session, ref EngineCounters counters)
    {
        Mbuf packet = op.Source;
        int length = packet.PacketLength;
        int padding = op.PaddingLength + Math.Max(0, session.FragmentLengthMin - length - op.PaddingLength);
        int innerLength = length + 1 + padding;
        int ciphertextLength = innerLength + TagLength;
        if (!TlsRecord.IsAllowed(op.ContentType, length) || length > TlsRecord.PlaintextMax || innerLength > session.RecordSizeLimit)
        {
            return OpStatus.InvalidArguments;
        }

        if (!op.Destination.IsNull && op.Destination != packet)
        {
            if (!Packet.TryResize(op.Destination, length))
            {
                return OpStatus.InvalidArguments;
            }

            Packet.Copy(packet, op.Destination, 0, length);
            packet = op.Destination;
        }

        if (packet.Headroom < TlsRecord.HeaderLength
            || !packet.TryAppend(1 + padding + TagLength, out Span<byte> end)
            || !packet.TryPrepend(TlsRecord.HeaderLength, out Span<byte> header))
        {
            return OpStatus.InvalidArguments;
        }

        end[0] = op.ContentType;
        end[1..].Clear();
        TlsRecord.WriteHeader(header, ciphertextLength);
        Span<byte> nonce = stackalloc byte[TlsRecord.NonceLength];
        session.CopyIv(nonce);
        TlsRecord.WriteNonce(nonce, session.Sequence, nonce);
        Seal(ref *session.CipherKey, true, nonce, header, packet, innerLength, end[^TagLength..]);
        session.Counters.Bytes += (ulong)length;
        counters.Bytes += (ulong)length;
        return OpStatus.Success;
    }

    private static OpStatus ReadRecord(CryptoOp op, TlsSession session, ref EngineCounters counters)
    {
        Mbuf packet = op.Source;
        int length = packet.PacketLength;
        int innerLength = length - TlsRecord.HeaderLength - TagLength;
        Span<byte> header = stackalloc byte[TlsRecord.HeaderLength];
        Span<byte> nonce = stackalloc byte[TlsRecord.NonceLength];
        Span<byte> expected = stackalloc byte[TagLength];
        Span<byte> received = stackalloc byte[TagLength];
        if (packet.CopyTo(header) != header.Length || !TlsRecord.IsHeader(header, length) || innerLength > session.RecordSizeLimit)
        {
            return OpStatus.InvalidArguments;
        }

        if (!op.Destination.IsNull && op.Destination != packet)
        {
            if (!Packet.TryResize(op.Destination, length))
            {
                return OpStatus.InvalidArguments;
            }

            Packet.Copy(packet, op.Destination, 0, length);
            packet = op.Destination;
        }

        packet.CopyTo(received, length - TagLength);
        session.CopyIv(nonce);
        TlsRecord.WriteNonce(nonce, session.Sequence, nonce);
        Seal(ref *session.CipherKey, false, nonce, header, packet, innerLength, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, received))
        {
            Packet.Wipe(packet, TlsRecord.HeaderLength, innerLength);
            return OpStatus.AuthenticationFailed;
        }

        int fragmentLength = FindContent(packet, innerLength, out byte contentType);
        if (fragmentLength > TlsRecord.PlaintextMax || !TlsRecord.IsAllowed(contentType, fragmentLength))
        {
            // Padding alone, or a fragment that may not be: a fatal alert in TLS, and nothing of it is handed out.
            Packet.Wipe(packet, TlsRecord.HeaderLength, innerLength);
            return OpStatus.InvalidArguments;
        }

        op.ContentType = contentType;
        Packet.CutTo(packet, TlsRecord.HeaderLength + fragmentLength);
        Packet.DropFront(packet, TlsRecord.HeaderLength);
        session.Counters.Bytes += (ulong)fragmentLength;
        counters.Bytes += (ulong)fragmentLength;
        return OpStatus.Success;
    }

    // GCM in place over the inner plaintext behind the header.
    private static void Seal(
        ref AesKey key,
        bool encrypt,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> header,
        Mbuf packet,
        int innerLength,
        Span<byte> tag)
    {
        byte* inner = Packet.InFirstSegment(packet, TlsRecord.HeaderLength, innerLength);
        ref byte firstTag = ref MemoryMarshal.GetReference(tag);
        if (inner is not null && innerLength <= GcmShort<TGcm>.DataLengthMax)
        {
            GcmShort<TGcm>.Apply(ref key, encrypt, nonce, header, ref *inner, ref *inner, innerLength, ref firstTag);
            return;
        }

        Unsafe.SkipInit(out GcmState state);
        GcmMessage<TGcm>.Start(ref key, ref state, nonce);
        GcmMessage<TGcm>.Associate(ref key, ref state, ref MemoryMarshal.GetReference(header), (nuint)header.Length);
        ApplyGcm(ref key, ref state, encrypt, packet, packet, TlsRecord.HeaderLength, innerLength);
        GcmMessage<TGcm>.Finish(ref key, ref state, ref firstTag);
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
