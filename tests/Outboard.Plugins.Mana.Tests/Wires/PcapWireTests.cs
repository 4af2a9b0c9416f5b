using Outboard.Captures;
using Outboard.Devices;
using Outboard.Ethernet;
using Outboard.Mbufs;
using Outboard.Plugins.Mana.Tests.Support;

namespace Outboard.Plugins.Mana.Tests.Wires;

public sealed class PcapWireTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outboard-mana").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(CaptureFormat.Pcap, "out.pcap")]
    [InlineData(CaptureFormat.PcapNg, "out.pcapng")]
    public void ACaptureGoesThroughThePortUnchanged(CaptureFormat format, string target)
    {
        byte[][] frames = MakeFrames(3000);
        string source = Write("in.pcap", format, frames);
        string output = Path.Combine(_folder, target);
        using MbufPool pool = ManaPorts.NewPool();
        using (EthernetDevice port = ManaPorts.Open($"net_mana0,wire=pcap,rx_pcap={source},tx_pcap={output}"))
        {
            ManaPorts.Run(port, pool);
            Span<Mbuf> burst = new Mbuf[32];
            int total = 0;
            while (port.Link.IsUp || port.GetReceivePendingCount(0) != 0)
            {
                int count = port.ReceiveBurst(0, burst);
                Assert.Equal(count, port.TransmitBurst(0, burst[..count]));
                total += count;
            }

            Assert.Equal(frames.Length, total);
            Assert.Equal(0ul, port.Statistics.MissedPackets);
        }

        Assert.Equal(0, pool.InUseCount);
        Assert.Equal(frames, Read(output));
    }

    [Fact]
    public void ACaptureIsPlayedAsOftenAsAsked()
    {
        byte[][] frames = MakeFrames(50);
        string source = Write("in.pcap", CaptureFormat.Pcap, frames);
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open($"net_mana0,wire=pcap,rx_pcap={source},loops=7");
        ManaPorts.Run(port, pool);
        int total = 0;
        Span<Mbuf> burst = new Mbuf[16];
        for (int count; (count = port.ReceiveBurst(0, burst)) != 0; total += count)
        {
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(frames[(total + i) % frames.Length], burst[i].Data.ToArray());
                burst[i].Free();
            }
        }

        Assert.Equal(350, total);
    }

    [Fact]
    public void FramesWaitForBuffersSoThatNoneIsLost()
    {
        // Two queues, one of them not polled until the other has run dry against it.
        byte[][] frames = MakeFrames(2000);
        string source = Write("in.pcap", CaptureFormat.Pcap, frames);
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open($"net_mana0,wire=pcap,rx_pcap={source}");
        ManaPorts.Run(port, pool, new EthernetConfiguration
        {
            ReceiveQueueCount = 2,
            Rss = new RssConfiguration(RssHashTypes.All),
        });
        Span<Mbuf> burst = new Mbuf[32];
        int total = 0;
        for (int idle = 0; idle < 4;)
        {
            int queue = idle % 2;
            int count = port.ReceiveBurst(queue, burst);
            MbufPool.FreeBulk(burst[..count]);
            total += count;
            idle = count == 0 ? idle + 1 : queue;
        }

        Assert.True(
            frames.Length == total,
            $"{total} of {frames.Length}; {port.Statistics}; "
                + string.Join(' ', port.GetExtendedStatistics().Where(s => s.Value != 0)));
        Assert.Equal(0ul, port.Statistics.MissedPackets);
    }

    [Fact]
    public void ADamagedCaptureEndsTheWireWithAReason()
    {
        string source = Write("in.pcap", CaptureFormat.Pcap, MakeFrames(100));
        byte[] bytes = File.ReadAllBytes(source);
        File.WriteAllBytes(source, bytes[..^10]);
        using MbufPool pool = ManaPorts.NewPool();
        using EthernetDevice port = ManaPorts.Open($"net_mana0,wire=pcap,rx_pcap={source}");
        string? reason = null;
        port.Changed += (_, change) =>
        {
            if (change.Kind == EthernetEvent.LinkChanged)
            {
                Volatile.Write(ref reason, change.Reason);
            }
        };
        ManaPorts.Run(port, pool);
        Span<Mbuf> burst = new Mbuf[64];
        int total = 0;
        for (int count; (count = port.ReceiveBurst(0, burst)) != 0; total += count)
        {
            MbufPool.FreeBulk(burst[..count]);
        }

        Assert.Equal(99, total);
        Assert.False(port.Link.IsUp);
        SpinWait.SpinUntil(() => Volatile.Read(ref reason) is not null, TimeSpan.FromSeconds(10));
        Assert.Contains("in.pcap", reason, StringComparison.Ordinal);
        Assert.Equal(1ul, ManaPorts.Counter(port, "wire_faults"));
    }

    [Fact]
    public void WhatIsNoCaptureIsRefusedInOneLine()
    {
        string file = Path.Combine(_folder, "text.pcap");
        File.WriteAllText(file, "not a capture at all, only text");
        DeviceException refused = Assert.Throws<DeviceException>(
            () => ManaPorts.Open($"net_mana0,wire=pcap,rx_pcap={file}"));
        Assert.Contains("text.pcap", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        refused = Assert.Throws<DeviceException>(() => ManaPorts.Open($"net_mana0,wire=pcap,rx_pcap={file}.missing"));
        Assert.Contains("text.pcap.missing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACaptureOfAnotherLinkTypeIsRefused()
    {
        string file = Path.Combine(_folder, "raw.pcap");
        using (CaptureWriter writer = CaptureWriter.Create(file, CaptureFormat.Pcap, LinkType.Raw))
        {
            writer.Write(0, new byte[40]);
        }

        Assert.Contains(
            "Ethernet",
            Assert.Throws<DeviceException>(() => ManaPorts.Open($"net_mana0,wire=pcap,rx_pcap={file}")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void SharedCapturesComeThroughByteForByte()
    {
        string folder = SharedVectorFiles.Require("ethdev/pcap");
        int compared = 0;
        foreach (string file in Directory.EnumerateFiles(folder).Order())
        {
            byte[][] frames;
            try
            {
                frames = Read(file);
            }
            catch (FormatException)
            {
                Assert.Throws<DeviceException>(() => ManaPorts.Open($"net_mana0,wire=pcap,rx_pcap={file}").Dispose());
                continue;
            }

            using (CaptureReader reader = CaptureReader.Open(file))
            {
                if (reader.LinkType != LinkType.Ethernet)
                {
                    continue;
                }
            }

            compared += Compare(file, frames);
        }

        Assert.True(compared > 1000);
    }

    private static int Compare(string file, byte[][] frames)
    {
        using MbufPool pool = ManaPorts.NewPool(1023, 60_000);
        using EthernetDevice port = ManaPorts.Open($"net_mana0,wire=pcap,rx_pcap={file}");
        ManaPorts.Run(port, pool, receiveDescriptors: 128);
        Span<Mbuf> burst = new Mbuf[32];
        int next = 0;
        for (int count; (count = port.ReceiveBurst(0, burst)) != 0;)
        {
            foreach (Mbuf mbuf in burst[..count])
            {
                // What does not fit a buffer is dropped and counted; nothing else is missing.
                while (frames[next].Length > 60_000 - 128)
                {
                    next++;
                }

                Assert.Equal(frames[next++], mbuf.Data.ToArray());
                mbuf.Free();
            }
        }

        Assert.Equal((ulong)frames.Count(frame => frame.Length > 60_000 - 128), port.Statistics.ReceiveErrors);
        return next;
    }

    private static byte[][] MakeFrames(int count)
    {
        var random = new Random(count);
        return
        [
            .. Enumerable.Range(0, count).Select(i => Frames.Build(
                i % 4 == 0 ? 6 : 4,
                i % 2 == 0 ? Frames.Tcp : Frames.Udp,
                random.Next(0, 1400),
                i,
                (ushort)random.Next(65536))),
        ];
    }

    private string Write(string name, CaptureFormat format, byte[][] frames)
    {
        string path = Path.Combine(_folder, name);
        using CaptureWriter writer = CaptureWriter.Create(path, format, LinkType.Ethernet);
        for (int i = 0; i < frames.Length; i++)
        {
            writer.Write(i * 1000L, frames[i]);
        }

        return path;
    }

    private static byte[][] Read(string path)
    {
        using CaptureReader reader = CaptureReader.Open(path);
        var frames = new List<byte[]>();
        while (reader.TryRead(out CaptureRecord record))
        {
            if (record.LinkType == LinkType.Ethernet)
            {
                frames.Add(record.Data.ToArray());
            }
        }

        return [.. frames];
    }
}
