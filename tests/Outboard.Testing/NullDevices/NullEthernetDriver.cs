using Outboard.Ethernet;
using Outboard.Ethernet.Driver;
using Outboard.Mbufs;
using Outboard.Plugins;

namespace Outboard.Testing.NullDevices;

/// <summary>A port whose queues hand what is transmitted on one straight to the receiver of the same number.</summary>
internal sealed class NullEthernetDriver(DriverContext context) : EthernetDriver
{
    private readonly Dictionary<int, Wire> _wires = [];
    private int _started;

    public override EthernetDeviceInfo Info { get; } = new()
    {
        Name = context.DeviceName,
        Driver = context.DriverName,
        Backend = "null",
        Kernels = NullPlugin.Kernels,
        QueuePairMax = 4,
        DescriptorMin = 16,
        DescriptorMax = 4096,
        MacAddress = MacAddress.Parse("02:00:00:00:00:07"),
        MtuMin = 68,
        MtuMax = 9000,
        TransmitSegmentsMax = 8,
        ReceiveOffloads = ReceiveOffloads.None,
        TransmitOffloads = TransmitOffloads.MultiSegment,
        RssHashTypes = RssHashTypes.None,
        RssKeyLength = 0,
        RetaLength = 0,
        Capabilities = EthernetCapabilities.RuntimeQueueState | EthernetCapabilities.LiveMtu,
    };

    public override void Configure(EthernetConfiguration configuration) => _wires.Clear();

    public override ReceiveQueue CreateReceiveQueue(int index, ReceiveQueueOptions options) => new Receiver(GetWire(index));

    public override TransmitQueue CreateTransmitQueue(int index, TransmitQueueOptions options) => new Transmitter(GetWire(index));

    public override void Start() => _started = 1;

    public override void Stop() => _started = 0;

    public override void StartReceiveQueue(int index)
    {
    }

    public override void StopReceiveQueue(int index) => GetWire(index).Clear();

    public override void StartTransmitQueue(int index)
    {
    }

    public override void StopTransmitQueue(int index)
    {
    }

    public override EthernetLink ReadLink() => new(_started != 0, 100_000, true);

    public override void SetMtu(int mtu)
    {
    }

    private Wire GetWire(int index)
    {
        if (!_wires.TryGetValue(index, out Wire? wire))
        {
            _wires[index] = wire = new Wire();
        }

        return wire;
    }

    /// <summary>A ring of frames on their way; its sender and its receiver are one thread.</summary>
    private sealed class Wire
    {
        private readonly Mbuf[] _ring = new Mbuf[64];
        private uint _head;
        private uint _tail;

        public ulong Missed { get; private set; }

        public int Count => (int)(_head - _tail);

        public bool TryAdd(Mbuf mbuf)
        {
            if (Count == _ring.Length)
            {
                return false;
            }

            _ring[_head++ & (uint)(_ring.Length - 1)] = mbuf;
            return true;
        }

        public bool TryTake(out Mbuf mbuf)
        {
            mbuf = default;
            if (Count == 0)
            {
                return false;
            }

            mbuf = _ring[_tail++ & (uint)(_ring.Length - 1)];
            return true;
        }

        public void Clear()
        {
            while (TryTake(out Mbuf mbuf))
            {
                mbuf.Free();
                Missed++;
            }
        }
    }

    private sealed class Receiver(Wire wire) : ReceiveQueue
    {
        private ulong _packets;
        private ulong _bytes;

        public override EthernetStatistics Statistics => new(_packets, 0, _bytes, 0, wire.Missed, 0, 0, 0);

        public override int PendingCount => wire.Count;

        public override int ReceiveBurst(Span<Mbuf> mbufs)
        {
            int count = 0;
            while (count < mbufs.Length && wire.TryTake(out mbufs[count]))
            {
                _bytes += (uint)mbufs[count++].PacketLength;
            }

            _packets += (uint)count;
            return count;
        }

        protected override void Dispose(bool disposing) => wire.Clear();
    }

    private sealed class Transmitter(Wire wire) : TransmitQueue
    {
        private ulong _packets;
        private ulong _bytes;

        public override EthernetStatistics Statistics => new(0, _packets, 0, _bytes, 0, 0, 0, 0);

        public override int PendingCount => 0;

        public override int TransmitBurst(ReadOnlySpan<Mbuf> mbufs)
        {
            int count = 0;
            while (count < mbufs.Length && wire.TryAdd(mbufs[count]))
            {
                _bytes += (uint)mbufs[count++].PacketLength;
            }

            _packets += (uint)count;
            return count;
        }

        public override int Prepare(ReadOnlySpan<Mbuf> mbufs)
        {
            int count = 0;
            const MbufOffloadFlags Refused = MbufOffloadFlags.TransmitUdpSegmentation
                | MbufOffloadFlags.TransmitTcpSegmentation | MbufOffloadFlags.TransmitL4Mask | MbufOffloadFlags.TransmitIPChecksum;
            while (count < mbufs.Length && (mbufs[count].OffloadFlags & Refused) == 0)
            {
                count++;
            }

            return count;
        }
    }
}
