using Outboard.Plugins.Mana.Adapter;
using Outboard.Plugins.Mana.Gdma;
using Outboard.Plugins.Mana.Tests.Support;

namespace Outboard.Plugins.Mana.Tests.Adapter;

/// <summary>What the adapter says to right and wrong send elements (reference 1.4, 1.5, 5.4).</summary>
public sealed unsafe class SendElementTests
{
    private static readonly byte[] s_frame = Frames.Build(4, Frames.Udp, 64);

    [Fact]
    public void ASuppressedElementHasNoCompletionAndTheNextOneStandsForIt()
    {
        using RawPort port = Ready();
        for (int i = 0; i < 3; i++)
        {
            port.PostFrame(i, s_frame, TransmitOob.SuppressCompletion);
        }

        port.PostFrame(3, s_frame);
        port.Send.Work.Ring();
        byte[] entry = RawPort.TakeEntry(port.Send);
        fixed (byte* p = entry)
        {
            Assert.Equal(CompletionEntry.TransmitOkay, CompletionEntry.Type(p));
            Assert.Equal(3u, CompletionEntry.TransmitWorkOffset(p));
        }

        Assert.True(port.Send.Completions.Peek() == null);
        Assert.Equal(4, RawPort.TakeTypes(port.Receive).Count);
    }

    [Fact]
    public void AFailedElementHasItsOwnCompletionEvenSuppressed()
    {
        using RawPort port = Ready();
        port.PostFrame(0, s_frame, TransmitOob.SuppressCompletion);
        port.PostFrame(1, s_frame.AsSpan(0, 10), TransmitOob.SuppressCompletion);
        port.PostFrame(2, s_frame);
        port.Send.Work.Ring();
        Assert.Equal([34u, 32u], RawPort.TakeTypes(port.Send));
        Assert.Equal(2, RawPort.TakeTypes(port.Receive).Count);
    }

    [Fact]
    public void AnAddressOutsideTheRegionDisablesTheQueue()
    {
        using RawPort port = Ready();
        ulong end = port.Address(RawPort.BufferCount);
        port.PostSend(0, (end - 32, port.Key.Key, 64u));
        port.PostFrame(1, s_frame);
        port.Send.Work.Ring();
        Assert.Equal([CompletionEntry.TransmitGdmaError], RawPort.TakeTypes(port.Send));
        port.PostFrame(2, s_frame);
        port.Send.Work.Ring();
        Assert.Empty(RawPort.TakeTypes(port.Send));
        Assert.Empty(RawPort.TakeTypes(port.Receive));
        Assert.Equal(1ul, Counter(port, 26));
        Assert.NotEqual(0ul, port.Adapter.Lint.Keys);
    }

    [Fact]
    public void AKeyOfAnotherProtectionDomainIsRefused()
    {
        using RawPort port = Ready();
        (ulong domain, _) = port.Device.Gdma.CreateProtectionDomain();
        using var block = new DmaBlock(port.Adapter, 4096);
        ulong region = port.Device.Gdma.CreateDmaRegion(block.Address, 4096);
        MemoryKey key = port.Device.Gdma.CreateMemoryRegion(domain, region, block.Address, 4096);
        port.PostSend(0, (block.Address, key.Key, 64u));
        port.Send.Work.Ring();
        Assert.Equal([CompletionEntry.TransmitGdmaError], RawPort.TakeTypes(port.Send));
        port.Device.DestroyKey(key);
        port.Device.Gdma.DestroyProtectionDomain(domain);
    }

    [Theory]
    [InlineData(0x0505)]
    [InlineData(0x0201)]
    [InlineData(0x0200)]
    public void AnElementThatNoDriverMayWriteDisablesTheQueue(int countAndControl)
    {
        using RawPort port = Ready();
        port.PostFrame(0, s_frame);
        ulong* element = (ulong*)port.Send.Work.At(0);
        byte count = (byte)(countAndControl & 0xFF);
        byte control = (byte)(countAndControl >> 8);

        // OOB code 5; one segment left as it is but with a code for 32 bytes of OOB that was not announced; no segment.
        element[0] = ((ulong)(control == 5 ? 1 : count) << 32) | ((ulong)(control == 5 ? 5 : count == 1 ? 7 : 2) << 40);
        port.Send.Work.Ring();
        Assert.Equal([CompletionEntry.TransmitGdmaError], RawPort.TakeTypes(port.Send));
        Assert.NotEqual(0ul, port.Adapter.Lint.WorkElements);
    }

