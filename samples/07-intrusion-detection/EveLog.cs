using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Outboard.Ml.Features;
using Outboard.Regex.Ids;

namespace Outboard.Samples.IntrusionDetection;

/// <summary>Writes events, one JSON object a line, with the names and formats that readers of eve.json know.</summary>
internal sealed class EveLog(Stream output, IdsRuleSet rules, bool withPayload) : IDisposable
{
    private const int SeverityDefault = 3;
    private const ulong HashStart = 14695981039346656037, HashPrime = 1099511628211;   // FNV-1a, 64 bits
    private const int FlowIdBits = 53;   // what every JSON reader holds exactly

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _line = new();
    private long _alerts;
    private long _first = -1;
    private long _last;

    /// <summary>Writes an alert.</summary>
    public void WriteAlert(IdsRule rule, long timestamp, PacketLayers layers, ReadOnlySpan<byte> payload)
    {
        _alerts++;
        _first = _first < 0 ? timestamp : _first;
        _last = timestamp;
        IdsClassification? classification = rules.Classifications.GetValueOrDefault(rule.ClassType);
        using (Utf8JsonWriter json = Begin(timestamp, "alert"))
        {
            json.WriteNumber("flow_id", FlowId(layers));
            if (!layers.Source.IsEmpty)
            {
                json.WriteString("src_ip", new IPAddress(layers.Source).ToString());
                json.WriteString("dest_ip", new IPAddress(layers.Destination).ToString());
            }

            if (layers.HasPorts)
            {
                json.WriteNumber("src_port", layers.SourcePort);
                json.WriteNumber("dest_port", layers.DestinationPort);
            }

            json.WriteString("proto", layers.Transport switch { 6 => "TCP", 17 => "UDP", 1 => "ICMP", 58 => "IPv6-ICMP", _ => "UNKNOWN" });
            json.WriteStartObject("alert");
            json.WriteString("action", "allowed");   // nothing is held up here, whatever the rule says
            json.WriteNumber("gid", rule.Gid);
            json.WriteNumber("signature_id", rule.Sid);
            json.WriteNumber("rev", rule.Revision);
            json.WriteString("signature", rule.Message);
            json.WriteString("category", classification?.Description ?? rule.ClassType);
            json.WriteNumber("severity", rule.Priority ?? classification?.Priority ?? SeverityDefault);
            json.WriteEndObject();
            if (withPayload)
            {
                json.WriteBase64String("payload", payload);
            }

            json.WriteEndObject();
        }

        End();
    }

    /// <summary>Writes the event that ends the log.</summary>
    public void WriteStatistics(long frames, long bytes, long incomplete)
    {
        using (Utf8JsonWriter json = Begin(_last, "stats"))
        {
            json.WriteStartObject("stats");
            json.WriteNumber("uptime", _first < 0 ? 0 : (_last - _first) / 1_000_000_000);
            json.WriteStartObject("decoder");
            json.WriteNumber("pkts", frames);
            json.WriteNumber("bytes", bytes);
            json.WriteEndObject();
            json.WriteStartObject("detect");
            json.WriteNumber("alert", _alerts);
            json.WriteNumber("incomplete", incomplete);
            json.WriteStartArray("engines");
            json.WriteStartObject();
            json.WriteNumber("id", 0);
            json.WriteNumber("rules_loaded", rules.Rules.Count);
            json.WriteNumber("rules_failed", rules.Report.LeftOutCount);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        End();
        output.Flush();
    }

    public void Dispose() => output.Flush();

    // Microseconds and an offset without a colon, as eve.json has them.
    private static string Format(long timestamp) =>
        DateTime.UnixEpoch.AddTicks(timestamp / 100).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+0000'", CultureInfo.InvariantCulture);

    // The same for both directions: the smaller end goes first.
    private static ulong FlowId(PacketLayers layers)
    {
        int order = layers.Source.SequenceCompareTo(layers.Destination);
        bool isSwapped = order > 0 || (order == 0 && layers.SourcePort > layers.DestinationPort);
        ulong hash = Hash(HashStart, isSwapped ? layers.Destination : layers.Source);
        hash = Hash(hash, isSwapped ? layers.Source : layers.Destination);
        (int low, int high) = isSwapped ? (layers.DestinationPort, layers.SourcePort) : (layers.SourcePort, layers.DestinationPort);
        hash = Hash(hash, [(byte)(low >> 8), (byte)low, (byte)(high >> 8), (byte)high, (byte)layers.Transport]);
        return hash >> (64 - FlowIdBits);
    }

    private static ulong Hash(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * HashPrime;
        }

        return hash;
    }

    private Utf8JsonWriter Begin(long timestamp, string kind)
    {
        _line.ResetWrittenCount();
        var json = new Utf8JsonWriter(_line, s_options);
        json.WriteStartObject();
        json.WriteString("timestamp", Format(timestamp));
        json.WriteString("event_type", kind);
        return json;
    }

    private void End()
    {
        output.Write(_line.WrittenSpan);
        output.WriteByte((byte)'\n');
    }
}
