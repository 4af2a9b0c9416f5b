using Outboard.Crypto;
using Outboard.Mbufs;
using Outboard.Security.Pdcp;

namespace Outboard.Samples.PdcpLink;

/// <summary>One end of the bearer: its entity, what it has to send, what came in, and whether what it delivers is what the other end sent.</summary>
internal sealed class Side(string name, PdcpEntity entity, Link outgoing, Link incoming, MbufPool pool)
{
    private const int SdusEachMillisecond = 8;
    private readonly List<byte[]> _sdus = [];
    private readonly List<Mbuf> _inbox = [];
    private readonly Mbuf[] _packets = new Mbuf[64];
    private int _submitted;
    private int _checked;

    public string Name => name;

    public PdcpEntity Entity => entity;

    public Link Outgoing => outgoing;

    /// <summary>What this side sends.</summary>
    public List<byte[]> Sdus => _sdus;

    public int DeliveredCount { get; private set; }

    public int ReportsSent { get; private set; }

    public int ReportsReceived { get; private set; }

    /// <summary>Whether nothing is left to send or to wait for.</summary>
    public bool IsDone => _submitted == _sdus.Count && entity.WaitingCount == 0 && entity.HeldFirst == entity.TransmitNext
        && _inbox.Count == 0 && !entity.IsReordering && outgoing.IsIdle;

    /// <summary>Gives the entity the next SDUs, and gets ops for the crypto device.</summary>
    public int PrepareTransmit(Span<CryptoOp> ops, TimeSpan now)
    {
        for (int i = 0; i < SdusEachMillisecond && _submitted < _sdus.Count; i++)
        {
            if (!pool.TryAlloc(out Mbuf sdu))
            {
                break;
            }

            byte[] bytes = _sdus[_submitted];
            if (!sdu.TryAppend(bytes.Length, out Span<byte> room))
            {
                throw new InvalidOperationException($"A frame of {bytes.Length} bytes does not fit one mbuf of this pool.");
            }

            bytes.CopyTo(room);
            if (entity.Submit([sdu], now) == 0)
            {
                // As much is unconfirmed as the entity keeps; this one is for later.
                sdu.Free();
                break;
            }

            _submitted++;
        }

        return entity.PrepareTransmit(ops, now).OpCount;
    }

    /// <summary>Sends what the device protected.</summary>
    public void CompleteTransmit(ReadOnlySpan<CryptoOp> ops, TimeSpan now)
    {
        int count = entity.CompleteTransmit(ops, _packets);
        foreach (Mbuf pdu in _packets.AsSpan(0, count))
        {
            outgoing.Send(pdu, now);
        }
    }

    /// <summary>Takes what the link has, and gets ops for the crypto device. Control PDUs need none.</summary>
    public int PrepareReceive(Span<CryptoOp> ops, TimeSpan now)
    {
        incoming.Receive(_inbox, now);
        PdcpPrepared prepared = entity.PrepareReceive(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_inbox), ops, _packets);
        _inbox.RemoveRange(0, prepared.Taken);
        foreach (Mbuf control in _packets.AsSpan(0, prepared.ControlCount))
        {
            ReportsReceived += entity.ControlTypeOf(control) == PdcpControlType.StatusReport ? 1 : 0;
            control.Free();
        }

        return prepared.OpCount;
    }

    /// <summary>Compares what the entity delivers with what the other side sent. False when it is not the next of it.</summary>
    public bool CompleteReceive(ReadOnlySpan<CryptoOp> ops, Side other, bool mayMiss, TimeSpan now)
    {
        entity.CompleteReceive(ops, now);
        entity.Poll(now);
        bool good = true;
        for (int count = _packets.Length; count == _packets.Length;)
        {
            count = entity.TakeDelivered(_packets);
            foreach (Mbuf sdu in _packets.AsSpan(0, count))
            {
                while (mayMiss && _checked < other._sdus.Count && !sdu.Data.SequenceEqual(other._sdus[_checked]))
                {
                    _checked++;
                }

                good &= _checked < other._sdus.Count && sdu.Data.SequenceEqual(other._sdus[_checked]);
                _checked++;
                DeliveredCount++;
                sdu.Free();
            }
        }

        return good;
    }

    /// <summary>Tells the other side what is missing.</summary>
    public void SendStatusReport(TimeSpan now)
    {
        if (entity.TryCreateStatusReport(pool, out Mbuf report))
        {
            ReportsSent++;
            outgoing.Send(report, now);
        }
    }
}
