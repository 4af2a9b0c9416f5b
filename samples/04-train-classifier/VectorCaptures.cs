using System.Text.Json;
using Outboard.Captures;

namespace Outboard.Samples.TrainClassifier;

/// <summary>Captures of other people with another program's reading of each frame (shared/vectors/ethdev), as a test set.</summary>
/// <remarks>
/// The class of a frame is that of the innermost protocol in the reader's layer stack; a TCP or UDP frame without one takes
/// that of other frames of its flow. Nothing in there is known to be a scan or an attack.
/// </remarks>
internal static class VectorCaptures
{
    /// <param name="folder">The folder with packets.jsonl and pcap/.</param>
    /// <param name="namedOnly">Only frames in which the other program itself found a protocol of one of the classes.</param>
    public static Dataset Read(string folder, bool namedOnly)
    {
        Dictionary<string, List<JsonElement>> files = [];
        foreach (string line in File.ReadLines(Path.Combine(folder, "packets.jsonl")))
        {
            JsonElement packet = JsonDocument.Parse(line).RootElement;
            string file = packet.GetProperty("file").GetString()!;
            if (!files.TryGetValue(file, out List<JsonElement>? list))
            {
                files[file] = list = [];
            }
            list.Add(packet);
        }
        Dataset data = new();
        foreach ((string file, List<JsonElement> list) in files.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Dictionary<string, TrafficClass> flows = [];
            foreach (JsonElement packet in list)
            {
                if (OfStack(packet) is TrafficClass known and not TrafficClass.Other)
                {
                    flows[Flow(packet)] = known;
                }
            }
            using CaptureReader reader = CaptureReader.Open(Path.Combine(folder, "pcap", file));
            for (int i = 0; reader.TryRead(out CaptureRecord record); i++)
            {
                TrafficClass truth = OfStack(list[i]);
                if (namedOnly && truth == TrafficClass.Other)
                {
                    continue;
                }
                data.Add(record.Data, record.LinkType,
                    truth == TrafficClass.Other ? flows.GetValueOrDefault(Flow(list[i])) : truth, file);
            }
        }
        return data;
    }

    private static TrafficClass OfStack(JsonElement packet)
    {
        TrafficClass found = TrafficClass.Other;
        foreach (string layer in packet.GetProperty("protocols").GetString()!.Split(':'))
        {
            found = layer switch
            {
                "dns" or "mdns" => TrafficClass.Dns,
                "http" or "http2" => TrafficClass.Http,
                "tls" or "ssl" or "dtls" => TrafficClass.Tls,
                "smtp" or "imap" or "pop" or "imf" => TrafficClass.Mail,
                "ftp" or "ftp-data" => TrafficClass.Ftp,

                // An error message quotes the packet it is about, and what QUIC shows of TLS is not a TLS record.
                "icmp" or "icmpv6" or "quic" => TrafficClass.Other,
                _ => found,
            };
            if (layer is "icmp" or "icmpv6" or "quic")
            {
                break;
            }
        }
        return found;
    }

    private static string Flow(JsonElement packet)
    {
        string Get(string name) => packet.TryGetProperty(name, out JsonElement value) ? value.GetString()! : "";
        foreach (string protocol in (ReadOnlySpan<string>)["tcp", "udp"])
        {
            if (Get($"{protocol}.srcport").Length > 0)
            {
                string a = $"{Get("ip.src")}{Get("ipv6.src")} {Get($"{protocol}.srcport")}";
                string b = $"{Get("ip.dst")}{Get("ipv6.dst")} {Get($"{protocol}.dstport")}";
                return string.CompareOrdinal(a, b) < 0 ? $"{protocol} {a} {b}" : $"{protocol} {b} {a}";
            }
        }
        return "";
    }
}
