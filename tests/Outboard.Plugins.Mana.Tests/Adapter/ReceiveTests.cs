using Outboard.Plugins.Mana.Adapter;
using Outboard.Plugins.Mana.Gdma;
using Outboard.Plugins.Mana.Tests.Support;

namespace Outboard.Plugins.Mana.Tests.Adapter;

public sealed unsafe class ReceiveTests
{
    [Fact]
    public void OwnerBitsTellLapsApartOverManyLaps()
    {
        // Rings of 128 units and 128 entries: 40 laps of everything, read a few at a time.
        using var port = new RawPort();
        var random = new Random(8);
        int posted = 0, sent = 0, received = 0;
        while (received < 40 * 128)
        {
            for (int i = random.Next(1, 40); i > 0 && posted - received < 128; i--, posted++)
            {
                port.PostReceive(256 + (posted % 128));
            }

            port.Receive.Work.Ring();
            for (int i = random.Next(1, 40); i > 0 && sent < posted; i--, sent++)
            {
                byte[] frame = Frames.Build(4, Frames.Udp, 20 + (sent % 50), sent);
                port.PostFrame(sent % 64, frame);
                port.Send.Work.Ring();
                Assert.Equal([32u], RawPort.TakeTypes(port.Send));
                port.Send.Work.Complete(1);
            }

            for (int i = random.Next(1, 40); i > 0 && received < sent; i--, received++)
            {
                byte[] entry = RawPort.TakeEntry(port.Receive);
                fixed (byte* p = entry)
                {
                    Assert.Equal(CompletionEntry.ReceiveOkay, CompletionEntry.Type(p));
                    Assert.Equal((uint)received & 0x7FFFFFF, CompletionEntry.ReceiveWorkOffset(p));
                }

                byte[] expected = Frames.Build(4, Frames.Udp, 20 + (received % 50), received);
                Assert.Equal(expected, port.Buffer(256 + (received % 128))[..expected.Length].ToArray());
                port.Receive.Work.Complete(1);
            }

            port.Receive.Completions.RingIfStale();
            port.Send.Completions.RingIfStale();
        }

        Assert.False(port.Receive.Completions.IsCorrupt);
        Assert.Equal(0ul, port.Adapter.Lint.StaleCompletionQueues);
    }

    [Fact]
    public void AQueueThatIsNeverRungIsNamedStale()
    {
        using var port = new RawPort();
        for (int i = 0; i < 128 * 9; i++)
        {
            port.PostReceive(256);
            port.Receive.Work.Ring();
            port.PostFrame(0, Frames.Build(4, Frames.Udp, 20));
            port.Send.Work.Ring();
            port.Send.Work.Complete(1);
            port.Receive.Work.Complete(1);
            RawPort.TakeTypes(port.Send);
            RawPort.TakeTypes(port.Receive);
            port.Send.Completions.RingIfStale();
        }

        Assert.NotEqual(0ul, port.Adapter.Lint.StaleCompletionQueues);
    }

    [Fact]
    public void AnOwnerOutOfLineStopsTheQueue()
    {
        using var port = new RawPort();
        port.PostReceive(256);
        port.Receive.Work.Ring();
        port.PostFrame(0, Frames.Build(4, Frames.Udp, 20));
        port.Send.Work.Ring();
        byte* entry = port.Receive.Completions.Peek();
        *(uint*)(entry + 60) = (*(uint*)(entry + 60) & 0x1FFFFFFF) | (5u << 29);
        Assert.True(port.Receive.Completions.Peek() == null);
        Assert.True(port.Receive.Completions.IsCorrupt);
    }

    [Fact]
    public void AFrameWithoutABufferIsLostAndCounted()
    {
        using var port = new RawPort();
        port.PostFrame(0, Frames.Build(4, Frames.Udp, 20));
        port.Send.Work.Ring();
        Assert.Equal(1ul, Counters(port)[0]);
    }

    [Fact]
    public void AFrameLongerThanItsBufferIsTruncatedWithItsLength()
    {
        using var port = new RawPort();
        port.Buffer(256).Fill(0xEE);
        port.PostReceive(256, 64);
        port.Receive.Work.Ring();
        byte[] frame = Frames.Build(4, Frames.Udp, 200);
        port.PostFrame(0, frame);
        port.Send.Work.Ring();
        byte[] entry = RawPort.TakeEntry(port.Receive);
        Assert.Equal(CompletionEntry.ReceiveTruncated, entry[0] & 0x3Fu);
        Assert.Equal(frame.Length, BitConverter.ToUInt16(entry, 8));
        Assert.Equal(frame[..64], port.Buffer(256)[..64].ToArray());
        Assert.Equal(0xEE, port.Buffer(256)[64]);
    }

    [Fact]
    public void ABufferOfSeveralSegmentsIsFilledInOrder()
    {
        using var port = new RawPort();
        port.PostReceive(
        [
            (port.Address(256), port.Key.Key, 50),
            (port.Address(257), port.Key.Key, 0),
            (port.Address(258), port.Key.Key, 500),
        ]);
        port.Receive.Work.Ring();
        byte[] frame = Frames.Build(4, Frames.Udp, 200);
        port.PostFrame(0, frame);
        port.Send.Work.Ring();
        Assert.Equal([1u], RawPort.TakeTypes(port.Receive));
        byte[] filled = [.. port.Buffer(256)[..50], .. port.Buffer(258)[..(frame.Length - 50)]];
        Assert.Equal(frame, filled);
    }

