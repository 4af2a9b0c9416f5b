using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Mbufs;

namespace Outboard.Security.Pdcp;

/// <content>The transmit operation (TS 38.323 5.2.1) and SDU discard (5.3).</content>
public sealed partial class PdcpEntity
{
    /// <summary>Why the last <see cref="Submit"/> took no more.</summary>
    public PdcpStop SubmitStop { get; private set; }

    /// <summary>Takes SDUs to be sent; each one's discard timer starts.</summary>
    /// <param name="sdus">SDUs, with their SDAP header where the bearer has one.</param>
    /// <param name="now">The time on the caller's clock.</param>
    /// <returns>How many were taken, a prefix; the rest still belong to the caller, unchanged, and <see cref="SubmitStop"/> says why.</returns>
    /// <remarks>An SDU that is neither shared nor kept becomes its PDU in place; any other is copied into the pool for PDUs.</remarks>
    public int Submit(ReadOnlySpan<Mbuf> sdus, TimeSpan now)
    {
        TimeSpan deadline = _discardTime is { } time && time < TimeSpan.MaxValue - now ? now + time : TimeSpan.MaxValue;
        for (int i = 0; i < sdus.Length; i++)
        {
            SubmitStop = CheckSdu(sdus[i]);
            if (SubmitStop != PdcpStop.None)
            {
                return i;
            }

            _transmitter.Add(sdus[i], deadline);
            _submitted++;
        }

        SubmitStop = PdcpStop.None;
        return sdus.Length;
    }

    /// <summary>Makes ops that protect what waits: first what is to be sent again, then new SDUs, in ascending order of COUNT.</summary>
    /// <param name="ops">Fresh ops; as many from the front as the result says are made, the rest are unused.</param>
    /// <param name="now">The time on the caller's clock; SDUs whose discard timer is up are dropped first.</param>
    /// <remarks>A COUNT is used up only once the PDU is ready to be protected: what stops here is unchanged and is tried again.</remarks>
    public PdcpPrepared PrepareTransmit(Span<CryptoOp> ops, TimeSpan now)
    {
        if (State != PdcpEntityState.Active)
        {
            return new PdcpPrepared(0, 0, 0, PdcpStop.NotActive);
        }

        Discard(now);
        int made = 0;
        var stop = PdcpStop.None;
        while (true)
        {
            bool again = _transmitter.TryResend(out Mbuf sdu);
            if (!again && _transmitter.WaitingCount == 0)
            {
                break;
            }

            Mbuf pdu = default;
            uint count = 0;
            stop = made == ops.Length ? PdcpStop.OutputFull : MakePdu(again, sdu, out pdu, out count);
            if (stop != PdcpStop.None)
            {
                break;
            }

            SetOp(ops[made++], _transmitSession, pdu, count, _transmitBits);
            NoteCount(count, _transmitBits, PdcpEvents.TransmitCountNearEnd);
        }

        _transmitInFlight += made;
        return new PdcpPrepared(0, made, 0, stop);
    }

    /// <summary>Takes ops back that the device has done; their PDUs go to the lower layers in this order.</summary>
    /// <param name="ops">Ops of <see cref="PrepareTransmit"/>, in that order; they are the caller's again.</param>
    /// <param name="pdus">Room for as many PDUs as there are ops.</param>
    /// <param name="counts">Room for each PDU's COUNT, by which <see cref="Confirm"/> knows it, or empty.</param>
    /// <returns>How many PDUs there are; the caller owns them.</returns>
    public int CompleteTransmit(ReadOnlySpan<CryptoOp> ops, Span<Mbuf> pdus, Span<uint> counts = default)
    {
        int done = 0;
        foreach (CryptoOp op in ops)
        {
            if (!TryTakeBack(op, _transmitSession, ref _transmitInFlight))
            {
                continue;
            }

            if (op.Status == OpStatus.Success && done < pdus.Length)
            {
                if (done < counts.Length)
                {
                    counts[done] = CountOf(op);
                }

                pdus[done++] = op.Source;
                _sent++;
            }
            else
            {
                LosePdu(op);
            }

            op.Source = default;
        }

        return done;
    }

    /// <summary>Notes that the lower layers delivered a PDU: its SDU is not needed any more (AM DRB).</summary>
    /// <param name="count">The PDU's COUNT.</param>
    public void Confirm(uint count) => _confirmed += _transmitter.Release(count) ? 1u : 0;

    /// <summary>Drops all SDUs that wait to be sent or are held, as the control plane may ask of a signalling bearer (TS 38.323 5.3).</summary>
    public void DiscardAll() => _dropped += (ulong)_transmitter.Clear();

