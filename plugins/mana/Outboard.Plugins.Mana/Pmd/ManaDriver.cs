using Outboard.Devices;
using Outboard.Ethernet;
using Outboard.Ethernet.Driver;
using Outboard.Plugins.Mana.Bus;
using Outboard.Plugins.Mana.Gdma;
using Outboard.Plugins.Mana.Wires;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Pmd;

/// <summary>The poll mode driver: a port on a MANA adapter behind a bus.</summary>
/// <remarks>
/// Opening brings the function up as far as the vport; queues are the adapter's from the start of each to its stop.
/// Frames are steered as soon as every queue that is to start with the port has started, and again at each change.
/// </remarks>
internal sealed class ManaDriver : EthernetDriver, IInterruptSink
{
    public const string DriverName = "net_mana";
    public const int RssKeyLength = 40;

    private const int QueueMax = 64;
    private const int DescriptorMin = 64;
    private const int DescriptorMax = 8192;
    private const RssHashTypes AllHashTypes = RssHashTypes.All;

    private readonly string _name;
    private readonly IWire? _wire;
    private readonly bool _coalesce;
    private readonly ulong[] _counters = new ulong[EthernetRequests.CounterCount];
    private ManaReceiveQueue?[] _receive = [];
    private ManaTransmitQueue?[] _transmit = [];
    private ReceiveOffloads _receiveOffloads;
    private TransmitOffloads _transmitOffloads;
    private bool _receiveInterrupts;
    private byte[] _rssKey = DefaultRssKey.ToArray();
    private RssHashTypes _rssTypes;
    private ushort[] _reta = [];
    private GdmaQueuePair? _sink;
    private int _linkChanges;
    private int _mtu;
    private bool _steering;

    /// <summary>Brings the port up.</summary>
    /// <param name="context">Name and arguments.</param>
    /// <param name="bus">Way to the adapter; owned from here on.</param>
    /// <param name="wire">The wire behind a software adapter, for reports; null where there is none to ask.</param>
    /// <param name="kernels">Kernels of a software adapter.</param>
    /// <param name="coalesce">Whether the adapter may put up to four frames in a completion.</param>
    public ManaDriver(
        DriverContext context, AdapterBus bus, IWire? wire, IReadOnlyList<KernelChoice> kernels, bool coalesce)
    {
        _name = context.DeviceName;
        _wire = wire;
        _coalesce = coalesce;
        Bus = bus;
        Gdma = new GdmaDevice(bus);
        Pools = new PoolKeys(Gdma);
        PortNumber = DeviceSpecifier.Parse(context.DeviceName).Index;
        int mtuMax = MtuRules.MaxFor(Gdma.Config.AdapterMtu);
        SetFrameMax(Math.Min(MtuRules.MtuDefault, mtuMax));
        Info = new EthernetDeviceInfo
        {
            Name = context.DeviceName,
            Driver = context.DriverName,
            Backend = wire is null ? "MANA adapter" : $"software MANA adapter, wire {wire.Name}",
            Kernels = kernels,
            QueuePairMax = Math.Min(QueueMax, Math.Min(Gdma.Vport.SendQueueMax, Gdma.Vport.ReceiveQueueMax)),
            DescriptorMin = DescriptorMin,
            DescriptorMax = DescriptorMax,
            MacAddress = ToAddress(Gdma.Vport.MacAddress),
            MtuMin = MtuRules.MtuMin,
            MtuMax = mtuMax,
            TransmitSegmentsMax = WorkRequest.SendSegmentMaxLong,
            ReceiveOffloads = ReceiveOffloads.Ipv4Checksum | ReceiveOffloads.UdpChecksum
                | ReceiveOffloads.TcpChecksum | ReceiveOffloads.RssHash,
            TransmitOffloads = TransmitOffloads.VlanInsert | TransmitOffloads.Ipv4Checksum
                | TransmitOffloads.UdpChecksum | TransmitOffloads.TcpChecksum | TransmitOffloads.MultiSegment,
            RssHashTypes = AllHashTypes,
            RssKeyLength = RssKeyLength,
            RetaLength = Gdma.Vport.IndirectionEntries,
            Capabilities = EthernetCapabilities.RuntimeQueueState | EthernetCapabilities.LiveRssUpdate
                | EthernetCapabilities.LiveRetaUpdate | EthernetCapabilities.ReceiveInterrupts
                | EthernetCapabilities.LiveMtu | EthernetCapabilities.DescriptorStatus
                | EthernetCapabilities.TransmitCleanup,
            FirmwareVersion = Gdma.FirmwareVersion,
        };
        bus.ConnectVector(0, this);
    }

