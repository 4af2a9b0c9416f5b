using Outboard.Mbufs;

namespace Outboard.Security.Pdcp;

/// <content>Control PDUs and status reports (TS 38.323 5.4, 6.2.3).</content>
public sealed partial class PdcpEntity
{
    /// <summary>What a control PDU carries.</summary>
    /// <param name="pdu">A control PDU that <see cref="PrepareReceive"/> handed out.</param>
    public PdcpControlType ControlTypeOf(Mbuf pdu)
    {
        Span<byte> first = stackalloc byte[1];
        return pdu.CopyTo(first) == 1 && PdcpFormat.IsControl(first[0])
            ? PdcpFormat.TypeOf(first[0], _options.System)
            : PdcpControlType.Reserved;
    }

    /// <summary>Makes a status report of what was received: the first missing COUNT and a bit for each one behind it.</summary>
    /// <param name="pool">Where its mbufs come from; a report has at most 9000 bytes.</param>
    /// <param name="report">The control PDU, which goes to the lower layers before any data PDU; the caller's.</param>
    /// <returns>Whether there is one: the entity is that of an AM DRB and active, and the pool had enough mbufs.</returns>
    public bool TryCreateStatusReport(MbufPool pool, out Mbuf report)
    {
        ArgumentNullException.ThrowIfNull(pool);
        report = default;
        if (_options.Kind != PdcpBearerKind.Acknowledged || State != PdcpEntityState.Active || _receiveBits < 12
            || _receiver.Deliver > uint.MaxValue)
        {
            return false;
        }

        int head = PdcpFormat.ReportHeaderLength(_options.System, _receiveBits);
        ulong first = _receiver.Deliver;
        ulong behind = _receiver.Next > first + 1 ? _receiver.Next - first - 1 : 0;
        int length = head + (int)Math.Min((behind + 7) / 8, (ulong)(PdcpFormat.ControlLengthMax - head));
        Span<byte> pdu = _reportScratch.AsSpan(0, length);
        pdu.Clear();
        PdcpFormat.WriteReportHeader(pdu[..head], _options.System, _receiveBits, (uint)first);
        for (ulong i = 0; i < behind && head + (int)(i / 8) < length; i++)
        {
            if (_receiver.IsSeen(first + 1 + i))
            {
                pdu[head + (int)(i / 8)] |= (byte)(0x80 >> (int)(i % 8));
            }
        }

        return TryWrite(pool, pdu, out report);
    }

    // True when the PDU is handed to the caller; else it is gone.
    private bool TakeControl(Mbuf pdu, byte first, Span<Mbuf> control)
    {
        PdcpControlType type = PdcpFormat.TypeOf(first, _options.System);
        bool report = type == PdcpControlType.StatusReport;
        if (type == PdcpControlType.Reserved || (report && !TryApply(pdu)))
        {
            _malformed++;
            pdu.Free();
            return false;
        }

        _control++;
        control[0] = pdu;
        return true;
    }

    // Whatever is below the first missing COUNT or has a 1 in the bitmap is confirmed (5.4.2).
    private bool TryApply(Mbuf pdu)
    {
        bool holds = _options.Kind == PdcpBearerKind.Acknowledged;
        Span<byte> small = stackalloc byte[8];
        Span<byte> scratch = holds ? _reportScratch : small;
        int length = Math.Min(pdu.PacketLength, scratch.Length);
        if (pdu.PacketLength > PdcpFormat.ControlLengthMax
            || !pdu.TryRead(0, length, scratch, out ReadOnlySpan<byte> bytes)
            || !PdcpStatusReport.TryParse(bytes, _options.System, _transmitBits, out PdcpStatusReport report))
        {
            return false;
        }

        ulong next = _transmitter.Next, firstMissing = report.FirstMissing;
        if (_options.System == PdcpSystem.Lte)
        {
            // FMS is a sequence number: of the SDUs that are out, or the next one.
            uint mask = (1u << _transmitBits) - 1;
            ulong back = (next - firstMissing) & mask;
            firstMissing = next >= back ? next - back : 0;
        }

        ulong behind = firstMissing + 1 + ((ulong)report.Bitmap.Length * 8);
        ulong end = Math.Min(next, behind);
        for (ulong count = _transmitter.HeldFirst; holds && count < end; count++)
        {
            uint asked = _options.System == PdcpSystem.Lte ? (uint)count & ((1u << _transmitBits) - 1) : (uint)count;
            if (count < firstMissing || (count > firstMissing && report.IsReceived(asked)))
            {
                _confirmed += _transmitter.Release(count) ? 1u : 0;
            }
        }

        return true;
    }

    private static bool TryWrite(MbufPool pool, ReadOnlySpan<byte> bytes, out Mbuf packet)
    {
        if (!pool.TryAlloc(out packet))
        {
            return false;
        }

        for (Mbuf part = packet; ;)
        {
            int count = Math.Min(bytes.Length, part.Tailroom);
            bool fits = part == packet || packet.TryChain(part);
            if (fits && packet.TryAppend(count, out Span<byte> room))
            {
                bytes[..count].CopyTo(room);
                bytes = bytes[count..];
                if (bytes.IsEmpty)
                {
                    return true;
                }
            }

            if (!fits || !pool.TryAlloc(out part))
            {
                packet.Free();
                packet = default;
                return false;
            }
        }
    }
}
