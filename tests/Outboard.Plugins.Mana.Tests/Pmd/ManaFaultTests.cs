using System.Buffers.Binary;
using Outboard.Ethernet;
using Outboard.Mbufs;
using Outboard.Plugins.Mana.Adapter;
using Outboard.Plugins.Mana.Pmd;
using Outboard.Plugins.Mana.Tests.Support;
using Outboard.Plugins.Mana.Wires;

namespace Outboard.Plugins.Mana.Tests.Pmd;

/// <summary>
/// What is known to be wrong in the field's driver for this adapter (reference 1.12, a to o) is right here.
/// </summary>
public sealed unsafe class ManaFaultTests
{
    /// <summary>a: a single hash type is compared bit by bit and never with a mask of several.</summary>
    [Fact]
    public void TheHashFlagIsSetForEveryHashType()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open("net_mana0");
        ManaPorts.Run(port, pool, new EthernetConfiguration
        {
            ReceiveOffloads = port.Info.ReceiveOffloads,
            Rss = new RssConfiguration(RssHashTypes.All),
        });
        byte[] arp = new byte[60];
        (arp[12], arp[13]) = (0x08, 0x06);
        byte[] fragment = Frames.Build(4, Frames.Udp, 30);
        fragment[20] = 0x20;
        Mbuf[] burst =
        [
            ManaPorts.NewFrame(pool, Frames.Build(4, Frames.Tcp, 10)),
            ManaPorts.NewFrame(pool, Frames.Build(4, Frames.Udp, 10)),
            ManaPorts.NewFrame(pool, Frames.Build(6, Frames.Tcp, 10)),
            ManaPorts.NewFrame(pool, Frames.Build(6, Frames.Udp, 10)),
            ManaPorts.NewFrame(pool, fragment),
            ManaPorts.NewFrame(pool, arp),
        ];
        Assert.Equal(6, port.TransmitBurst(0, burst));
        Mbuf[] back = new Mbuf[8];
        Assert.Equal(6, port.ReceiveBurst(0, back));
        for (int i = 0; i < 5; i++)
        {
            Assert.True(back[i].OffloadFlags.HasFlag(MbufOffloadFlags.ReceiveRssHash), $"frame {i}");
            Assert.NotEqual(0u, back[i].RssHash);
        }

