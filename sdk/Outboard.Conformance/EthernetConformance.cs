using Outboard.Devices;
using Outboard.Ethernet;
using Outboard.Mbufs;
using Outboard.Plugins;
using Outboard.Simd;

namespace Outboard.Conformance;

/// <summary>The checks that an Ethernet device must pass; it must receive what it transmits (a loop wire).</summary>
public sealed class EthernetConformance : ConformanceSuite
{
    private const int Descriptors = 64;

    /// <summary>Creates the suite.</summary>
    /// <param name="registry">The drivers.</param>
    /// <param name="specifier">The device, on a loop wire.</param>
    public EthernetConformance(DriverRegistry registry, string specifier)
        : base(registry, specifier)
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ConformanceCheck> Checks =>
    [
        new("info", "The info is complete and within reason.", CheckInfo),
        new("unknown-argument", "An unknown device argument is refused, and the known ones are listed.", CheckUnknownArgument),
        new("call-order", "A call out of order throws and names the state.", CheckCallOrder),
        new("life-cycle", "The port starts, stops, starts again, is configured anew and disposed.", CheckLifeCycle),
        new("limits", "Numbers outside the limits are refused.", CheckLimits),
        new("loop", "Frames come back byte for byte, in order, at every length.", CheckLoop),
        new("every-width", "Every width moves the same frames and is honestly reported.", CheckEveryWidth),
        new("empty-burst", "A burst of nothing moves nothing.", CheckEmptyBurst),
        new("partial-transmit", "A full transmit queue takes the first frames and leaves the rest to the caller.", CheckPartialTransmit),
        new("no-mbufs", "Without receive buffers frames are missed and counted, and reception resumes.", CheckNoMbufs),
        new("segments", "A frame in a chain is sent as one.", CheckSegments),
        new("receive-checksums", "Good and bad checksums are told apart.", CheckReceiveChecksums),
        new("transmit-checksums", "Checksums are written where the flags ask.", CheckTransmitChecksums),
        new("prepare", "Prepare stops at a frame that asks for what the port does not do.", CheckPrepare),
        new("mtu", "Frames up to the MTU pass.", CheckMtu),
        new("link", "The link of a started port is up.", CheckLink),
        new("rss", "Frames of one flow stay on one queue, and the indirection table says which.", CheckRss),
        new("queue-state", "Queues stop and start while the port runs.", CheckQueueState),
        new("statistics", "Counters count every frame, and a reset sets them to zero.", CheckStatistics),
        new("stop-in-flight", "A stop leaves no mbuf behind.", CheckStopInFlight),
        new("stop-while-polled", "A stop is safe while another thread polls.", CheckStopWhilePolled),
        new("dispose-in-flight", "A dispose with frames in flight gives every mbuf back.", CheckDisposeInFlight),
        new("two-threads", "Two queues on two threads do not disturb each other.", CheckTwoThreads),
        new("no-allocation", "Bursts allocate nothing on the managed heap.", CheckNoAllocation),
    ];

    private void CheckInfo()
    {
        using EthernetDevice port = Open(Specifier);
        EthernetDeviceInfo info = port.Info;
        Expect.Equal(DeviceSpecifier.Parse(Specifier).Name, info.Name, "Name");
        Expect.That(info.Backend.Length != 0, "Backend is empty.");
        Expect.That(info.QueuePairMax >= 1, $"QueuePairMax is {info.QueuePairMax}.");
        Expect.That(
            info.DescriptorMin <= Descriptors && Descriptors <= info.DescriptorMax,
            $"descriptors are {info.DescriptorMin} to {info.DescriptorMax}, without {Descriptors}.");
        Expect.That(info.MtuMin <= 1500 && info.MtuMax >= 1500, $"the MTU is {info.MtuMin} to {info.MtuMax}, without 1500.");
        Expect.That(!info.MacAddress.IsMulticast && info.MacAddress != default, $"the address is {info.MacAddress}.");
        Expect.That((info.RssHashTypes != 0) == (info.RetaLength != 0), "RSS has hash types or a table, not both.");
    }

    private void CheckUnknownArgument() => Expect.Throws<ArgumentException>(
        () => Open(With("no_such_argument=1")).Dispose(), "an unknown argument", "no_such_argument");

