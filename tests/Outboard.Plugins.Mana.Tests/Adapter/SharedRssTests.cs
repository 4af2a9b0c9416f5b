using System.Globalization;
using System.Text.Json;
using Outboard.Captures;
using Outboard.Ethernet;
using Outboard.Mbufs;
using Outboard.Plugins.Mana.Tests.Support;

namespace Outboard.Plugins.Mana.Tests.Adapter;

/// <summary>Hashes of real frames, worked out elsewhere, beside those that the port reports.</summary>
public sealed class SharedRssTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void HashesOfTheSharedCapturesAreMet(int maxSimd)
    {
        string readings = SharedVectorFiles.Require("ethdev/packets.jsonl");
        string folder = Path.Combine(Path.GetDirectoryName(readings)!, "pcap");
        var hashes = new Dictionary<(string, long), (uint Addresses, uint? Ports)>();
        foreach (string line in File.ReadLines(readings))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement reading = document.RootElement;
            if (reading.TryGetProperty("rss.l3", out JsonElement l3))
            {
                uint? ports = reading.TryGetProperty("rss.l3l4", out JsonElement l4) ? Hex(l4) : null;
                hashes[(reading.GetProperty("file").GetString()!, reading.GetProperty("number").GetInt64())] =
                    (Hex(l3), ports);
            }
        }

        using MbufPool pool = ManaPorts.NewPool(511, 9200);
        using EthernetDevice port = ManaPorts.Open("net_mana0", maxSimd);
        ManaPorts.Run(port, pool, new EthernetConfiguration
        {
            Mtu = 9000,
            ReceiveOffloads = ReceiveOffloads.RssHash,
            Rss = new RssConfiguration(RssHashTypes.All),
        }, receiveDescriptors: 64);
        int compared = 0;
        foreach (string file in hashes.Keys.Select(key => key.Item1).Distinct().Order())
        {
            using CaptureReader capture = CaptureReader.Open(Path.Combine(folder, file));
            for (long number = 1; capture.TryRead(out CaptureRecord record); number++)
            {
                if (record.LinkType == LinkType.Ethernet && record.Data.Length is >= 14 and <= 9014
                    && hashes.TryGetValue((file, number), out (uint Addresses, uint? Ports) expected))
                {
                    compared += Compare(port, pool, record.Data, expected, $"{file} {number}");
                }
            }
        }

        Assert.True(compared > 800, $"Only {compared} hashes were compared.");
    }

    private static int Compare(
        EthernetDevice port,
        MbufPool pool,
        ReadOnlySpan<byte> frame,
        (uint Addresses, uint? Ports) expected,
        string name)
    {
        Assert.Equal(1, port.TransmitBurst(0, [ManaPorts.NewFrame(pool, frame)]));
        Mbuf[] back = new Mbuf[1];
        Assert.Equal(1, port.ReceiveBurst(0, back));
        uint hash = back[0].RssHash;
        bool isHashed = back[0].OffloadFlags.HasFlag(MbufOffloadFlags.ReceiveRssHash);
        back[0].Free();
        if (!isHashed)
        {
            return 0;
        }

        // Without TCP or UDP, or in a fragment, the addresses alone are hashed.
        Assert.True(
            hash == expected.Addresses || hash == expected.Ports,
            $"{name}: {hash:x8}, not {expected.Addresses:x8} or {expected.Ports:x8}");
        return 1;
    }

    private static uint Hex(JsonElement value) =>
        uint.Parse(value.GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
