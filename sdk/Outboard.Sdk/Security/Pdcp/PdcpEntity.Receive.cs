using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;

namespace Outboard.Security.Pdcp;

/// <content>The receive operation (TS 38.323 5.2.2).</content>
public sealed partial class PdcpEntity
{
    // One above the highest COUNT that is in flight.
    private ulong _receiveInFlightEnd;

    /// <summary>Makes ops that open data PDUs, and hands control PDUs on.</summary>
    /// <param name="pdus">PDUs in the order in which they were received; what is taken is the entity's.</param>
    /// <param name="ops">Fresh ops; as many from the front as the result says are made, the rest are unused.</param>
    /// <param name="control">Room for control PDUs, which the caller owns; a status report has been acted on already (5.4.2).</param>
    /// <remarks>
    /// The HFN of each PDU is found from RX_DELIV. Where PDUs in flight could move RX_DELIV so far that it would be another one, the call
    /// stops with <see cref="PdcpStop.CompletionsPending"/>; it does so for short sequence numbers only, or in bursts near the window's size.
    /// </remarks>
    public PdcpPrepared PrepareReceive(ReadOnlySpan<Mbuf> pdus, Span<CryptoOp> ops, Span<Mbuf> control)
    {
        if (State != PdcpEntityState.Active)
        {
            return new PdcpPrepared(0, 0, 0, PdcpStop.NotActive);
        }

        int taken = 0, made = 0, handed = 0;
        var stop = PdcpStop.None;
        Span<byte> header = stackalloc byte[PdcpFormat.HeaderLengthMax];
        header = header[..PdcpFormat.HeaderLength(_receiveBits)];
        for (; taken < pdus.Length; taken++)
        {
            Mbuf pdu = pdus[taken];
            int length = pdu.CopyTo(header);
            if (length != 0 && _options.Kind != PdcpBearerKind.Signalling && PdcpFormat.IsControl(header[0]))
            {
                if (handed == control.Length)
                {
                    stop = PdcpStop.OutputFull;
                    break;
                }

                handed += TakeControl(pdu, header[0], control[handed..]) ? 1 : 0;
                continue;
            }

            stop = CheckPdu(pdu, header[..length], made == ops.Length, out bool drop, out uint count);
            if (stop != PdcpStop.None)
            {
                break;
            }

            _received++;
            if (drop)
            {
                pdu.Free();
                continue;
            }

            SetOp(ops[made++], _receiveSession, pdu, count, _receiveBits);
            _receiveInFlight++;
            _receiveInFlightEnd = Math.Max(_receiveInFlightEnd, count + 1ul);
        }

        return new PdcpPrepared(taken, made, handed, stop);
    }

    /// <summary>Takes ops back that the device has done, and delivers what that makes deliverable.</summary>
    /// <param name="ops">Ops of <see cref="PrepareReceive"/>, in that order; they are the caller's again.</param>
    /// <param name="now">The time on the caller's clock.</param>
    public void CompleteReceive(ReadOnlySpan<CryptoOp> ops, TimeSpan now)
    {
        foreach (CryptoOp op in ops)
        {
            if (!TryTakeBack(op, _receiveSession, ref _receiveInFlight))
            {
                continue;
            }

            uint count = CountOf(op);
            if (op.Status == OpStatus.Success)
            {
                NoteCount(count, _receiveBits, PdcpEvents.ReceiveCountNearEnd);
                _receiver.Accept(count, op.Source, now);
            }
            else
            {
                op.Source.Free();
                bool failed = op.Status == OpStatus.AuthenticationFailed;
                bool malformed = op.Status == OpStatus.InvalidArguments;
                _integrityFailures += failed ? 1u : 0;
                _malformed += malformed ? 1u : 0;
                _opFailures += failed || malformed ? 0 : 1u;
                _events |= failed ? PdcpEvents.IntegrityFailure : malformed ? PdcpEvents.None : PdcpEvents.OpFailed;
            }

            op.Source = default;
        }

        _receiveInFlightEnd = _receiveInFlight == 0 ? 0 : _receiveInFlightEnd;
    }

    /// <summary>Takes delivered SDUs, in the order of delivery.</summary>
    /// <param name="sdus">Where to; any number.</param>
    /// <returns>How many; the caller owns them. Fewer than there is room for means that there are no more.</returns>
    public int TakeDelivered(Span<Mbuf> sdus) => _receiver.Take(sdus);

    /// <summary>Sets t-Reordering; where it runs, it starts again with RX_REORD at RX_NEXT (TS 38.323 5.2.2.3).</summary>
    /// <param name="time">Not negative; null for infinity.</param>
    /// <param name="now">The time on the caller's clock.</param>
    public void SetReorderingTime(TimeSpan? time, TimeSpan now)
    {
        if (time is { } value)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(time));
        }

        _receiver.SetReorderingTime(time, now);
    }

    private PdcpStop CheckPdu(Mbuf pdu, ReadOnlySpan<byte> header, bool full, out bool drop, out uint count)
    {
        drop = true;
        count = 0;
        int code = _protection.Integrity == PdcpIntegrity.None ? 0 : PdcpFormat.CodeLength;
        int least = PdcpFormat.HeaderLength(_receiveBits) + (_options.HasReceiveSdapHeader ? 1 : 0) + code;
        if (pdu.PacketLength < least)
        {
            _malformed++;
            return PdcpStop.None;
        }

        if (full)
        {
            return PdcpStop.OutputFull;
        }

        if (_receiver.ReadyCount + _receiveInFlight >= _receiver.Capacity)
        {
            return _receiver.ReadyCount != 0 ? PdcpStop.BufferFull : PdcpStop.CompletionsPending;
        }

        uint sequence = PdcpFormat.ReadSequence(header, _receiveBits);
        bool known = _receiver.TryInfer(sequence, _receiver.Deliver, out count);
        if (_receiveInFlight != 0)
        {
            // RX_DELIV will be somewhere from here to this when the PDUs in flight are done; inference does not fall in between.
            ulong latest = Math.Max(_receiver.Next, _receiveInFlightEnd);
            bool same = _receiver.TryInfer(sequence, latest, out uint later) == known && (!known || later == count);
            if (!same)
            {
                return PdcpStop.CompletionsPending;
            }
        }

        drop = !known;
        _receiver.OutOfWindowCount += drop ? 1u : 0;
        return PdcpStop.None;
    }
}
