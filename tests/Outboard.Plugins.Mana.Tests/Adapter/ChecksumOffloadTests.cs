using System.Globalization;
using System.Text.Json;
using Outboard.Captures;
using Outboard.Plugins.Mana.Adapter.Frames;
using Outboard.Plugins.Mana.Adapter.Layouts;
using Outboard.Plugins.Mana.Kernels.Checksum;
using Outboard.Plugins.Mana.Tests.Support;
using Outboard.Testing;

namespace Outboard.Plugins.Mana.Tests.Adapter;

public sealed unsafe class ChecksumOffloadTests
{
    [Theory]
    [InlineData(4, Frames.Tcp)]
    [InlineData(4, Frames.Udp)]
    [InlineData(6, Frames.Tcp)]
    [InlineData(6, Frames.Udp)]
    public void RightFramesAreGoodAndAnyFlippedBitIsSeen(int version, byte protocol)
    {
        for (int payload = 0; payload < 200; payload++)
        {
            byte[] frame = Frames.Build(version, protocol, payload, payload, padding: payload % 7);
            ReceiveFlags good = (version == 4 ? ReceiveFlags.IPChecksumGood : 0)
                | (protocol == Frames.Tcp ? ReceiveFlags.TcpChecksumGood : ReceiveFlags.UdpChecksumGood);
            Assert.Equal(good, VerifyAll(frame));

            // A bit of the transport payload or its ports; addresses and lengths would change more than one sum.
            int l4 = 14 + (version == 4 ? 20 : 40);
            frame[l4 + (payload % 4)] ^= 0x10;
            ReceiveFlags bad = (version == 4 ? ReceiveFlags.IPChecksumGood : 0)
                | (protocol == Frames.Tcp ? ReceiveFlags.TcpChecksumBad : ReceiveFlags.UdpChecksumBad);
            Assert.Equal(bad, VerifyAll(frame));
        }
    }

    [Fact]
    public void UdpWithoutAChecksumSaysNothingOverIPv4AndIsBadOverIPv6()
    {
        byte[] frame = Frames.Build(4, Frames.Udp, 30);
        (frame[40], frame[41]) = (0, 0);
        Assert.Equal(ReceiveFlags.IPChecksumGood, VerifyAll(frame));
        frame = Frames.Build(6, Frames.Udp, 30);
        (frame[60], frame[61]) = (0, 0);
        Assert.Equal(ReceiveFlags.UdpChecksumBad, VerifyAll(frame));
    }

    [Fact]
    public void NothingOutsideTheFrameIsReadWhateverItsBytesSay()
    {
        using var memory = new GuardedMemory(256);
        var random = new Random(14);
        for (int i = 0; i < 20_000; i++)
        {
            int length = random.Next(0, 130);
            Span<byte> frame = memory.AtEnd(length);
            random.NextBytes(frame);
            if (length > 24)
            {
                Shape(frame, random);
            }

            byte* p = memory.PointerAtEnd(length);
            FrameParser.Parse(p, length, out ParsedFrame parsed);
            _ = ChecksumOffload<ChecksumScalar>.Verify(p, in parsed);
            _ = ChecksumOffload<ChecksumVector512>.Verify(p, in parsed);
            if (length >= 14)
            {
                _ = ChecksumOffload<ChecksumVector256>.Generate(
                    p, length, (SendOobFlags)random.Next(128) & ~SendOobFlags.FormatMask, random.Next(1024));
            }
        }

        Assert.True(memory.IsGuarded || !OperatingSystem.IsLinux());
    }

    [Fact]
    public void ReadingsOfTsharkAreMetAtEveryWidth()
    {
        string root = SharedVectorFiles.Require("ethdev/packets.jsonl");
        string folder = Path.Combine(Path.GetDirectoryName(root)!, "pcap");
        Dictionary<(string, long), JsonElement> readings = [];
        foreach (string line in File.ReadLines(root))
        {
            JsonElement reading = JsonDocument.Parse(line).RootElement;
            readings[(reading.GetProperty("file").GetString()!, reading.GetProperty("number").GetInt64())] = reading;
        }

        int ip = 0, transport = 0;
        foreach (string file in readings.Keys.Select(key => key.Item1).Distinct().Order())
        {
            using CaptureReader capture = CaptureReader.Open(Path.Combine(folder, file));
            for (long number = 1; capture.TryRead(out CaptureRecord record); number++)
            {
                if (record.LinkType == LinkType.Ethernet
                    && readings.TryGetValue((file, number), out JsonElement reading))
                {
                    CompareWithReading(record.Data.ToArray(), reading, $"{file} {number}", ref ip, ref transport);
                }
            }
        }

        Assert.True(ip > 1000 && transport > 800, $"Only {ip} and {transport} checksums were compared.");
    }