    /// <summary>Sets the discard timer of SDUs submitted from now on; null for infinity.</summary>
    /// <param name="time">Above zero.</param>
    /// <exception cref="InvalidOperationException">SDUs wait that were submitted with the time before: they must not outlive later ones.</exception>
    public void SetDiscardTime(TimeSpan? time)
    {
        if (time is { } value)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(time));
        }

        if (_transmitter.WaitingCount != 0 || _transmitter.HeldFirst != _transmitter.Next)
        {
            throw new InvalidOperationException("SetDiscardTime: SDUs are waiting or unconfirmed.");
        }

        _discardTime = time;
    }

    private PdcpStop CheckSdu(Mbuf sdu)
    {
        if (State == PdcpEntityState.Released)
        {
            return PdcpStop.NotActive;
        }

        if (!_transmitter.HasRoom)
        {
            return PdcpStop.BufferFull;
        }

        int sdap = _options.HasTransmitSdapHeader ? 1 : 0;
        return sdu.PacketLength > PdcpFormat.SduLengthMax(_options.System) ? PdcpStop.TooLong
            : sdu.PacketLength < sdap || (_options.PduPool is null && !CanBecomePdu(sdu)) ? PdcpStop.NoRoom
            : PdcpStop.None;
    }

    // Everything that can fail comes before the COUNT is taken and before the SDU is touched.
    private PdcpStop MakePdu(bool again, Mbuf sdu, out Mbuf pdu, out uint count)
    {
        pdu = default;
        count = 0;
        bool holds = _options.Kind == PdcpBearerKind.Acknowledged;
        if (!again)
        {
            if (_transmitter.IsExhausted)
            {
                _events |= PdcpEvents.TransmitCountExhausted;
                return PdcpStop.CountExhausted;
            }

            if (_transmitter.IsWindowFull)
            {
                return PdcpStop.WindowFull;
            }

            sdu = _transmitter.Waiting;
        }

        bool copies = holds || !CanBecomePdu(sdu);
        if (copies && !TryCopy(sdu, out pdu))
        {
            return PdcpStop.NoBuffers;
        }

        if (again)
        {
            count = (uint)_transmitter.ResendNext++;
            _retransmitted++;
        }
        else
        {
            count = _transmitter.Assign();
            if (!copies)
            {
                pdu = sdu;
            }
            else if (!holds)
            {
                sdu.Free();
            }
        }

        // Room was seen to above, in the SDU or in the copy.
        _anyCountUsed = true;
        _ = pdu.TryPrepend(PdcpFormat.HeaderLength(_transmitBits), out Span<byte> header);
        PdcpFormat.WriteHeader(header, count & ((1u << _transmitBits) - 1), _options.Kind != PdcpBearerKind.Signalling);
        return PdcpStop.None;
    }

    // A PDU is made in place: nobody else may see the data, and header and MAC-I must fit.
    private bool CanBecomePdu(Mbuf sdu)
    {
        Mbuf last = sdu;
        for (Mbuf segment = sdu; !segment.IsNull; segment = segment.Next)
        {
            if (!segment.IsDirect || segment.ReferenceCount != 1)
            {
                return false;
            }

            last = segment;
        }

        return sdu.Headroom >= PdcpFormat.HeaderLength(_transmitBits) && last.Tailroom >= PdcpFormat.CodeLength;
    }

    private bool TryCopy(Mbuf sdu, out Mbuf pdu)
    {
        pdu = default;
        if (_options.PduPool is not { } pool || !sdu.TryCopy(pool, out pdu))
        {
            return false;
        }

        if (pdu.LastSegment.Tailroom >= PdcpFormat.CodeLength)
        {
            return true;
        }

        if (pool.TryAlloc(out Mbuf tail) && pdu.TryChain(tail))
        {
            return true;
        }

        pdu.Free();
        pdu = default;
        return false;
    }

    private void SetOp(CryptoOp op, SecuritySession session, Mbuf pdu, uint count, int bits)
    {
        op.SetSession(session);
        op.Source = pdu;
        op.Destination = default;
        op.Hfn = count >> bits;
        op.UserData = ((ulong)_options.Tag << 32) | count;
        op.Status = OpStatus.NotProcessed;
    }

    private bool TryTakeBack(CryptoOp op, SecuritySession session, ref int inFlight)
    {
        if (op.IsNull || inFlight == 0 || op.Source.IsNull || !IsOf(op, session))
        {
            _foreign++;
            return false;
        }

        inFlight--;
        return true;
    }

    private void LosePdu(CryptoOp op)
    {
        op.Source.Free();
        _opFailures++;
        _events |= PdcpEvents.OpFailed;
        uint count = CountOf(op);
        if (_options.Kind != PdcpBearerKind.Acknowledged)
        {
            _dropped++;
        }
        else if (op.Status is OpStatus.Cancelled or OpStatus.NotProcessed)
        {
            // The device never looked at it. Where the SDU is still held it goes out again with its COUNT.
            _transmitter.ResendNext = Math.Min(_transmitter.ResendNext, count);
        }
        else
        {
            _dropped += _transmitter.Release(count) ? 1u : 0;
        }
    }

    private void Discard(TimeSpan now)
    {
        _transmitter.Expire(now, out int unconfirmed, out int waiting);
        _discarded += (ulong)waiting;
        _discardedUnconfirmed += (ulong)unconfirmed;
        _events |= unconfirmed != 0 ? PdcpEvents.SubmittedDiscarded : PdcpEvents.None;
    }
}