    private void CheckCallOrder()
    {
        using var pool = NewPool();
        EthernetDevice port = Open(Specifier);
        Expect.Throws<InvalidOperationException>(port.Start, "Start of an opened port", "Opened");
        Expect.Throws<InvalidOperationException>(
            () => port.ConfigureTransmitQueue(0, new TransmitQueueOptions()), "a queue of an opened port", "Opened");
        port.Configure(new EthernetConfiguration());
        Expect.Throws<InvalidOperationException>(port.Start, "Start without queues", "not set up");
        Expect.Throws<InvalidOperationException>(port.Stop, "Stop of a configured port", "Configured");
        SetUp(port, pool, 1);
        port.Start();
        Expect.Throws<InvalidOperationException>(port.Start, "Start of a started port", "Started");
        Expect.Throws<InvalidOperationException>(
            () => port.Configure(new EthernetConfiguration()), "Configure of a started port", "Started");
        port.Dispose();
        Expect.Throws<ObjectDisposedException>(port.Start, "Start of a disposed port");
        port.Dispose();
        RequireAllBack(pool);
    }

    private void CheckLifeCycle()
    {
        using var pool = NewPool();
        using (EthernetDevice port = Open(Specifier))
        {
            for (int round = 0; round < 3; round++)
            {
                port.Configure(new EthernetConfiguration());
                SetUp(port, pool, 1);
                for (int start = 0; start < 2; start++)
                {
                    port.Start();
                    Exchange(port, pool, 40);
                    port.Stop();
                    Expect.Equal(DeviceState.Stopped, port.State, "State after Stop");
                }
            }
        }

        RequireAllBack(pool);
    }

    private void CheckLimits()
    {
        using EthernetDevice port = Open(Specifier);
        EthernetDeviceInfo info = port.Info;
        Expect.Throws<ArgumentException>(
            () => port.Configure(new EthernetConfiguration { ReceiveQueueCount = 0 }), "0 receive queues");
        Expect.Throws<ArgumentException>(
            () => port.Configure(new EthernetConfiguration { TransmitQueueCount = info.QueuePairMax + 1 }), "too many queues");
        Expect.Throws<ArgumentException>(
            () => port.Configure(new EthernetConfiguration { Mtu = info.MtuMax + 1 }), "too great an MTU");
        if (~info.ReceiveOffloads is var missing && missing.HasFlag(ReceiveOffloads.KeepCrc))
        {
            Expect.Throws<ArgumentException>(
                () => port.Configure(new EthernetConfiguration { ReceiveOffloads = ReceiveOffloads.KeepCrc }),
                "a receive offload that is not offered", "KeepCrc");
        }

        port.Configure(new EthernetConfiguration());
        foreach (int count in (int[])[0, 3, info.DescriptorMax * 2])
        {
            Expect.Throws<ArgumentException>(
                () => port.ConfigureTransmitQueue(0, new TransmitQueueOptions { DescriptorCount = count }), $"{count} descriptors");
        }
    }

    private void CheckLoop() => WithPort(Specifier, new EthernetConfiguration(), (port, pool) => Exchange(port, pool, 600));

    private void CheckEveryWidth()
    {
        foreach (int width in (int[])[64, 128, 256, 512])
        {
            if (width <= (int)Registry.Policy.Maximum)
            {
                WithPort(With($"max_simd={width}"), AllChecksums(), (port, pool) =>
                {
                    foreach (KernelChoice choice in port.Info.Kernels)
                    {
                        Expect.That((int)choice.Width <= width, $"max_simd={width}, but {choice.Operation} reports {(int)choice.Width}.");
                    }

                    Exchange(port, pool, 200);
                });
            }
        }
    }

    private void CheckEmptyBurst() => WithPort(Specifier, new EthernetConfiguration(), (port, pool) =>
    {
        Expect.Equal(0, port.TransmitBurst(0, []), "transmission of nothing");
        Expect.Equal(0, port.ReceiveBurst(0, []), "reception into nothing");
        Expect.Equal(0, port.ReceiveBurst(0, new Mbuf[4]), "reception while nothing was sent");
        Exchange(port, pool, 1);
    });

