using System.Buffers.Binary;
using Outboard.Ethernet;
using Outboard.Mbufs;

namespace Outboard.Samples.PdcpLink;

/// <summary>One direction of the air: PDUs go out of a port in Ethernet frames and come back in on it, late, out of order, twice, or never.</summary>
/// <param name="port">A started port whose wire is a loop.</param>
/// <param name="pool">Where copies come from.</param>
/// <param name="seed">The same seed is the same weather.</param>
internal sealed class Link(EthernetDevice port, MbufPool pool, int seed)
{
    private const int LossPercent = 4;
    private const int RepeatPercent = 2;
    private const int DelayPercent = 15;
    private const int DelayMilliseconds = 8;

    // Two addresses, the type for local experiments, and the PDU's length, for a port may make short frames longer.
    private const int HeaderLength = 16;
    private const ushort LocalExperiment = 0x88B5;
    public static readonly MacAddress Address = MacAddress.Parse("02:00:00:00:00:06");

    private readonly PriorityQueue<Mbuf, (TimeSpan Due, long Order)> _air = new();
    private readonly Random _random = new(seed);
    private readonly Mbuf[] _burst = new Mbuf[32];
    private long _order;

    public long Sent { get; private set; }

    public long Lost { get; private set; }

    public long Repeated { get; private set; }

    public long Delayed { get; private set; }

    public bool IsIdle => _air.Count == 0;

    /// <summary>Sends a PDU; the link owns it.</summary>
    public void Send(Mbuf pdu, TimeSpan now)
    {
        Sent++;
        if (_random.Next(100) < LossPercent)
        {
            Lost++;
            pdu.Free();
            return;
        }

        if (_random.Next(100) < RepeatPercent && pdu.TryCopy(pool, out Mbuf copy))
        {
            Repeated++;
            Put(copy, now);
        }

        Put(pdu, now);
    }

    /// <summary>Passes on what has arrived by now; the PDUs are the caller's.</summary>
    public void Receive(List<Mbuf> pdus, TimeSpan now)
    {
        while (_air.TryPeek(out _, out (TimeSpan Due, long Order) first) && first.Due <= now)
        {
            int count = 0;
            while (count < _burst.Length && _air.TryPeek(out Mbuf frame, out first) && first.Due <= now)
            {
                _burst[count++] = frame;
                _ = _air.Dequeue();
            }

            for (int sent = 0, back = 0; back < count;)
            {
                sent += port.TransmitBurst(0, _burst.AsSpan(sent..count));
                back += Collect(pdus);
            }
        }
    }

    private void Put(Mbuf pdu, TimeSpan now)
    {
        int length = pdu.PacketLength;
        if (!pdu.TryPrepend(HeaderLength, out Span<byte> header))
        {
            throw new InvalidOperationException("PDUs have headroom in this program's pools, so this cannot be.");
        }

        ((ReadOnlySpan<byte>)Address).CopyTo(header);
        ((ReadOnlySpan<byte>)Address).CopyTo(header[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(header[12..], LocalExperiment);
        BinaryPrimitives.WriteUInt16BigEndian(header[14..], (ushort)length);
        bool delayed = _random.Next(100) < DelayPercent;
        Delayed += delayed ? 1 : 0;
        _air.Enqueue(pdu, (now + TimeSpan.FromMilliseconds(delayed ? _random.Next(2, DelayMilliseconds + 1) : 1), _order++));
    }

    private int Collect(List<Mbuf> pdus)
    {
        Span<Mbuf> received = new Mbuf[32];
        int count = port.ReceiveBurst(0, received);
        foreach (Mbuf frame in received[..count])
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(frame.Data[14..]);
            _ = frame.TryAdjust(HeaderLength);
            _ = frame.TryTrim(frame.PacketLength - length);
            pdus.Add(frame);
        }

        return count;
    }
}