        Assert.Equal(MbufOffloadFlags.None, back[5].OffloadFlags);
        MbufPool.FreeBulk(back.AsSpan(0, 6));
    }

    /// <summary>b: the types asked for are the types that the adapter hashes.</summary>
    [Fact]
    public void OnlyTheHashTypesAskedForAreHashed()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open("net_mana0");
        ManaPorts.Run(port, pool, new EthernetConfiguration
        {
            ReceiveOffloads = port.Info.ReceiveOffloads,
            Rss = new RssConfiguration(RssHashTypes.Ipv6 | RssHashTypes.Ipv4Tcp),
        });
        Assert.Equal(
            [true, false, true, true],
            RoundTrip(port, pool, Frames.Tcp, Frames.Udp).Select(
                mbuf => mbuf.HasFlag(MbufOffloadFlags.ReceiveRssHash)));
        port.SetRss(new RssConfiguration(RssHashTypes.None));
        Assert.DoesNotContain(
            RoundTrip(port, pool, Frames.Tcp, Frames.Udp), flags => flags.HasFlag(MbufOffloadFlags.ReceiveRssHash));
    }

    /// <summary>c: frames that cannot be sent do not make the count name other frames than the first ones.</summary>
    [Fact]
    public void TheCountIsAlwaysThatOfTheFirstFrames()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using (EthernetDevice port = ManaPorts.Open("net_mana0"))
        {
            ManaPorts.Run(port, pool);
            Mbuf[] burst = new Mbuf[10];
            for (int i = 0; i < burst.Length; i++)
            {
                burst[i] = ManaPorts.NewFrame(pool, Frames.Build(4, Frames.Udp, 10 + i));
            }

            Chain(pool, burst[3], 40);
            burst[9].Free();
            burst[9] = ManaPorts.NewFrame(pool, new byte[5]);
            Assert.Equal(3, port.PrepareTransmit(0, burst));
            Assert.Equal(6, port.PrepareTransmit(0, burst.AsSpan(4)) + 1);
            Assert.Equal(10, port.TransmitBurst(0, burst));
            Assert.Equal(8ul, port.Statistics.TransmittedPackets);
            Assert.Equal(2ul, port.Statistics.TransmitErrors);
            Assert.Equal(0, port.GetTransmitPendingCount(0));
            Mbuf[] back = new Mbuf[16];
            Assert.Equal(8, port.ReceiveBurst(0, back));
            MbufPool.FreeBulk(back.AsSpan(0, 8));
        }

        Assert.Equal(0, pool.InUseCount);
    }

    /// <summary>d: nothing of an earlier element shows through, and a vport offset above 255 is not cut.</summary>
    [Theory]
    [InlineData(3, true)]
    [InlineData(255, true)]
    [InlineData(256, true)]
    [InlineData(4095, true)]
    [InlineData(3, false)]
    public void EveryFieldOfTheOobIsWritten(ushort vportOffset, bool shortFormAllowed)
    {
        using MbufPool pool = ManaPorts.NewPool();
        var options = new AdapterOptions { VportOffset = vportOffset, IsShortFormAllowed = shortFormAllowed };
        using EthernetDevice port = ManaPorts.OpenWith(new LoopWire(), options, out ManaDriver driver);
        ManaPorts.Run(port, pool, transmitDescriptors: 64);
        var random = new Random(4);
        for (int i = 0; i < 500; i++)
        {
            Mbuf mbuf = ManaPorts.NewFrame(pool, Frames.Build(4, Frames.Udp, random.Next(20, 100), i));
            if (i % 2 == 0)
            {
                AskForChecksums(mbuf, 4, Frames.Udp);
            }

            if (i % 3 == 0)
            {
                mbuf.OffloadFlags |= MbufOffloadFlags.TransmitVlan;
                mbuf.VlanTci = (ushort)random.Next(65536);
            }

            Assert.Equal(1, port.TransmitBurst(0, [mbuf]));
            Mbuf[] back = new Mbuf[2];
            Assert.Equal(1, port.ReceiveBurst(0, back));
            back[0].Free();
        }

        Assert.Equal(0ul, port.Statistics.TransmitErrors);
        Assert.Equal(0ul, ManaPorts.Counter(port, "hw_tx_invalid_oob"));
        Assert.Equal(vportOffset, driver.Gdma.VportOffset);
    }

    /// <summary>e: a pseudo-header is not written into data that somebody else sees.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SharedOrSplitHeadersAreCopiedAndNotChanged(bool split)
    {
        using MbufPool pool = ManaPorts.NewPool();
        using (EthernetDevice port = ManaPorts.Open("net_mana0"))
        {
            ManaPorts.Run(port, pool);
            byte[] right = Frames.Build(4, Frames.Tcp, 300);
            byte[] wrong = Spoil(right, 4, Frames.Tcp);
            Mbuf original = split ? NewChain(pool, wrong, 30, 7) : ManaPorts.NewFrame(pool, wrong);
            Assert.True(original.TryClone(pool, out Mbuf clone));
            AskForChecksums(clone, 4, Frames.Tcp);
            Assert.Equal(1, port.PrepareTransmit(0, [clone]));
            Assert.Equal(1, port.TransmitBurst(0, [clone]));
            Mbuf[] back = new Mbuf[2];
            Assert.Equal(1, port.ReceiveBurst(0, back));
            Assert.Equal(right, back[0].Data.ToArray());
            Assert.Equal(
                MbufOffloadFlags.ReceiveIPChecksumGood | MbufOffloadFlags.ReceiveL4ChecksumGood, back[0].OffloadFlags);
            byte[] after = new byte[wrong.Length];
            original.CopyTo(after);
            Assert.Equal(wrong, after);
            back[0].Free();
            original.Free();
        }

        Assert.Equal(0, pool.InUseCount);
    }

    /// <summary>f: a shortage of mbufs does not shrink the ring for good.</summary>
    [Fact]
    public void TheRingIsFullAgainAfterAShortage()
    {
        using MbufPool pool = ManaPorts.NewPool(200);
        using EthernetDevice port = ManaPorts.OpenWith(new LoopWire(), new AdapterOptions(), out _);
        ManaPorts.Run(port, pool, receiveDescriptors: 64, transmitDescriptors: 64);

        // The application holds every mbuf there is, those it receives included.
        var kept = new List<Mbuf>();
        Mbuf[] back = new Mbuf[32];
        for (int i = 0; i < 200; i++)
        {
            while (pool.TryAlloc(out Mbuf held))
            {
                kept.Add(held);
            }

            Mbuf frame = kept[^1];
            kept.RemoveAt(kept.Count - 1);
            frame.TryAdjust(frame.PacketLength);
            Assert.True(frame.TryAppend(64, out Span<byte> data));
            data.Clear();
            Assert.Equal(1, port.TransmitBurst(0, [frame]));
            while (pool.TryAlloc(out Mbuf held))
            {
                kept.Add(held);
            }

            kept.AddRange(back[..port.ReceiveBurst(0, back)]);
        }

        Assert.Equal(64ul, port.Statistics.ReceivedPackets);
        Assert.Equal(136ul, port.Statistics.MissedPackets);
        foreach (Mbuf mbuf in kept)
        {
            mbuf.Free();
        }

        Assert.Equal(0, port.ReceiveBurst(0, back));
        Assert.True(port.Statistics.NoMbufCount > 0);
        int device = Enumerable.Range(0, 64).Count(
            i => port.GetReceiveDescriptorStatus(0, i) == DescriptorStatus.Device);
        Assert.Equal(64, device);
    }

    /// <summary>h: flags are those of this frame, coalesced entries are known, a fence takes no buffer.</summary>
    [Fact]
    public void FlagsOfAnEarlierFrameDoNotStay()
    {
        using MbufPool pool = ManaPorts.NewPool(127);
        using EthernetDevice port = ManaPorts.OpenWith(
            new LoopWire(), new AdapterOptions(), out _, coalesce: true);
        ManaPorts.Run(port, pool, receiveDescriptors: 64, transmitDescriptors: 64);
        byte[] good = Frames.Build(4, Frames.Udp, 20);
        byte[] bad = good.ToArray();
        bad[^1] ^= 1;
        byte[] plain = new byte[60];
        Mbuf[] back = new Mbuf[5];
        for (int round = 0; round < 300; round++)
        {
            byte[][] frames = [good, good, good, bad, plain, good, good, good, good, good, good, good];
            Mbuf[] burst = [.. frames.Select(frame => ManaPorts.NewFrame(pool, frame))];
            Assert.Equal(burst.Length, port.TransmitBurst(0, burst));
            int seen = 0;
            for (int count; (count = port.ReceiveBurst(0, back)) != 0; seen += count)
            {
                for (int i = 0; i < count; i++)
                {
                    MbufOffloadFlags expected = seen + i == 4 ? 0 : MbufOffloadFlags.ReceiveIPChecksumGood
                        | (seen + i == 3
                            ? MbufOffloadFlags.ReceiveL4ChecksumBad
                            : MbufOffloadFlags.ReceiveL4ChecksumGood);
                    Assert.Equal(expected, back[i].OffloadFlags);
                    Assert.Equal(frames[seen + i], back[i].Data.ToArray());
                    back[i].Free();
                }
            }

            Assert.Equal(frames.Length, seen);
        }
    }

    /// <summary>i: completion queues are rung unarmed before owner bits repeat.</summary>
    [Fact]
    public void NoQueueGrowsStaleHoweverLongItIsPolled()
    {
        using MbufPool pool = ManaPorts.NewPool();
        var adapterOptions = new AdapterOptions();
        using EthernetDevice port = ManaPorts.OpenWith(new LoopWire(), adapterOptions, out ManaDriver driver);
        ManaPorts.Run(port, pool, receiveDescriptors: 64, transmitDescriptors: 64);
        Mbuf[] back = new Mbuf[32];
        Mbuf frame = ManaPorts.NewFrame(pool, Frames.Build(4, Frames.Udp, 20));
        for (int i = 0; i < 64 * 40; i++)
        {
            Assert.Equal(1, port.TransmitBurst(0, [frame]));
            Assert.Equal(1, port.ReceiveBurst(0, back));
            frame = back[0];
        }

        frame.Free();
        Assert.Equal(0ul, ((SoftwareAdapter)driver.Bus).Lint.StaleCompletionQueues);
        Assert.Equal(0ul, ((SoftwareAdapter)driver.Bus).Lint.Doorbells);
    }

    /// <summary>j: the link is what the adapter's events say, at the speed that it says.</summary>
    [Fact]
    public void LinkChangesAreSeenAndReported()
    {
        using EthernetDevice port = ManaPorts.OpenWith(new LoopWire(), new AdapterOptions(), out ManaDriver driver);
        using var changed = new ManualResetEventSlim();
        port.Changed += (_, change) =>
        {
            if (change.Kind == EthernetEvent.LinkChanged)
            {
                changed.Set();
            }
        };
        Assert.Equal(new EthernetLink(true, 200_000, true), port.Link);
        ((SoftwareAdapter)driver.Bus).ReportLink(isUp: false);
        Assert.True(changed.Wait(TimeSpan.FromSeconds(10)));
        Assert.False(port.Link.IsUp);
        ((SoftwareAdapter)driver.Bus).ReportLink(isUp: true);
        Assert.True(port.Link.IsUp);
    }

    /// <summary>k: frames without a buffer are missed frames.</summary>
    [Fact]
    public void MissedFramesAreCounted()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open("net_mana0");
        ManaPorts.Run(port, pool, receiveDescriptors: 64);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(1, port.TransmitBurst(0, [ManaPorts.NewFrame(pool, new byte[64])]));
        }

        Assert.Equal(36ul, port.Statistics.MissedPackets);
        Assert.Equal(36ul, ManaPorts.Counter(port, "rx_missed_errors"));
        Assert.Equal(36ul, ManaPorts.Counter(port, "hw_rx_no_wqe"));
        Assert.Equal(64, port.GetReceivePendingCount(0));
    }

    /// <summary>l and o: frames of two units neither halve the ring nor leave it without a completion.</summary>
    [Fact]
    public void AFullRingOfLongElementsCompletes()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using (EthernetDevice port = ManaPorts.Open("net_mana0"))
        {
            ManaPorts.Run(port, pool, receiveDescriptors: 256, transmitDescriptors: 64);
            Mbuf[] back = new Mbuf[64];
            for (int round = 0; round < 50; round++)
            {
                Mbuf[] burst = new Mbuf[64];
                for (int i = 0; i < burst.Length; i++)
                {
                    burst[i] = NewChain(pool, Frames.Build(4, Frames.Udp, 60, i), 30);
                    burst[i].OffloadFlags |= i % 2 == 0 ? MbufOffloadFlags.TransmitVlan : 0;
                }

                Assert.Equal(64, port.TransmitBurst(0, burst));
                Assert.Equal(0, port.GetTransmitPendingCount(0));
                Assert.Equal(64, port.ReceiveBurst(0, back));
                MbufPool.FreeBulk(back);
            }

            // Too many units for the ring: the first ones are taken and the queue goes on.
            Mbuf[] wide = new Mbuf[64];
            for (int i = 0; i < wide.Length; i++)
            {
                wide[i] = NewChain(pool, new byte[600], [.. Enumerable.Repeat(25, 23)]);
            }

            int taken = port.TransmitBurst(0, wide);
            Assert.InRange(taken, 1, 63);
            taken += port.TransmitBurst(0, wide.AsSpan(taken));
            Assert.InRange(taken, 2, 64);
            MbufPool.FreeBulk(wide.AsSpan(taken));
            MbufPool.FreeBulk(back.AsSpan(0, port.ReceiveBurst(0, back)));
        }

        Assert.Equal(0, pool.InUseCount);
    }

    /// <summary>m: hashing over everything that the adapter can hash spreads the flows of one address pair.</summary>
    [Fact]
    public void PortsSpreadTheFlowsOfOnePairOfHosts()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open("net_mana0");
        ManaPorts.Run(port, pool, new EthernetConfiguration
        {
            ReceiveQueueCount = 4,
            Rss = new RssConfiguration(RssHashTypes.All),
        });
        for (int i = 0; i < 200; i++)
        {
            Mbuf frame = ManaPorts.NewFrame(pool, Frames.Build(4, Frames.Udp, 20, 1, (ushort)(1000 + i)));
            Assert.Equal(1, port.TransmitBurst(0, [frame]));
        }

        Mbuf[] back = new Mbuf[256];
        for (int queue = 0; queue < 4; queue++)
        {
            int count = port.ReceiveBurst(queue, back);
            Assert.InRange(count, 20, 100);
            MbufPool.FreeBulk(back.AsSpan(0, count));
        }
    }

    internal static void AskForChecksums(Mbuf mbuf, int version, byte protocol)
    {
        mbuf.L2Length = 14;
        mbuf.L3Length = version == 4 ? 20 : 40;
        mbuf.OffloadFlags |= version == 4
            ? MbufOffloadFlags.TransmitIPv4 | MbufOffloadFlags.TransmitIPChecksum
            : MbufOffloadFlags.TransmitIPv6;
        mbuf.OffloadFlags |= protocol == Frames.Tcp
            ? MbufOffloadFlags.TransmitTcpChecksum
            : MbufOffloadFlags.TransmitUdpChecksum;
    }

    /// <summary>A copy with noise where the checksums belong.</summary>
    internal static byte[] Spoil(byte[] frame, int version, byte protocol)
    {
        byte[] copy = frame.ToArray();
        if (version == 4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(24), 0xDEAD);
        }

        int l4 = 14 + (version == 4 ? 20 : 40);
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(l4 + (protocol == Frames.Tcp ? 16 : 6)), 0xBEEF);
        return copy;
    }

    /// <summary>A chain whose first segments have the given lengths and whose last has the rest.</summary>
    internal static Mbuf NewChain(MbufPool pool, byte[] bytes, params ReadOnlySpan<int> lengths)
    {
        Mbuf first = ManaPorts.NewFrame(pool, bytes.AsSpan(0, lengths[0]));
        int at = lengths[0];
        for (int i = 1; i <= lengths.Length; i++)
        {
            int length = i < lengths.Length ? lengths[i] : bytes.Length - at;
            Assert.True(first.TryChain(ManaPorts.NewFrame(pool, bytes.AsSpan(at, length))));
            at += length;
        }

        return first;
    }

    private static void Chain(MbufPool pool, Mbuf first, int segments)
    {
        for (int i = 0; i < segments; i++)
        {
            Assert.True(first.TryChain(ManaPorts.NewFrame(pool, [1, 2, 3])));
        }
    }

    private static List<MbufOffloadFlags> RoundTrip(EthernetDevice port, MbufPool pool, byte first, byte second)
    {
        var flags = new List<MbufOffloadFlags>();
        Mbuf[] back = new Mbuf[1];
        foreach ((int version, byte protocol) in ((int, byte)[])[(4, first), (4, second), (6, first), (6, second)])
        {
            Mbuf frame = ManaPorts.NewFrame(pool, Frames.Build(version, protocol, 30));
            Assert.Equal(1, port.TransmitBurst(0, [frame]));
            Assert.Equal(1, port.ReceiveBurst(0, back));
            flags.Add(back[0].OffloadFlags);
            back[0].Free();
        }

        return flags;
    }
}