    private void CheckPartialTransmit() => WithPort(Specifier, new EthernetConfiguration(), (port, pool) =>
    {
        Mbuf[] frames = Frames(port, pool, 4 * Descriptors);
        int sent = port.TransmitBurst(0, frames);
        Expect.That(sent is >= 1 and <= 4 * Descriptors, $"{sent} frames were taken.");
        MbufPool.FreeBulk(frames.AsSpan(sent));
        Expect.Equal((ulong)sent, (ulong)Drain(port, sent), "frames that came back, with those missed");
    });

    private void CheckNoMbufs() => WithPort(Specifier, new EthernetConfiguration(), (port, pool) =>
    {
        // Everything received is kept, until the queue has no buffers left.
        Mbuf[] frames = Frames(port, pool, 3 * Descriptors);
        var kept = new List<Mbuf>();
        var taken = new Mbuf[32];
        var hoard = new Mbuf[pool.AvailableCount];
        int hoarded = 0;
        while (hoarded < hoard.Length && pool.TryAlloc(out hoard[hoarded]))
        {
            hoarded++;
        }

        int sent = 0;
        var patience = new Patience();
        int idle = 0;
        while (sent < frames.Length || idle < 50)
        {
            int now = port.TransmitBurst(0, frames.AsSpan(sent, Math.Min(16, frames.Length - sent)));
            sent += now;
            int got = port.ReceiveBurst(0, taken);
            kept.AddRange(taken.AsSpan(0, got));
            idle = now + got == 0 ? idle + 1 : 0;
            if (idle >= 50)
            {
                break;
            }

            patience.Check(now + got != 0 || idle < 50, "frames moved");
        }

        MbufPool.FreeBulk(frames.AsSpan(sent));
        MbufPool.FreeBulk(kept.ToArray());
        MbufPool.FreeBulk(hoard.AsSpan(0, hoarded));
        EthernetStatistics statistics = port.Statistics;
        Expect.That(
            statistics.MissedPackets + statistics.NoMbufCount != 0 || kept.Count == sent,
            $"{sent - kept.Count} frames are gone and nothing was counted.");
        for (int i = 0; i < 4; i++)
        {
            Drain(port, 0);
        }

        Exchange(port, pool, 100, exact: false);
    });

    private void CheckSegments() => WithPort(
        Specifier, new EthernetConfiguration { TransmitOffloads = TransmitOffloads.MultiSegment }, TransmitOffloads.MultiSegment, (port, pool) =>
    {
        for (int cut = 14; cut < 200; cut += 23)
        {
            byte[] frame = FrameMaker.Udp(port.Info.MacAddress, cut, 400);
            Mbuf chain = PacketMaker.Chain(pool, frame, cut, Math.Min(cut + 1, 399), Math.Min(cut + 90, 399));
            Mbuf back = SendOne(port, chain);
            Expect.That(Bytes(back).AsSpan().SequenceEqual(frame), $"a frame cut at {cut} came back changed.");
            back.Free();
        }
    });

    private void CheckReceiveChecksums() => WithPort(
        Specifier, new EthernetConfiguration { ReceiveOffloads = ReceiveOffloads.Ipv4Checksum | ReceiveOffloads.UdpChecksum | ReceiveOffloads.TcpChecksum },
        ReceiveOffloads.Ipv4Checksum | ReceiveOffloads.UdpChecksum | ReceiveOffloads.TcpChecksum, (port, pool) =>
    {
        for (int length = 60; length < 300; length += 31)
        {
            byte[] good = FrameMaker.Udp(port.Info.MacAddress, length, length);
            RequireFlags(port, pool, good, MbufOffloadFlags.ReceiveIPChecksumGood, MbufOffloadFlags.ReceiveL4ChecksumGood, $"a good frame of {length}");
            byte[] badL4 = [.. good];
            badL4[^1] ^= 0x40;
            RequireFlags(port, pool, badL4, MbufOffloadFlags.ReceiveIPChecksumGood, MbufOffloadFlags.ReceiveL4ChecksumBad, $"a frame of {length} with bad UDP");
            byte[] badIp = [.. good];
            badIp[24] ^= 1;
            RequireFlags(port, pool, badIp, MbufOffloadFlags.ReceiveIPChecksumBad, 0, $"a frame of {length} with bad IPv4");
        }
    });