    [Fact]
    public void AWrongCompletionQueueOrFrameOrReservedFieldIsAnInvalidOob()
    {
        using RawPort port = Ready();
        port.PostFrame(0, s_frame, 1ul << 20);
        port.PostFrame(1, s_frame, 1ul << 42);
        port.PostFrame(2, s_frame, 2);
        s_frame.CopyTo(port.Buffer(3));
        port.PostSend(1, (port.Address(3), port.Key.Key, (uint)s_frame.Length));
        port.Send.Work.Ring();
        Assert.Equal([35u, 35u, 35u, 35u], RawPort.TakeTypes(port.Send));
        Assert.Equal(4ul, Counter(port, 18));
    }

    [Fact]
    public void AWrongVportOffsetIsOutOfRange()
    {
        using RawPort port = Ready();
        port.PostFrame(0, s_frame, 0x80ul << 56);
        port.Send.Work.Ring();
        Assert.Equal([39u], RawPort.TakeTypes(port.Send));
        Assert.Equal(1ul, Counter(port, 11));
    }

    [Fact]
    public void ASegmentSizeIsRefusedBecauseThisAdapterSegmentsNothing()
    {
        using RawPort port = Ready();
        port.PostFrame(0, s_frame);
        *(ulong*)port.Send.Work.At(0) |= 1400ul << 48;
        port.Send.Work.Ring();
        Assert.Equal([35u], RawPort.TakeTypes(port.Send));
    }

    [Fact]
    public void FramesBeyondTheMtuAreDroppedAndATagMayBeOnTop()
    {
        using RawPort port = Ready(new AdapterOptions { AdapterMtu = 1514 });
        byte[] frame = new byte[1600];
        frame[12] = 0x08;
        Send(port, frame.AsSpan(0, 1514));
        Send(port, frame.AsSpan(0, 1515));
        Send(port, frame.AsSpan(0, 13));
        frame[12] = 0x81;
        frame[13] = 0x00;
        Send(port, frame.AsSpan(0, 1518));
        Send(port, frame.AsSpan(0, 1519));
        Assert.Equal([32u, 34u, 34u, 32u, 34u], RawPort.TakeTypes(port.Send));
        Assert.Equal(3ul, Counter(port, 17));
    }

    [Fact]
    public void AChecksumRequestMustFitTheFrame()
    {
        using RawPort port = Ready();
        ulong ip4 = TransmitOob.OuterIPv4;
        port.PostFrame(0, s_frame, TransmitOob.IPChecksum);
        port.PostFrame(1, s_frame, TransmitOob.IPChecksum | ip4 | TransmitOob.OuterIPv6);
        port.PostFrame(2, Frames.Build(6, Frames.Udp, 9), TransmitOob.IPChecksum | ip4);
        port.PostFrame(3, s_frame, TransmitOob.UdpChecksum | ip4 | TransmitOob.L4Offset(1000));
        port.PostFrame(4, s_frame, TransmitOob.UdpChecksum | ip4 | TransmitOob.L4Offset(10));
        port.PostFrame(5, s_frame, TransmitOob.UdpChecksum | TransmitOob.TcpChecksum | ip4 | TransmitOob.L4Offset(34));
        port.PostFrame(6, s_frame, TransmitOob.UdpChecksum | ip4 | TransmitOob.L4Offset(34));
        port.Send.Work.Ring();
        Assert.Equal([35u, 35u, 37u, 37u, 37u, 37u, 32u], RawPort.TakeTypes(port.Send));
    }