    [Fact]
    public void ABufferOutsideTheRegionIsNotWrittenAndStopsTheQueue()
    {
        using var port = new RawPort();
        port.PostReceive([(port.Address(RawPort.BufferCount) - 100, port.Key.Key, 200)]);
        port.Receive.Work.Ring();
        port.PostFrame(0, Frames.Build(4, Frames.Udp, 20));
        port.Send.Work.Ring();
        Assert.Empty(RawPort.TakeTypes(port.Receive));
        Assert.NotEqual(0ul, port.Adapter.Lint.Keys);
        Assert.Equal(1ul, Counters(port)[0]);
    }

    [Fact]
    public void AFenceComesBehindEveryFrameAndUsesNoBuffer()
    {
        using var port = new RawPort();
        port.PostReceive(256);
        port.PostReceive(257);
        port.Receive.Work.Ring();
        port.PostFrame(0, Frames.Build(4, Frames.Udp, 20));
        port.Send.Work.Ring();
        port.Device.Ethernet.FenceReceiveQueue(port.Receive.Object.Handle);
        port.PostFrame(1, Frames.Build(4, Frames.Udp, 20));
        port.Send.Work.Ring();
        Assert.Equal([1u, 3u, 1u], RawPort.TakeTypes(port.Receive));
        Assert.Equal(0ul, Counters(port)[0]);
    }

    [Fact]
    public void CountersTellUnicastBroadcastAndMulticastApart()
    {
        using var port = new RawPort();
        byte[] frame = Frames.Build(4, Frames.Udp, 18);
        for (int i = 0; i < 6; i++)
        {
            port.PostReceive(256 + i);
        }

        port.Receive.Work.Ring();
        byte[] multicast = frame.ToArray();
        multicast[0] = 0x01;
        byte[] broadcast = frame.ToArray();
        broadcast.AsSpan(0, 6).Fill(0xFF);
        foreach (byte[] each in (byte[][])[frame, frame, frame, broadcast, broadcast, multicast])
        {
            port.PostFrame(0, each);
            port.Send.Work.Ring();
        }

        ulong[] counters = Counters(port);
        Assert.Equal([360ul, 3, 180, 2, 120, 1, 60], counters[2..9]);
        Assert.Equal([360ul, 3, 180, 2, 120, 1, 60], counters[19..26]);
    }

    [Fact]
    public void ADisabledVportReceivesNothingAndCountsIt()
    {
        using var port = new RawPort();
        port.PostReceive(256);
        port.Receive.Work.Ring();
        port.Steer(false);
        port.PostFrame(0, Frames.Build(4, Frames.Udp, 20));
        port.Send.Work.Ring();
        Assert.Empty(RawPort.TakeTypes(port.Receive));
        Assert.Equal(1ul, Counters(port)[1]);
    }

    [Fact]
    public void FramesOfOneKindShareACompletionWhenCoalescing()
    {
        using var port = new RawPort();
        port.Device.Ethernet.ConfigureReceive(port.Device.Vport.Handle, new ReceiveSteering
        {
            ReceiveEnabled = true,
            DefaultObject = port.Receive.Object.Handle,
            Coalesce = true,
        });
        for (int i = 0; i < 16; i++)
        {
            port.PostReceive(256 + i);
        }

        port.Receive.Work.Ring();
        for (int i = 0; i < 6; i++)
        {
            port.PostFrame(i, Frames.Build(4, Frames.Udp, 20 + i));
        }

        port.PostFrame(6, Frames.Build(4, Frames.Tcp, 20));
        port.Send.Work.Ring();
        byte[] first = RawPort.TakeEntry(port.Receive);
        byte[] second = RawPort.TakeEntry(port.Receive);
        byte[] third = RawPort.TakeEntry(port.Receive);
        Assert.True(port.Receive.Completions.Peek() == null);
        Assert.Equal([2, 2, 1], [first[0] & 0x3F, second[0] & 0x3F, third[0] & 0x3F]);
        fixed (byte* p = first)
        {
            Assert.Equal(4, CompletionEntry.FrameCount(p));
            Assert.Equal(65u, CompletionEntry.ReceiveLength(p, 3));
        }

        fixed (byte* p = second)
        {
            Assert.Equal(2, CompletionEntry.FrameCount(p));
            Assert.Equal(4u, CompletionEntry.ReceiveWorkOffset(p));
        }
    }

    [Fact]
    public void AQueueThatFramesAreSteeredToCannotBeDestroyed()
    {
        using var port = new RawPort(options: new AdapterOptions());
        Assert.Equal(0x1006u, Assert.Throws<GdmaException>(() =>
            port.Device.Ethernet.DestroyWorkQueue(GdmaQueueType.Receive, port.Receive.Object.Handle)).Status);
    }

    private static ulong[] Counters(RawPort port)
    {
        ulong[] counters = new ulong[EthernetRequests.CounterCount];
        port.Device.Ethernet.QueryStatistics(counters);
        return counters;
    }
}