    private void CheckTransmitChecksums() => WithPort(
        Specifier, new EthernetConfiguration { TransmitOffloads = TransmitOffloads.Ipv4Checksum | TransmitOffloads.UdpChecksum },
        TransmitOffloads.Ipv4Checksum | TransmitOffloads.UdpChecksum, (port, pool) =>
    {
        for (int length = 60; length < 300; length += 29)
        {
            byte[] right = FrameMaker.Udp(port.Info.MacAddress, length, length);
            byte[] blank = [.. right];
            blank.AsSpan(24, 2).Clear();
            blank.AsSpan(40, 2).Clear();
            Mbuf mbuf = PacketMaker.Chain(pool, blank);
            mbuf.L2Length = 14;
            mbuf.L3Length = 20;
            mbuf.OffloadFlags |= MbufOffloadFlags.TransmitIPv4 | MbufOffloadFlags.TransmitIPChecksum | MbufOffloadFlags.TransmitUdpChecksum;
            Expect.Equal(1, port.PrepareTransmit(0, [mbuf]), "frames that Prepare lets pass");
            Mbuf back = SendOne(port, mbuf);
            Expect.That(Bytes(back).AsSpan().SequenceEqual(right), $"the checksums of a frame of {length} were not written right.");
            back.Free();
        }
    });

    private void CheckPrepare() => WithPort(Specifier, new EthernetConfiguration(), (port, pool) =>
    {
        Expect.Offered(!port.Info.TransmitOffloads.HasFlag(TransmitOffloads.UdpSegmentation), "a port without UDP segmentation");
        Mbuf[] frames = Frames(port, pool, 4);
        Expect.Equal(4, port.PrepareTransmit(0, frames), "plain frames that Prepare lets pass");
        frames[2].OffloadFlags |= MbufOffloadFlags.TransmitUdpSegmentation | MbufOffloadFlags.TransmitIPv4;
        Expect.Equal(2, port.PrepareTransmit(0, frames), "frames before one that asks for UDP segmentation");
        MbufPool.FreeBulk(frames);
    });

    private void CheckMtu() => WithPort(Specifier, new EthernetConfiguration { Mtu = 1500 }, (port, pool) =>
    {
        byte[] frame = FrameMaker.Udp(port.Info.MacAddress, 1, 1514);
        Mbuf back = SendOne(port, PacketMaker.Chain(pool, frame));
        Expect.That(Bytes(back).AsSpan().SequenceEqual(frame), "a frame of the MTU came back changed.");
        back.Free();
        Expect.Throws<ArgumentException>(() => port.SetMtu(port.Info.MtuMax + 1), "an MTU beyond the greatest");
    });

    private void CheckLink() =>
        WithPort(Specifier, new EthernetConfiguration(), (port, _) => Expect.That(port.Link.IsUp, "the link is down."));

    private void CheckRss()
    {
        using EthernetDevice port = Open(Specifier);
        Expect.Offered(
            port.Info.QueuePairMax >= 2 && port.Info.RssHashTypes.HasFlag(RssHashTypes.Ipv4Udp), "RSS over two queues");
        using var pool = NewPool();
        port.Configure(new EthernetConfiguration
        {
            ReceiveQueueCount = 2,
            TransmitQueueCount = 2,
            Rss = new RssConfiguration(RssHashTypes.Ipv4 | RssHashTypes.Ipv4Udp),
        });
        SetUp(port, pool, 2);
        ushort[] reta = new ushort[port.Info.RetaLength];
        Array.Fill(reta, (ushort)1);
        port.SetReta(reta);
        Expect.That(port.GetReta().AsSpan().SequenceEqual(reta), "the indirection table is not what was set.");
        Expect.Throws<ArgumentException>(() => port.SetReta(reta.AsSpan(1)), "a short indirection table");
        port.Start();
        Mbuf[] frames = Frames(port, pool, 32);
        int sent = port.TransmitBurst(0, frames);
        Expect.Equal(32, sent, "frames taken");
        Expect.Equal(32, Count(port, 1, 32), "frames on the queue that the whole table names");
        Expect.Equal(0, Count(port, 0, 0), "frames on the other queue");
        port.Dispose();
        RequireAllBack(pool);
    }

