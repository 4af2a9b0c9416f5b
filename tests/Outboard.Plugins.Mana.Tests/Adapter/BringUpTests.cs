using Outboard.Plugins.Mana.Adapter;
using Outboard.Plugins.Mana.Bus;
using Outboard.Plugins.Mana.Gdma;
using Outboard.Plugins.Mana.Tests.Support;
using Outboard.Plugins.Mana.Wires;

namespace Outboard.Plugins.Mana.Tests.Adapter;

public sealed unsafe class BringUpTests
{
    [Fact]
    public void TheFunctionComesUpAndSaysWhatItIs()
    {
        using var adapter = new SoftwareAdapter(
            new AdapterOptions
            {
                MacAddress = 0x0605_0403_0201,
                AdapterMtu = 4014,
                IndirectionEntries = 64,
                QueueMax = 8,
            },
            new LoopWire());
        using var device = new GdmaDevice(adapter);
        Assert.Equal("1.0.0", device.FirmwareVersion);
        Assert.Equal(0x0605_0403_0201ul, device.Vport.MacAddress);
        Assert.Equal(4014, device.Config.AdapterMtu);
        Assert.Equal(200_000, device.Config.LinkSpeedMbps);
        Assert.Equal(64, device.Vport.IndirectionEntries);
        Assert.Equal(8, device.Vport.SendQueueMax);
        Assert.Equal(8u, device.Limits.EventQueues);
        Assert.True(device.IsShortFormAllowed);
        Assert.Equal(0ul, adapter.Lint.Doorbells + adapter.Lint.WorkElements + adapter.Lint.Keys);
    }

    [Fact]
    public void ItComesUpAgainAfterItWentDown()
    {
        using var adapter = new SoftwareAdapter(new AdapterOptions(), new LoopWire());
        for (int i = 0; i < 5; i++)
        {
            using var device = new GdmaDevice(adapter);
            Assert.True(device.Channel.IsLinkUp);
        }
    }

    [Fact]
    public void AChannelThatAnEarlierDriverLeftBehindIsReset()
    {
        using var adapter = new SoftwareAdapter(new AdapterOptions(), new LoopWire());
        var lost = new GdmaDevice(adapter);
        using var device = new GdmaDevice(adapter);
        Assert.Equal(1, device.Config.VportMax);
        GC.KeepAlive(lost);
    }