    private static void CompareWithReading(
        byte[] frame, JsonElement reading, string name, ref int ip, ref int transport)
    {
        ReceiveFlags flags = VerifyAll(frame);

        // Of tunnelled packets tshark reads every layer; the adapter looks at the outermost.
        string? ipStatus = Text(reading, "ip.checksum.status")?.Split('|')[0];
        if (ipStatus is "good" or "bad" && flags != 0)
        {
            Assert.True(
                flags.HasFlag(ipStatus == "good" ? ReceiveFlags.IPChecksumGood : ReceiveFlags.IPChecksumBad),
                $"{name}: IP is {ipStatus}, flags are {flags}");
            ip++;
        }

        string protocols = Text(reading, "protocols") ?? string.Empty;
        string[] layers = protocols.Split(':');
        int network = Array.FindIndex(layers, layer => layer is "ip" or "ipv6");
        bool tcp = network >= 0 && Array.IndexOf(layers, "tcp", network) == network + 1;
        bool udp = network >= 0 && Array.IndexOf(layers, "udp", network) == network + 1;
        string? status = Text(reading, tcp ? "tcp.checksum.status" : "udp.checksum.status")?.Split('|')[0];
        bool plain = layers[..Math.Max(network, 0)].All(
            layer => layer is "eth" or "ethertype" or "vlan" or "ieee8021ad");
        if ((!tcp && !udp) || !plain || status is not ("good" or "bad"))
        {
            return;
        }

        ReceiveFlags good = tcp ? ReceiveFlags.TcpChecksumGood : ReceiveFlags.UdpChecksumGood;
        ReceiveFlags bad = tcp ? ReceiveFlags.TcpChecksumBad : ReceiveFlags.UdpChecksumBad;
        Assert.True(
            flags.HasFlag(status == "good" ? good : bad) && !flags.HasFlag(status == "good" ? bad : good),
            string.Create(CultureInfo.InvariantCulture, $"{name}: transport is {status}, flags are {flags}"));
        transport++;
    }

    private static string? Text(JsonElement reading, string name) =>
        reading.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static ReceiveFlags VerifyAll(byte[] frame)
    {
        fixed (byte* p = frame)
        {
            FrameParser.Parse(p, frame.Length, out ParsedFrame parsed);
            ReceiveFlags flags = ChecksumOffload<ChecksumScalar>.Verify(p, in parsed);
            Assert.Equal(flags, ChecksumOffload<ChecksumVector128>.Verify(p, in parsed));
            if (ChecksumVector256.IsSupported)
            {
                Assert.Equal(flags, ChecksumOffload<ChecksumVector256>.Verify(p, in parsed));
            }

            if (ChecksumVector512.IsSupported)
            {
                Assert.Equal(flags, ChecksumOffload<ChecksumVector512>.Verify(p, in parsed));
            }

            return flags;
        }
    }

    /// <summary>Makes noise look like IP, so that the parser goes deep.</summary>
    private static void Shape(Span<byte> frame, Random random)
    {
        int at = 12;
        for (int tags = random.Next(3); tags > 0; tags--)
        {
            (frame[at], frame[at + 1]) = (0x81, 0);
            at += 4;
        }

        bool v4 = random.Next(2) == 0;
        (frame[at], frame[at + 1]) = v4 ? ((byte)0x08, (byte)0) : ((byte)0x86, (byte)0xDD);
        int ip = at + 2;
        if (ip + 10 > frame.Length)
        {
            return;
        }

        frame[ip] = v4 ? (byte)(0x40 | random.Next(16)) : (byte)0x60;
        if (random.Next(2) == 0)
        {
            (frame[ip + 2], frame[ip + 3]) = (0, (byte)random.Next(140));
            (frame[ip + 4], frame[ip + 5]) = v4 ? (frame[ip + 4], frame[ip + 5]) : ((byte)0, (byte)random.Next(140));
        }

        frame[ip + 6] = v4 ? (byte)0 : (byte)(new byte[] { 0, 6, 17, 43, 44, 51, 60 })[random.Next(7)];
        if (v4)
        {
            frame[ip + 7] = 0;
            frame[ip + 9] = random.Next(2) == 0 ? Frames.Tcp : Frames.Udp;
        }
    }
}