    private void CheckQueueState() => WithPort(Specifier, new EthernetConfiguration(), (port, pool) =>
    {
        Expect.Offered(port.Info.Capabilities.HasFlag(EthernetCapabilities.RuntimeQueueState), "queues that stop while the port runs");
        Exchange(port, pool, 30);
        port.StopTransmitQueue(0);
        Mbuf[] frames = Frames(port, pool, 1);
        Expect.Equal(0, port.TransmitBurst(0, frames), "frames taken by a stopped queue");
        MbufPool.FreeBulk(frames);
        port.StartTransmitQueue(0);
        port.StopReceiveQueue(0);
        Expect.Equal(0, port.ReceiveBurst(0, new Mbuf[1]), "frames of a stopped queue");
        port.StartReceiveQueue(0);
        Exchange(port, pool, 30);
    });

    private void CheckStatistics() => WithPort(Specifier, new EthernetConfiguration(), (port, pool) =>
    {
        Exchange(port, pool, 50);
        EthernetStatistics seen = port.Statistics;
        Expect.Equal(50ul, seen.TransmittedPackets, "TransmittedPackets");
        Expect.Equal(50ul, seen.ReceivedPackets, "ReceivedPackets");
        Expect.Equal(seen.TransmittedBytes, seen.ReceivedBytes, "bytes received, of those transmitted");
        Expect.That(seen.TransmittedBytes >= 50 * 60, $"TransmittedBytes is {seen.TransmittedBytes}.");
        Expect.Equal(50ul, port.GetReceiveQueueStatistics(0).ReceivedPackets, "ReceivedPackets of queue 0");
        IReadOnlyList<ExtendedStatistic> extended = port.GetExtendedStatistics();
        Expect.Equal(extended.Count, extended.Select(s => s.Name).Distinct().Count(), "distinct names of extended statistics");
        port.ResetStatistics();
        Expect.Equal(default, port.Statistics, "statistics after a reset");
    });

    private void CheckStopInFlight() => WithPort(Specifier, new EthernetConfiguration(), (port, pool) =>
    {
        Mbuf[] frames = Frames(port, pool, Descriptors);
        int sent = port.TransmitBurst(0, frames);
        port.Stop();
        MbufPool.FreeBulk(frames.AsSpan(sent));
        Expect.Equal(0, port.ReceiveBurst(0, new Mbuf[4]), "frames of a stopped port");
        Expect.Equal(0, port.TransmitBurst(0, []), "frames taken by a stopped port");
        port.Start();
        Drain(port, 0);
    });

    private void CheckStopWhilePolled() => WithPort(Specifier, new EthernetConfiguration(), (port, pool) =>
    {
        bool ended = false;
        using var polling = new ManualResetEventSlim();
        var poller = new Thread(() =>
        {
            var frames = new Mbuf[4];
            while (!Volatile.Read(ref ended))
            {
                if (pool.TryAlloc(out Mbuf mbuf))
                {
                    mbuf.TryAppend(60, out Span<byte> room);
                    FrameMaker.Udp(port.Info.MacAddress, 1, 60).CopyTo(room);
                    if (port.TransmitBurst(0, [mbuf]) == 0)
                    {
                        mbuf.Free();
                    }
                }

                int got = port.ReceiveBurst(0, frames);
                MbufPool.FreeBulk(frames.AsSpan(0, got));
                polling.Set();
            }
        });
        poller.Start();
        polling.Wait();
        for (int round = 0; round < 20; round++)
        {
            port.Stop();
            port.Start();
        }

        Volatile.Write(ref ended, true);
        poller.Join();
        Drain(port, 0);
    });

    private void CheckDisposeInFlight()
    {
        using var pool = NewPool();
        EthernetDevice port = Open(Specifier);
        port.Configure(new EthernetConfiguration());
        SetUp(port, pool, 1);
        port.Start();
        Mbuf[] frames = Frames(port, pool, Descriptors);
        int sent = port.TransmitBurst(0, frames);
        port.Dispose();
        MbufPool.FreeBulk(frames.AsSpan(sent));
        RequireAllBack(pool);
    }