    /// <summary>
    /// The port's own key: that of the verification suite in Microsoft's RSS documentation, so that runs can be
    /// repeated
    /// and hashes looked up.
    /// </summary>
    public static ReadOnlySpan<byte> DefaultRssKey =>
    [
        0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0,
        0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c,
        0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
    ];

    public override EthernetDeviceInfo Info { get; }

    public AdapterBus Bus { get; }

    public GdmaDevice Gdma { get; }

    public PoolKeys Pools { get; }

    /// <summary>What received mbufs carry as their port: the instance's number.</summary>
    public int PortNumber { get; }

    /// <summary>Longest frame to send at the MTU in force, one VLAN tag included.</summary>
    public int FrameMax { get; private set; }

    public override void Configure(EthernetConfiguration configuration)
    {
        int mtu = configuration.Mtu == 0 ? Math.Min(MtuRules.MtuDefault, Info.MtuMax) : configuration.Mtu;
        Pools.Clear();
        _receive = new ManaReceiveQueue?[configuration.ReceiveQueueCount];
        _transmit = new ManaTransmitQueue?[configuration.TransmitQueueCount];
        _receiveOffloads = configuration.ReceiveOffloads;
        _transmitOffloads = configuration.TransmitOffloads;
        _receiveInterrupts = configuration.ReceiveInterrupts;
        _rssTypes = configuration.Rss.HashTypes;
        if (!configuration.Rss.Key.IsEmpty)
        {
            _rssKey = configuration.Rss.Key.ToArray();
        }

        _reta = new ushort[Info.RetaLength];
        for (int i = 0; i < _reta.Length; i++)
        {
            _reta[i] = (ushort)(i % configuration.ReceiveQueueCount);
        }

        SetFrameMax(mtu);
    }

    public override ReceiveQueue CreateReceiveQueue(int index, ReceiveQueueOptions options)
    {
        int room = options.Pool.DataRoomSize - options.Pool.Headroom;
        if (MtuRules.Misfit(_mtu, room) is { } misfit)
        {
            throw new ArgumentException($"{_name}: receive queue {index}: {misfit}");
        }

        return Guard(() => _receive[index] =
            new ManaReceiveQueue(this, index, options, _receiveOffloads, _receiveInterrupts));
    }

    public override TransmitQueue CreateTransmitQueue(int index, TransmitQueueOptions options) =>
        _transmit[index] = new ManaTransmitQueue(this, index, options, _transmitOffloads);

    public override void Start()
    {
        // Frames for a queue that is stopped go to one without buffers, which drops and counts them.
        Guard(() => _sink = Gdma.CreateQueue(GdmaQueueType.Receive, 0, 0));
        _steering = false;
    }

    public override void Stop()
    {
        _steering = false;
        SteerOff();
        _sink?.Dispose();
        _sink = null;
    }

    public override void StartReceiveQueue(int index)
    {
        Guard(() =>
        {
            _receive[index]!.Start();
            _steering = _steering || Array.TrueForAll(_receive, queue => queue!.IsRunning || queue.IsDeferred);
            Steer();
            return 0;
        });
    }

    public override void StopReceiveQueue(int index)
    {
        ManaReceiveQueue queue = _receive[index]!;
        if (!queue.IsRunning)
        {
            return;
        }

        try
        {
            Steer(without: queue);
        }
        catch (GdmaException)
        {
            // An adapter that is gone steers nothing; the queue still has to give its buffers back.
        }

        queue.Stop();
    }

    public override void StartTransmitQueue(int index)
    {
        Guard(() =>
        {
            _transmit[index]!.Start();
            return 0;
        });
    }

    public override void StopTransmitQueue(int index) => _transmit[index]!.Stop();

    public override EthernetLink ReadLink()
    {
        ServiceEvents();
        bool gone = Bus.ReadRegister32(Registers.Version) == Registers.Gone;
        return new EthernetLink(!gone && Gdma.Channel.IsLinkUp, (uint)Gdma.Config.LinkSpeedMbps, true);
    }

    public override void SetMtu(int mtu)
    {
        foreach (ManaReceiveQueue? queue in _receive)
        {
            if (queue is not null && MtuRules.Misfit(mtu, queue.Room) is { } misfit)
            {
                throw new ArgumentException($"{_name}: receive queue {queue.Index}: {misfit}", nameof(mtu));
            }
        }

        SetFrameMax(mtu);
    }

    public override void SetRss(RssConfiguration rss)
    {
        _rssTypes = rss.HashTypes;
        if (!rss.Key.IsEmpty)
        {
            _rssKey = rss.Key.ToArray();
        }

        SteerIfRunning();
    }

    public override RssConfiguration ReadRss() => new(_rssTypes, _rssKey.ToArray());

    public override void SetReta(ReadOnlySpan<ushort> queues)
    {
        queues.CopyTo(_reta);
        SteerIfRunning();
    }