    [Fact]
    public void SegmentsAreJoinedWhereverTheListWraps()
    {
        // Elements of 31 segments are 16 units in a ring of 128, shifted by one so that lists cross its end.
        using RawPort port = Ready();
        Send(port, s_frame);
        RawPort.TakeTypes(port.Send);
        RawPort.TakeTypes(port.Receive);
        byte[] frame = Frames.Build(4, Frames.Udp, 1400, seed: 5);
        var segments = new (ulong, uint, uint)[31];
        for (int round = 0; round < 40; round++)
        {
            port.PostReceive(200);
            port.Receive.Work.Ring();
            int used = 0;
            for (int i = 0; i < segments.Length; i++)
            {
                int length = i == 30 ? frame.Length - used : 40 + (i % 3);
                frame.AsSpan(used, length).CopyTo(port.Buffer(i));
                segments[i] = (port.Address(i), port.Key.Key, (uint)length);
                used += length;
            }

            port.PostSend(0, segments);
            port.Send.Work.Ring();
            Assert.Equal([32u], RawPort.TakeTypes(port.Send));
            port.Send.Work.Complete(16);
            byte[] entry = RawPort.TakeEntry(port.Receive);
            Assert.Equal(frame.Length, BitConverter.ToUInt16(entry, 8));
        }

        Assert.Equal(0ul, port.Adapter.Lint.WorkElements);
    }

    [Fact]
    public void ATagIsInsertedOnRequest()
    {
        using RawPort port = Ready();
        s_frame.CopyTo(port.Buffer(0));
        port.PostSendLong(
            0,
            TransmitOob.LongFields(port.Device.VportOffset, injectVlan: true, 0xA064),
            (port.Address(0), port.Key.Key, (uint)s_frame.Length));
        port.Send.Work.Ring();
        Assert.Equal([32u], RawPort.TakeTypes(port.Send));
        byte[] expected = [.. s_frame[..12], 0x81, 0x00, 0xA0, 0x64, .. s_frame[12..]];
        Assert.Equal(expected, port.Buffer(256)[..expected.Length].ToArray());
        Assert.Equal(s_frame, port.Buffer(0)[..s_frame.Length].ToArray());
    }

    [Fact]
    public void AnEnforcingVportRefusesForeignSourcesAndEtherTypes()
    {
        using RawPort port = Ready(new AdapterOptions { MacAddress = 0x0200_0000_0002, Enforce = true });
        byte[] own = s_frame.ToArray();
        byte[] foreign = s_frame.ToArray();
        foreign[11] = 0x99;
        byte[] lldp = s_frame.ToArray();
        (lldp[12], lldp[13]) = (0x88, 0xCC);
        Send(port, own);
        Send(port, foreign);
        Send(port, lldp);
        Assert.Equal([32u, 33u, 36u], RawPort.TakeTypes(port.Send));

        // The frame that got through is for another station, and an enforcing vport takes only its own.
        Assert.Empty(RawPort.TakeTypes(port.Receive));
        own.AsSpan(0, 6).Fill(0xFF);
        Send(port, own);
        Assert.Single(RawPort.TakeTypes(port.Receive));
    }

    [Fact]
    public void DoorbellsThatMakeNoSenseAreCountedAndDoNothing()
    {
        using RawPort port = Ready();
        ulong before = port.Adapter.Lint.Doorbells;
        uint id = port.Send.Object.WorkQueueId;
        uint page = port.Device.DoorbellPage;
        port.Adapter.RingDoorbell(page, 0x000, id | (33ul << 32));
        port.Adapter.RingDoorbell(page, 0x000, id | (8192ul << 32));
        port.Adapter.RingDoorbell(page + 1, 0x000, id | (32ul << 32));
        port.Adapter.RingDoorbell(page, 0x000, 0xFFFFFF | (32ul << 32));
        port.Adapter.RingDoorbell(page, 0x400, port.Receive.Object.WorkQueueId | (1ul << 24) | (32ul << 32));
        port.Adapter.RingDoorbell(page, 0x123, 0);
        port.Adapter.RingDoorbell(page, 0x800, 0xFFFFFF);
        port.Adapter.RingDoorbell(page, 0xFF8, 0xFFFF);
        Assert.Equal(before + 8, port.Adapter.Lint.Doorbells);
    }

    private static RawPort Ready(AdapterOptions? options = null)
    {
        var port = new RawPort(options: options);
        for (int i = 0; i < 64; i++)
        {
            port.PostReceive(256 + i);
        }

        port.Receive.Work.Ring();
        return port;
    }

    private static void Send(RawPort port, ReadOnlySpan<byte> frame)
    {
        port.PostFrame(0, frame);
        port.Send.Work.Ring();
    }

    private static ulong Counter(RawPort port, int index)
    {
        ulong[] counters = new ulong[EthernetRequests.CounterCount];
        port.Device.Ethernet.QueryStatistics(counters);
        return counters[index];
    }
}