    [Fact]
    public void ARemovedAdapterIsNamedAsSuch()
    {
        using var adapter = new SoftwareAdapter(new AdapterOptions(), new LoopWire());
        adapter.Remove();
        Assert.Equal(0xFFFFFFFFu, adapter.ReadRegister32(0));
        Assert.Equal(ulong.MaxValue, adapter.ReadRegister64(8));
        Assert.Contains(
            "gone",
            Assert.Throws<GdmaException>(() => new GdmaDevice(adapter)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ARequestToAnAdapterThatWasRemovedFailsAtOnce()
    {
        using var adapter = new SoftwareAdapter(new AdapterOptions(), new LoopWire());
        using var device = new GdmaDevice(adapter);
        adapter.Remove();
        Assert.Contains(
            "gone",
            Assert.Throws<GdmaException>(() => device.Gdma.QueryMaxResources()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownRequestIsUnsupported()
    {
        using var adapter = new SoftwareAdapter(new AdapterOptions(), new LoopWire());
        using var device = new GdmaDevice(adapter);
        GdmaException refused = Assert.Throws<GdmaException>(() => device.Channel.Request(
            (RequestCode)999, DeviceId.HardwareChannel, new byte[40], new byte[32]));
        Assert.Equal(0xFFFFFFFFu, refused.Status);
    }

    [Fact]
    public void ARequestOfTheWrongSizeOrToTheWrongDeviceIsRefused()
    {
        using var adapter = new SoftwareAdapter(new AdapterOptions(), new LoopWire());
        using var device = new GdmaDevice(adapter);
        Assert.Equal(0x1001u, Assert.Throws<GdmaException>(() => device.Channel.Request(
            RequestCode.CreateMemoryRegion, DeviceId.HardwareChannel, new byte[80], new byte[48])).Status);
        Assert.Equal(0x1002u, Assert.Throws<GdmaException>(() => device.Channel.Request(
            RequestCode.QueryVportConfig, DeviceId.HardwareChannel, new byte[44], new byte[64])).Status);
    }

    [Fact]
    public void HandlesOfNobodyAreRefused()
    {
        using var adapter = new SoftwareAdapter(new AdapterOptions(), new LoopWire());
        using var device = new GdmaDevice(adapter);
        Assert.Throws<GdmaException>(() => device.Gdma.DestroyDmaRegion(1));
        Assert.Throws<GdmaException>(() => device.Gdma.DestroyMemoryRegion(1));
        Assert.Throws<GdmaException>(() => device.Gdma.DestroyProtectionDomain(1));
        Assert.Throws<GdmaException>(() => device.Ethernet.DestroyWorkQueue(GdmaQueueType.Send, 1));
        Assert.Throws<GdmaException>(() => device.Ethernet.FenceReceiveQueue(1));
        Assert.Throws<GdmaException>(() => device.Gdma.FreeDoorbellPage(60));
        Assert.Throws<GdmaException>(() => device.Ethernet.QueryVportConfig(1));
    }

    [Fact]
    public void AVportHasOneOwner()
    {
        using var adapter = new SoftwareAdapter(new AdapterOptions(), new LoopWire());
        using var device = new GdmaDevice(adapter);
        (_, uint other) = device.Gdma.CreateProtectionDomain();
        Assert.Equal(
            0x1006u,
            Assert.Throws<GdmaException>(() =>
                device.Ethernet.ConfigureTransmit(device.Vport.Handle, other, device.DoorbellPage)).Status);
    }

    [Fact]
    public void ALargeRegionNeedsMorePagesThanOneMessageHolds()
    {
        // 4 KiB pages: 600 of them, of which the first message takes 504.
        using var adapter = new SoftwareAdapter(new AdapterOptions(), new LoopWire());
        using var device = new GdmaDevice(adapter);
        using var block = new DmaBlock(adapter, 600 * 4096);
        byte[] request = new byte[64 + (504 * 8)];
        new MessageWriter(request.AsSpan(40)).U64(600 * 4096).U32(0).U32(0).U32(600).U32(504);
        for (int i = 0; i < 504; i++)
        {
            new MessageWriter(request.AsSpan(64 + (i * 8))).U64(block.Address + (ulong)(i * 4096));
        }

        byte[] response = new byte[40];
        Assert.Equal(
            HardwareChannel.StatusMoreEntries,
            device.Channel.Request(RequestCode.CreateDmaRegion, DeviceId.HardwareChannel, request, response));
        ulong handle = BitConverter.ToUInt64(response, 32);
        byte[] add = new byte[56 + (96 * 8)];
        new MessageWriter(add.AsSpan(40)).U64(handle).U32(96).U32(0);
        for (int i = 0; i < 96; i++)
        {
            new MessageWriter(add.AsSpan(56 + (i * 8))).U64(block.Address + (ulong)((504 + i) * 4096));
        }

        Assert.Equal(
            0u, device.Channel.Request(RequestCode.AddDmaRegionPages, DeviceId.HardwareChannel, add, new byte[32]));
        device.Gdma.DestroyDmaRegion(handle);
    }

    [Fact]
    public void MemoryThatIsNotMappedCannotBeRegistered()
    {
        using var adapter = new SoftwareAdapter(new AdapterOptions(), new LoopWire());
        using var device = new GdmaDevice(adapter);
        Assert.Equal(0x1008u, Assert.Throws<GdmaException>(() => device.CreateKey(0x7000_0000_0000, 8192)).Status);
    }

    [Fact]
    public void AKeyThatWasTakenBackOpensNothing()
    {
        using var port = new RawPort();
        using var block = new DmaBlock(port.Adapter, 4096);
        MemoryKey key = port.Device.CreateKey(block.Address, 4096);
        port.Device.DestroyKey(key);
        port.PostSend(0, (block.Address, key.Key, 64u));
        port.Send.Work.Ring();
        Assert.Equal([CompletionEntry.TransmitGdmaError], RawPort.TakeTypes(port.Send));
    }

    [Fact]
    public void LinkEventsReachTheDriver()
    {
        using var adapter = new SoftwareAdapter(new AdapterOptions(), new LoopWire());
        using var device = new GdmaDevice(adapter);
        adapter.ReportLink(false);
        device.Channel.ServiceEvents();
        Assert.False(device.Channel.IsLinkUp);
        adapter.ReportLink(true);
        device.Channel.ServiceEvents();
        Assert.True(device.Channel.IsLinkUp);
        Assert.Equal(2, device.Channel.LinkChangeCount);
    }

    [Fact]
    public void ManyRequestsWrapEveryRingOfTheChannel()
    {
        // 64 completion entries, two a request; 128 receive elements; 256 events: eight laps of the largest and more.
        using var adapter = new SoftwareAdapter(new AdapterOptions(), new LoopWire());
        using var device = new GdmaDevice(adapter);
        for (int i = 0; i < 5000; i++)
        {
            Assert.Equal(1, device.Ethernet.QueryDeviceConfig().VportMax);
        }

        Assert.Equal(0ul, adapter.Lint.StaleCompletionQueues);
    }

    [Fact]
    public void EventQueueInterruptsWhenArmedAndOnlyThen()
    {
        using var port = new RawPort();
        using GdmaEventQueue events = port.Device.CreateEventQueue(256, vector: 5);
        var sink = new CountingSink();
        port.Adapter.ConnectVector(5, sink);
        using GdmaQueuePair queue = port.Device.CreateQueue(GdmaQueueType.Receive, 4096, 64, events.Ring.Id);
        port.Device.Ethernet.ConfigureReceive(
            port.Device.Vport.Handle,
            new ReceiveSteering { ReceiveEnabled = true, DefaultObject = queue.Object.Handle });
        for (int i = 0; i < 8; i++)
        {
            Post(queue.Work, port.Address(100 + i), port.Key.Key);
        }

        queue.Work.Ring();

        // A queue is armed from the start; one event, and then silence until it is armed again.
        byte[] frame = Frames.Build(4, Frames.Udp, 20);
        SendOne(port, frame);
        SendOne(port, frame);
        Assert.Equal(1, sink.Count);
        Assert.True(events.Ring.TryTake(out uint type, out uint data));
        Assert.Equal(EventEntry.Completion, type);
        Assert.Equal(queue.Object.CompletionQueueId, data);
        Assert.False(events.Ring.TryTake(out _, out _));

        // Armed with entries unread: the event comes at once.
        events.Ring.Ring(arm: true);
        queue.Completions.Ring(arm: true);
        Assert.Equal(2, sink.Count);
        Assert.True(events.Ring.TryTake(out _, out _));

        // Everything read and armed: silence until the next frame.
        RawPort.TakeTypes(queue);
        events.Ring.Ring(arm: true);
        queue.Completions.Ring(arm: true);
        Assert.Equal(2, sink.Count);
        SendOne(port, frame);
        Assert.Equal(3, sink.Count);
        port.Steer(true);
    }

    private static void SendOne(RawPort port, byte[] frame)
    {
        port.PostFrame(0, frame);
        port.Send.Work.Ring();
        RawPort.TakeTypes(port.Send);
    }

    private static void Post(WorkRing work, ulong address, uint key)
    {
        ulong* element = (ulong*)work.At(work.Head);
        element[0] = WorkRequest.Header(1, 8);
        element[1] = 0;
        WorkRequest.WriteSegment(work.SegmentAt(8, 0), address, key, RawPort.BufferSize);
        work.Post(1);
    }

    private sealed class CountingSink : IInterruptSink
    {
        public int Count { get; private set; }

        public void Raise() => Count++;
    }
}