    public override void ReadReta(Span<ushort> queues) => _reta.CopyTo(queues);

    public override IReadOnlyList<ExtendedStatistic> ReadExtendedStatistics() =>
        ManaStatistics.Read(this, _receive, _transmit, _wire);

    /// <summary>
    /// The hardware counters as the adapter gives them now; those of the last answer when it is gone.
    /// </summary>
    public ReadOnlySpan<ulong> ReadCounters()
    {
        lock (_counters)
        {
            try
            {
                Gdma.Ethernet.QueryStatistics(_counters);
            }
            catch (Exception e) when (e is GdmaException or ObjectDisposedException)
            {
                // What was counted before stays true.
            }

            return _counters.ToArray();
        }
    }

    /// <summary>Frames that found no buffer, over the whole vport.</summary>
    public ulong ReadMissed() => ReadCounters()[0];

    /// <summary>Tells the application that the adapter has disabled a transmit queue.</summary>
    public void ReportFailure(ManaTransmitQueue queue) => Report(new EthernetEventArgs(
        EthernetEvent.ResetRequested,
        $"the adapter disabled transmit queue {queue.Index}: completion type {queue.LastErrorType}, vendor error "
            + $"0x{queue.LastVendorError:x}; stop and start the queue",
        queue.Index));

    public void Forget(ManaReceiveQueue queue)
    {
        if (queue.Index < _receive.Length && _receive[queue.Index] == queue)
        {
            _receive[queue.Index] = null;
        }
    }

    public void Forget(ManaTransmitQueue queue)
    {
        if (queue.Index < _transmit.Length && _transmit[queue.Index] == queue)
        {
            _transmit[queue.Index] = null;
        }
    }

    /// <summary>The channel's interrupt. A request under way takes its events in itself.</summary>
    void IInterruptSink.Raise()
    {
        if (!Gdma.Channel.IsBusy)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static driver => driver.ServiceEvents(), this, preferLocal: false);
        }
    }

    protected override void Dispose(bool disposing)
    {
        Bus.ConnectVector(0, null);
        _sink?.Dispose();
        Pools.Clear();
        Gdma.Dispose();
        Bus.Dispose();
    }

    private static MacAddress ToAddress(ulong mac)
    {
        var address = default(MacAddress);
        for (int i = 0; i < MacAddress.Length; i++)
        {
            address[i] = (byte)(mac >> (8 * i));
        }

        return address;
    }

    private void ServiceEvents()
    {
        Gdma.Channel.ServiceEvents();
        int changes = Gdma.Channel.LinkChangeCount;
        if (Interlocked.Exchange(ref _linkChanges, changes) != changes)
        {
            bool up = Gdma.Channel.IsLinkUp;
            string reason = _wire?.Fault ?? (_wire is { IsExhausted: true } && !up
                ? "the wire has no more frames"
                : "the adapter says so");
            Report(new EthernetEventArgs(EthernetEvent.LinkChanged, $"link {(up ? "up" : "down")}: {reason}"));
        }
    }

    private void SetFrameMax(int mtu)
    {
        _mtu = mtu;
        FrameMax = MtuRules.FrameMax(mtu);
    }

    private void SteerIfRunning()
    {
        if (_steering)
        {
            Guard(() =>
            {
                Steer();
                return 0;
            });
        }
    }

    private void SteerOff()
    {
        try
        {
            Gdma.Ethernet.ConfigureReceive(Gdma.Vport.Handle, new ReceiveSteering());
        }
        catch (GdmaException)
        {
            // An adapter that is gone steers nothing.
        }
    }

    /// <summary>Tells the adapter where frames go: the whole state, so that order of changes does not matter.</summary>
    private void Steer(ManaReceiveQueue? without = null)
    {
        if (!_steering || _sink is null)
        {
            return;
        }

        Span<ulong> table = stackalloc ulong[_reta.Length];
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = HandleOf(_reta[i], without);
        }

        Gdma.Ethernet.ConfigureReceive(Gdma.Vport.Handle, new ReceiveSteering
        {
            ReceiveEnabled = true,
            RssEnabled = _rssTypes != RssHashTypes.None,
            DefaultObject = HandleOf(0, without),
            Key = _rssKey,
            Table = table,
            HashTypes = (uint)_rssTypes,
            Coalesce = _coalesce,
        });
    }

    private ulong HandleOf(int index, ManaReceiveQueue? without)
    {
        ManaReceiveQueue? queue = _receive[index];
        return queue is { IsRunning: true } && queue != without ? queue.Handle : _sink!.Object.Handle;
    }

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (GdmaException e)
        {
            throw new DeviceException(_name, e.Message, e);
        }
    }
}