    private void CheckTwoThreads()
    {
        const int FrameCount = 20_000;
        using var pool = NewPool();
        using (EthernetDevice port = Open(Specifier))
        {
            Expect.Offered(port.Info.QueuePairMax >= 2, "two queues");
            RssHashTypes types = port.Info.RssHashTypes & (RssHashTypes.Ipv4 | RssHashTypes.Ipv4Udp);
            port.Configure(new EthernetConfiguration { ReceiveQueueCount = 2, TransmitQueueCount = 2, Rss = new RssConfiguration(types) });
            SetUp(port, pool, 2);
            port.Start();
            int received = 0;
            int transmitted = 0;
            Thread[] threads = [.. Enumerable.Range(0, 2).Select(queue => new Thread(() =>
            {
                var frames = new Mbuf[16];
                byte[] frame = FrameMaker.Udp(port.Info.MacAddress, queue, 60);
                int mine = 0;
                int idle = 0;
                while (mine < FrameCount || idle < 1000)
                {
                    int moved = 0;
                    if (mine < FrameCount && pool.TryAlloc(out Mbuf mbuf))
                    {
                        mbuf.TryAppend(frame.Length, out Span<byte> room);
                        FrameMaker.SetFlow(frame, mine);
                        frame.CopyTo(room);
                        moved = port.TransmitBurst(queue, [mbuf]);
                        mine += moved;
                        if (moved == 0)
                        {
                            mbuf.Free();
                        }
                    }

                    int got = port.ReceiveBurst(queue, frames);
                    MbufPool.FreeBulk(frames.AsSpan(0, got));
                    Interlocked.Add(ref received, got);
                    idle = moved + got == 0 ? idle + 1 : 0;
                    if (idle > 100)
                    {
                        Thread.Yield();
                    }
                }

                Interlocked.Add(ref transmitted, mine);
            }))];
            foreach (Thread thread in threads)
            {
                thread.Start();
            }

            foreach (Thread thread in threads)
            {
                thread.Join();
            }

            received += Drain(port, 0) + Count(port, 1, 0);
            EthernetStatistics statistics = port.Statistics;
            Expect.Equal(
                transmitted, received + (int)statistics.MissedPackets, "frames received, with those missed, of those transmitted");
        }

        RequireAllBack(pool);
    }

