using Outboard.Ethernet;
using Outboard.Mbufs;
using Outboard.Plugins.Mana.Adapter;
using Outboard.Plugins.Mana.Pmd;
using Outboard.Plugins.Mana.Tests.Support;
using Outboard.Plugins.Mana.Wires;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Tests.Pmd;

public sealed class ManaDriverTests
{
    [Theory]
    [InlineData("net_mana0,nonsense=1", "unknown device argument 'nonsense'")]
    [InlineData("net_mana0,wire=carrier-pigeon", "loop, null, pcap")]
    [InlineData("net_mana0,wire=pcap", "rx_pcap=FILE")]
    [InlineData("net_mana0,rx_pcap=x", "wire=pcap")]
    [InlineData("net_mana0,mac=01:00:00:00:00:01", "not the address of one station")]
    [InlineData("net_mana0,mac=00:00:00:00:00:00", "not the address of one station")]
    [InlineData("net_mana0,mac=12", "not a MAC address")]
    [InlineData("net_mana0,wire=null,size=20", "size=20")]
    [InlineData("net_mana0,coalesce=maybe", "neither on nor off")]
    [InlineData("net_mana0,max_simd=100", "not a SIMD width")]
    public void WrongArgumentsAreNamedInOneLine(string specifier, string part)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => ManaPorts.Open(specifier));
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void UnknownArgumentsListTheKnownOnes()
    {
        string message = Assert.Throws<ArgumentException>(() => ManaPorts.Open("net_mana0,x=1")).Message;
        string[] known =
        [
            "wire", "mac", "rx_pcap", "tx_pcap", "loops", "size", "flows", "frames", "seed", "enforce", "coalesce",
            "adapter_mtu", "max_simd", "simd",
        ];
        foreach (string key in known)
        {
            Assert.Contains(key, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheInfoSaysWhatIsBuilt()
    {
        using EthernetDevice port = ManaPorts.Open("net_mana7,mac=02:00:00:00:00:07,adapter_mtu=4014", 128);
        Assert.Equal("02:00:00:00:00:07", port.Info.MacAddress.ToString());
        Assert.Equal(4000, port.Info.MtuMax);
        Assert.Equal(128, port.Info.RetaLength);
        Assert.Equal("software MANA adapter, wire loop", port.Info.Backend);
        Assert.Equal(["internet-checksum", "toeplitz-hash"], port.Info.Kernels.Select(kernel => kernel.Operation));
        Assert.All(port.Info.Kernels, kernel => Assert.True(kernel.Width <= SimdWidth.V128));
        Assert.False(port.Info.Capabilities.HasFlag(EthernetCapabilities.Promiscuous));
        Assert.Throws<NotSupportedException>(() => port.SetPromiscuous(true));
        Assert.Throws<NotSupportedException>(() => port.SetMacAddress(port.Info.MacAddress));
        Assert.Throws<NotSupportedException>(() => port.SetLink(false));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void ChecksumsAreMadeOnTheWayOut(int maxSimd)
    {
        using MbufPool pool = ManaPorts.NewPool();
        using (EthernetDevice port = ManaPorts.Open("net_mana0", maxSimd))
        {
            ManaPorts.Run(port, pool);
            Mbuf[] back = new Mbuf[1];
            for (int payload = 0; payload < 160; payload++)
            {
                foreach ((int version, byte protocol) in ((int, byte)[])
                    [(4, Frames.Tcp), (4, Frames.Udp), (6, Frames.Tcp), (6, Frames.Udp)])
                {
                    byte[] right = Frames.Build(version, protocol, payload, payload, padding: payload % 3);
                    Mbuf frame = payload % 2 == 0
                        ? ManaPorts.NewFrame(pool, ManaFaultTests.Spoil(right, version, protocol))
                        : ManaFaultTests.NewChain(pool, ManaFaultTests.Spoil(right, version, protocol), 20, 13);
                    ManaFaultTests.AskForChecksums(frame, version, protocol);
                    Assert.Equal(1, port.PrepareTransmit(0, [frame]));
                    Assert.Equal(1, port.TransmitBurst(0, [frame]));
                    Assert.Equal(1, port.ReceiveBurst(0, back));
                    Assert.Equal(right, back[0].Data.ToArray());
                    Assert.True(back[0].OffloadFlags.HasFlag(MbufOffloadFlags.ReceiveL4ChecksumGood));
                    back[0].Free();
                }
            }
        }

        Assert.Equal(0, pool.InUseCount);
    }

    [Fact]
    public void AUdpChecksumThatComesOutZeroIsSentAsAllOnes()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open("net_mana0");
        ManaPorts.Run(port, pool);
        byte[] frame = Frames.Build(4, Frames.Udp, 2);

        // The payload is the old checksum: then the sum over everything else is all ones and its complement zero.
        (frame[42], frame[43]) = (0, 0);
        Frames.SetChecksums(frame, 14, 4, Frames.Udp, 10);
        (frame[42], frame[43]) = (frame[40], frame[41]);
        Frames.SetChecksums(frame, 14, 4, Frames.Udp, 10);
        Assert.Equal([0xFF, 0xFF], frame[40..42]);
        Mbuf mbuf = ManaPorts.NewFrame(pool, ManaFaultTests.Spoil(frame, 4, Frames.Udp));
        ManaFaultTests.AskForChecksums(mbuf, 4, Frames.Udp);
        Assert.Equal(1, port.TransmitBurst(0, [mbuf]));
        Mbuf[] back = new Mbuf[1];
        Assert.Equal(1, port.ReceiveBurst(0, back));
        Assert.Equal(frame, back[0].Data.ToArray());
        back[0].Free();
    }

    [Fact]
    public void WhatThePortDoesNotDoIsRefusedBeforeAndCountedAfter()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using (EthernetDevice port = ManaPorts.Open("net_mana0"))
        {
            ManaPorts.Run(port, pool);
            MbufOffloadFlags[] wrong =
            [
                MbufOffloadFlags.TransmitTcpSegmentation, MbufOffloadFlags.TransmitQinQ,
                MbufOffloadFlags.TransmitSctpChecksum | MbufOffloadFlags.TransmitIPv4,
                MbufOffloadFlags.TransmitOuterIPChecksum, MbufOffloadFlags.TransmitIPChecksum,
                MbufOffloadFlags.TransmitIPChecksum | MbufOffloadFlags.TransmitIPv6,
                MbufOffloadFlags.TransmitTunnelVxlan, MbufOffloadFlags.TransmitSecurityOffload,
            ];
            foreach (MbufOffloadFlags flags in wrong)
            {
                Mbuf mbuf = ManaPorts.NewFrame(pool, Frames.Build(4, Frames.Udp, 30));
                (mbuf.L2Length, mbuf.L3Length) = (14, 20);
                mbuf.OffloadFlags |= flags;
                Assert.Equal(0, port.PrepareTransmit(0, [mbuf]));
                Assert.Equal(1, port.TransmitBurst(0, [mbuf]));
            }

            Assert.Equal((ulong)wrong.Length, port.Statistics.TransmitErrors);
            Assert.Equal(0ul, port.Statistics.TransmittedPackets);
        }

        Assert.Equal(0, pool.InUseCount);
    }

    [Fact]
    public void OffloadsThatWereNotConfiguredAreNotDone()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open("net_mana0");
        ManaPorts.Run(port, pool, new EthernetConfiguration());
        Mbuf mbuf = ManaPorts.NewFrame(pool, Frames.Build(4, Frames.Udp, 30));
        ManaFaultTests.AskForChecksums(mbuf, 4, Frames.Udp);
        Assert.Equal(0, port.PrepareTransmit(0, [mbuf]));
        mbuf.OffloadFlags = 0;
        Assert.Equal(1, port.TransmitBurst(0, [mbuf]));
        Mbuf[] back = new Mbuf[1];
        Assert.Equal(1, port.ReceiveBurst(0, back));
        Assert.Equal(MbufOffloadFlags.None, back[0].OffloadFlags);
        back[0].Free();
    }

    [Fact]
    public void RetaAndKeyChangeWhileThePortRuns()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open("net_mana0");
        ManaPorts.Run(port, pool, new EthernetConfiguration
        {
            ReceiveQueueCount = 4,
            ReceiveOffloads = ReceiveOffloads.RssHash,
            Rss = new RssConfiguration(RssHashTypes.All),
        });
        ushort[] table = port.GetReta();
        Assert.Equal(Enumerable.Range(0, 128).Select(i => (ushort)(i % 4)), table);
        Mbuf[] back = new Mbuf[4];
        for (ushort target = 0; target < 4; target++)
        {
            table.AsSpan().Fill(target);
            port.SetReta(table);
            Assert.Equal(table, port.GetReta());
            Assert.Equal(1, port.TransmitBurst(0, [ManaPorts.NewFrame(pool, Frames.Build(6, Frames.Tcp, 30, target))]));
            Assert.Equal(1, port.ReceiveBurst(target, back));
            back[0].Free();
        }

        uint first = HashOf(port, pool, 3, back);
        port.SetRss(new RssConfiguration(RssHashTypes.All, new byte[40]));
        Assert.Equal(0u, HashOf(port, pool, 3, back));
        port.SetRss(new RssConfiguration(RssHashTypes.All, ManaDriver.DefaultRssKey.ToArray()));
        Assert.Equal(first, HashOf(port, pool, 3, back));
        Assert.Equal(ManaDriver.DefaultRssKey.ToArray(), port.GetRss().Key.ToArray());
    }

    [Fact]
    public void AQueueStopsAndStartsWhileThePortRuns()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using (EthernetDevice port = ManaPorts.Open("net_mana0"))
        {
            ManaPorts.Run(port, pool, new EthernetConfiguration
            {
                ReceiveQueueCount = 2,
                Rss = new RssConfiguration(RssHashTypes.All),
            });
            ushort[] table = port.GetReta();
            table.AsSpan().Fill(1);
            port.SetReta(table);
            Send(port, pool, 3);
            Assert.Equal(3, port.GetReceivePendingCount(1));
            port.StopReceiveQueue(1);
            Assert.Equal(3ul, port.GetReceiveQueueStatistics(1).MissedPackets);
            Send(port, pool, 5);
            Mbuf[] back = new Mbuf[8];
            Assert.Equal(0, port.ReceiveBurst(1, back));
            Assert.Equal(0, port.ReceiveBurst(0, back));
            Assert.Equal(8ul, port.Statistics.MissedPackets);
            port.StartReceiveQueue(1);
            Send(port, pool, 2);
            Assert.Equal(2, port.ReceiveBurst(1, back));
            MbufPool.FreeBulk(back.AsSpan(0, 2));
            port.StopTransmitQueue(0);
            Mbuf idle = ManaPorts.NewFrame(pool, new byte[64]);
            Assert.Equal(0, port.TransmitBurst(0, [idle]));
            port.StartTransmitQueue(0);
            Assert.Equal(1, port.TransmitBurst(0, [idle]));
        }

        Assert.Equal(0, pool.InUseCount);
    }

    [Fact]
    public void EveryMbufComesBackWhenThePortStopsWithFramesInIt()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open("net_mana0");
        ManaPorts.Run(port, pool);
        for (int round = 0; round < 3; round++)
        {
            Send(port, pool, 100);
            port.Stop();
            Assert.Equal(0, pool.InUseCount);
            port.Start();
        }

        Send(port, pool, 10);
        port.Dispose();
        Assert.Equal(0, pool.InUseCount);
    }

    [Fact]
    public void FramesOverTheMtuAreNotSent()
    {
        using MbufPool pool = ManaPorts.NewPool(511, 9200);
        using EthernetDevice port = ManaPorts.Open("net_mana0");
        ManaPorts.Run(port, pool, receiveDescriptors: 64);
        Mbuf jumbo = ManaPorts.NewFrame(pool, new byte[5000]);
        Assert.Equal(0, port.PrepareTransmit(0, [jumbo]));
        port.SetMtu(9000);
        Assert.Equal(1, port.PrepareTransmit(0, [jumbo]));
        Assert.Equal(1, port.TransmitBurst(0, [jumbo]));
        Mbuf[] back = new Mbuf[1];
        Assert.Equal(1, port.ReceiveBurst(0, back));
        Assert.Equal(5000, back[0].PacketLength);
        back[0].Free();
        Assert.Throws<ArgumentOutOfRangeException>(() => port.SetMtu(9001));
        port.SetMtu(1000);
        Assert.Equal(1, port.TransmitBurst(0, [ManaPorts.NewFrame(pool, new byte[1019])]));
        Assert.Equal(1ul, port.Statistics.TransmitErrors);
    }

    [Fact]
    public void BuffersTooSmallForTheMtuAreRefused()
    {
        using MbufPool pool = ManaPorts.NewPool(511, 1024);
        using EthernetDevice port = ManaPorts.Open("net_mana0");
        port.Configure(new EthernetConfiguration());
        ArgumentException refused = Assert.Throws<ArgumentException>(
            () => port.ConfigureReceiveQueue(0, new ReceiveQueueOptions { Pool = pool }));
        Assert.Contains("MTU 1500", refused.Message, StringComparison.Ordinal);
        port.Configure(new EthernetConfiguration { Mtu = 800 });
        port.ConfigureReceiveQueue(0, new ReceiveQueueOptions { Pool = pool, DescriptorCount = 64 });
        Assert.Throws<ArgumentException>(() => port.SetMtu(1500));
    }

    [Fact]
    public void AnArmedQueueSignalsAFrameAndAFrameThatCameBefore()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open("net_mana0");
        ManaPorts.Run(port, pool, new EthernetConfiguration { ReceiveInterrupts = true });
        Mbuf[] back = new Mbuf[4];
        WaitHandle handle = port.GetReceiveInterruptHandle(0);
        handle.WaitOne(0);
        for (int i = 0; i < 1000; i++)
        {
            port.EnableReceiveInterrupt(0);
            Assert.False(handle.WaitOne(0));
            Send(port, pool, 1);
            Assert.True(handle.WaitOne(0));
            Assert.Equal(1, port.ReceiveBurst(0, back));
            back[0].Free();
            Send(port, pool, 1);
            Assert.False(handle.WaitOne(0));
            port.EnableReceiveInterrupt(0);
            Assert.True(handle.WaitOne(0));
            Assert.Equal(1, port.ReceiveBurst(0, back));
            back[0].Free();
        }
    }

    [Fact]
    public void AnAdapterThatIsTakenAwayLeaksNothing()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using (EthernetDevice port = ManaPorts.OpenWith(new LoopWire(), new AdapterOptions(), out ManaDriver driver))
        {
            ManaPorts.Run(port, pool);
            Send(port, pool, 20);
            ((SoftwareAdapter)driver.Bus).Remove();
            Assert.False(port.Link.IsUp);
            Assert.Equal(1, port.TransmitBurst(0, [ManaPorts.NewFrame(pool, new byte[64])]));
            Assert.Equal(1, port.GetTransmitPendingCount(0));
            port.Stop();
        }

        Assert.Equal(0, pool.InUseCount);
    }

    [Fact]
    public void AQueueThatTheAdapterDisabledSaysSoAndRunsAgainAfterARestart()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using (EthernetDevice port = ManaPorts.OpenWith(new LoopWire(), new AdapterOptions(), out ManaDriver driver))
        {
            using var asked = new ManualResetEventSlim();
            port.Changed += (_, change) =>
            {
                if (change.Kind == EthernetEvent.ResetRequested && change.Queue == 0)
                {
                    asked.Set();
                }
            };
            ManaPorts.Run(port, pool);
            Send(port, pool, 3);
            driver.Gdma.DestroyKey(driver.Pools.Add(pool));
            Assert.Equal(1, port.TransmitBurst(0, [ManaPorts.NewFrame(pool, new byte[64])]));
            Assert.Equal(1ul, port.Statistics.TransmitErrors);
            Assert.True(asked.Wait(TimeSpan.FromSeconds(10)));
            Mbuf refused = ManaPorts.NewFrame(pool, new byte[64]);
            Assert.Equal(0, port.TransmitBurst(0, [refused]));
            refused.Free();

            // A new configuration registers the pool anew.
            port.Stop();
            ManaPorts.Run(port, pool);
            Send(port, pool, 3);
            Assert.Equal(3, port.GetReceivePendingCount(0));
        }

        Assert.Equal(0, pool.InUseCount);
    }

    [Fact]
    public void FramesOfTheLargestAdapterMtuPass()
    {
        using MbufPool pool = ManaPorts.NewPool(255, 65_535);
        using EthernetDevice port = ManaPorts.Open("net_mana0,adapter_mtu=65400");
        ManaPorts.Run(port, pool, new EthernetConfiguration { Mtu = 65_386 }, 64, 64);
        byte[] frame = Frames.Build(4, Frames.Udp, 65_400 - 42);
        Assert.Equal(1, port.TransmitBurst(0, [ManaPorts.NewFrame(pool, frame)]));
        Mbuf[] back = new Mbuf[1];
        Assert.Equal(1, port.ReceiveBurst(0, back));
        Assert.Equal(frame, back[0].Data.ToArray());
        back[0].Free();
    }

    [Fact]
    public void FramesOfOtherPoolsAndExternalBuffersAreKnownApart()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using MbufPool other = ManaPorts.NewPool(255);
        using (EthernetDevice port = ManaPorts.Open("net_mana0"))
        {
            ManaPorts.Run(port, pool);
            Mbuf[] back = new Mbuf[4];
            Assert.Equal(
                2,
                port.TransmitBurst(
                    0, [ManaPorts.NewFrame(other, new byte[70]), ManaPorts.NewFrame(pool, new byte[80])]));
            Assert.Equal(2, port.ReceiveBurst(0, back));
            Assert.Equal([70, 80], back[..2].Select(mbuf => mbuf.PacketLength));
            MbufPool.FreeBulk(back.AsSpan(0, 2));
            Assert.True(pool.TryAlloc(out Mbuf external));
            unsafe
            {
                byte* memory = stackalloc byte[100];
                var shared = new MbufExternalMemory((nint)memory, 100, null);
                Assert.True(shared.TryAttach(external));
                Assert.True(external.TryAppend(90, out _));
                Assert.Equal(0, port.PrepareTransmit(0, [external]));
                Assert.Equal(1, port.TransmitBurst(0, [external]));
                shared.Release();
            }

            Assert.Equal(1ul, port.Statistics.TransmitErrors);
        }

        Assert.Equal(0, pool.InUseCount);
        Assert.Equal(0, other.InUseCount);
    }

    [Fact]
    public void BurstsAllocateNothing()
    {
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open("net_mana0");
        ManaPorts.Run(port, pool, new EthernetConfiguration
        {
            ReceiveOffloads = port.Info.ReceiveOffloads,
            TransmitOffloads = port.Info.TransmitOffloads,
            Rss = new RssConfiguration(RssHashTypes.All),
        });
        Mbuf[] burst = new Mbuf[32];
        Assert.True(pool.TryAllocBulk(burst));
        foreach (Mbuf mbuf in burst)
        {
            Assert.True(mbuf.TryAppend(100, out Span<byte> data));
            data.Clear();
        }

        Assert.Equal(32, port.TransmitBurst(0, burst));
        Forward(port, burst, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Forward(port, burst, 1000);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void TwoQueuePairsRunOnTwoThreads()
    {
        using MbufPool pool = ManaPorts.NewPool(8191);
        using (EthernetDevice port = ManaPorts.Open("net_mana0"))
        {
            ManaPorts.Run(port, pool, new EthernetConfiguration
            {
                ReceiveQueueCount = 2,
                TransmitQueueCount = 2,
                Rss = new RssConfiguration(RssHashTypes.All),
            });
            const int Frames = 40_000;
            int received = 0;
            var threads = new Thread[2];
            for (int t = 0; t < 2; t++)
            {
                int queue = t;
                threads[t] = new Thread(() =>
                {
                    Mbuf[] back = new Mbuf[32];
                    byte[][] flows = [.. Enumerable.Range(0, 16).Select(
                        i => Support.Frames.Build(4, Support.Frames.Udp, 22, queue, (ushort)(i * 77)))];
                    for (int sent = 0; sent < Frames;)
                    {
                        if (pool.TryAlloc(out Mbuf frame))
                        {
                            Assert.True(frame.TryAppend(64, out Span<byte> data));
                            flows[sent % 16].CopyTo(data);
                            sent += port.TransmitBurst(queue, [frame]);
                        }

                        int count = port.ReceiveBurst(queue, back);
                        MbufPool.FreeBulk(back.AsSpan(0, count));
                        Interlocked.Add(ref received, count);
                    }
                });
                threads[t].Start();
            }

            Array.ForEach(threads, thread => thread.Join());
            Mbuf[] rest = new Mbuf[512];
            for (int queue = 0; queue < 2; queue++)
            {
                for (int count; (count = port.ReceiveBurst(queue, rest)) != 0; received += count)
                {
                    MbufPool.FreeBulk(rest.AsSpan(0, count));
                }
            }

            Assert.Equal(2ul * Frames, (ulong)received + port.Statistics.MissedPackets);
            Assert.Equal(2ul * Frames, port.Statistics.TransmittedPackets);
        }

        Assert.Equal(0, pool.InUseCount);
    }

    private static void Forward(EthernetDevice port, Span<Mbuf> burst, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            int count = port.ReceiveBurst(0, burst);
            if (port.TransmitBurst(0, burst[..count]) != 32)
            {
                throw new InvalidOperationException("The burst broke up.");
            }
        }
    }

    private static uint HashOf(EthernetDevice port, MbufPool pool, int queue, Mbuf[] back)
    {
        // The key that is all zero hashes everything to entry 0, which names the same queue as all the others.
        Assert.Equal(1, port.TransmitBurst(0, [ManaPorts.NewFrame(pool, Frames.Build(4, Frames.Udp, 30, 55))]));
        Assert.Equal(1, port.ReceiveBurst(queue, back));
        uint hash = back[0].RssHash;
        back[0].Free();
        return hash;
    }

    private static void Send(EthernetDevice port, MbufPool pool, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Mbuf frame = ManaPorts.NewFrame(pool, Frames.Build(4, Frames.Udp, 30, i));
            Assert.Equal(1, port.TransmitBurst(0, [frame]));
        }
    }
}