    private void CheckNoAllocation() => WithPort(Specifier, new EthernetConfiguration(), (port, pool) =>
    {
        Mbuf[] frames = Frames(port, pool, 16);
        long least = long.MaxValue;
        for (int round = 0; round < 50 && least != 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            int sent = 0;
            int done = 0;
            while (done < frames.Length)
            {
                sent += port.TransmitBurst(0, frames.AsSpan(sent));
                done += port.ReceiveBurst(0, frames.AsSpan(done, sent - done));
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Expect.Equal(0L, least, "bytes allocated by bursts of 16 frames");
        MbufPool.FreeBulk(frames);
    });

    private static void RequireFlags(
        EthernetDevice port, MbufPool pool, byte[] frame, MbufOffloadFlags ip, MbufOffloadFlags l4, string what)
    {
        Mbuf back = SendOne(port, PacketMaker.Chain(pool, frame));
        const MbufOffloadFlags IpMask = MbufOffloadFlags.ReceiveIPChecksumGood | MbufOffloadFlags.ReceiveIPChecksumBad;
        const MbufOffloadFlags L4Mask = MbufOffloadFlags.ReceiveL4ChecksumGood | MbufOffloadFlags.ReceiveL4ChecksumBad;
        Expect.Equal(ip, back.OffloadFlags & IpMask, $"IPv4 checksum flags of {what}");
        if (l4 != 0)
        {
            Expect.Equal(l4, back.OffloadFlags & L4Mask, $"L4 checksum flags of {what}");
        }

        back.Free();
    }

    private static EthernetConfiguration AllChecksums() => new();

    private EthernetDevice Open(string specifier) => Registry.OpenEthernet(specifier);

    private static MbufPool NewPool() => new(new MbufPoolOptions { Name = "conformance", Count = 2048, CacheSize = 32 });

    private static void SetUp(EthernetDevice port, MbufPool pool, int queues)
    {
        for (int i = 0; i < queues; i++)
        {
            port.ConfigureReceiveQueue(i, new ReceiveQueueOptions { Pool = pool, DescriptorCount = Descriptors });
            port.ConfigureTransmitQueue(i, new TransmitQueueOptions { DescriptorCount = Descriptors });
        }
    }

    private void WithPort(string specifier, EthernetConfiguration configuration, Action<EthernetDevice, MbufPool> body)
    {
        using var pool = NewPool();
        using (EthernetDevice port = Open(specifier))
        {
            port.Configure(configuration);
            SetUp(port, pool, 1);
            port.Start();
            body(port, pool);
        }

        RequireAllBack(pool);
    }

    private void WithPort(
        string specifier, EthernetConfiguration configuration, ReceiveOffloads needed, Action<EthernetDevice, MbufPool> body)
    {
        using (EthernetDevice port = Open(specifier))
        {
            Expect.Offered(port.Info.ReceiveOffloads.HasFlag(needed), $"the receive offloads {needed}");
        }

        WithPort(specifier, configuration, body);
    }

    private void WithPort(
        string specifier, EthernetConfiguration configuration, TransmitOffloads needed, Action<EthernetDevice, MbufPool> body)
    {
        using (EthernetDevice port = Open(specifier))
        {
            Expect.Offered(port.Info.TransmitOffloads.HasFlag(needed), $"the transmit offloads {needed}");
        }

        WithPort(specifier, configuration, body);
    }

    private static Mbuf[] Frames(EthernetDevice port, MbufPool pool, int count) =>
        [.. Enumerable.Range(0, count).Select(i =>
            PacketMaker.Chain(pool, FrameMaker.Udp(port.Info.MacAddress, i, 60 + (i * 41 % 1400))))];

    /// <summary>Sends frames and takes them back, in order.</summary>
    private static void Exchange(EthernetDevice port, MbufPool pool, int count, bool exact = true)
    {
        var back = new Mbuf[32];
        int sent = 0;
        int done = 0;
        var patience = new Patience();
        Mbuf waiting = default;
        while (done < count)
        {
            if (sent < count)
            {
                if (waiting.IsNull)
                {
                    waiting = PacketMaker.Chain(pool, FrameMaker.Udp(port.Info.MacAddress, sent, 60 + (sent * 41 % 1400)));
                }

                if (port.TransmitBurst(0, [waiting]) == 1)
                {
                    sent++;
                    waiting = default;
                }
            }

            int got = port.ReceiveBurst(0, back);
            for (int i = 0; i < got; i++, done++)
            {
                if (exact)
                {
                    byte[] expected = FrameMaker.Udp(port.Info.MacAddress, done, 60 + (done * 41 % 1400));
                    Expect.That(Bytes(back[i]).AsSpan().SequenceEqual(expected), $"frame {done} came back changed or out of order.");
                    Expect.That(back[i].Check(out string? reason), $"frame {done} is a malformed mbuf: {reason}");
                }

                back[i].Free();
            }

            patience.Check(got != 0 || sent < count, $"{done} of {count} frames came back");
        }
    }

    private static Mbuf SendOne(EthernetDevice port, Mbuf frame)
    {
        Expect.Equal(1, port.TransmitBurst(0, [frame]), "frames taken");
        var back = new Mbuf[1];
        var patience = new Patience();
        while (port.ReceiveBurst(0, back) == 0)
        {
            patience.Check(progress: false, "no frame came back");
        }

        return back[0];
    }

    /// <summary>Takes and frees frames of queue 0; those missed count too.</summary>
    private static int Drain(EthernetDevice port, int expected)
    {
        int seen = Count(port, 0, expected);
        return expected == 0 ? seen : seen + (int)port.Statistics.MissedPackets;
    }

    private static int Count(EthernetDevice port, int queue, int expected)
    {
        var back = new Mbuf[32];
        int seen = 0;
        for (int idle = 0; idle < (seen < expected ? 2000 : 50); idle++)
        {
            int got = port.ReceiveBurst(queue, back);
            MbufPool.FreeBulk(back.AsSpan(0, got));
            seen += got;
            idle = got == 0 ? idle : 0;
            if (got == 0)
            {
                Thread.Yield();
            }
        }

        return seen;
    }

    private static byte[] Bytes(Mbuf mbuf)
    {
        byte[] bytes = new byte[mbuf.PacketLength];
        mbuf.CopyTo(bytes);
        return bytes;
    }

    private static void RequireAllBack(MbufPool pool) =>
        Expect.Equal(0, pool.InUseCount, "mbufs that did not come back to their pool");
}
