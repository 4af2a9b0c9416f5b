namespace Outboard.Samples.TrainClassifier;

/// <summary>The true class of each frame of a recording, from the label file and from which server was talked to.</summary>
/// <remarks>
/// A flow listed as a scan is scan in both directions. In a flow listed as an attack the frames with payload towards the
/// server are attack; what the server answers, and the bare acknowledgements, are ordinary frames of their protocol. A guessed
/// password (bruteforce) is its protocol too: no single frame shows that it is a guess. TLS records in a mail connection
/// (STARTTLS) are tls. Passive FTP data connections are known by the ports the servers announced.
/// </remarks>
internal sealed class RecordingTruth(FlowLabels labels)
{
    private readonly HashSet<(string, int)> _ftpData = [];

    public TrafficClass Of(ReadOnlySpan<byte> bytes)
    {
        FrameFacts frame = FrameFacts.Of(bytes);
        if (frame.Protocol == "none")
        {
            return TrafficClass.Other;
        }
        if (labels.Contains("scan", frame, reversed: false) || labels.Contains("scan", frame, reversed: true)
            || (frame.IcmpType is 1 or 3 && labels.IsScanner(frame.Target)))
        {
            return TrafficClass.Scan;
        }
        if (frame.PayloadLength > 0 && labels.Contains("attack", frame, reversed: false))
        {
            return TrafficClass.Attack;
        }
        ReadOnlySpan<byte> payload = bytes.Slice(frame.PayloadOffset, frame.PayloadLength);
        if (frame.Protocol == "tcp" && frame.SourcePort == 21)
        {
            NoteDataPort(frame, payload);
        }
        TrafficClass truth = OfPort(frame, frame.SourcePort, frame.Source);
        if (truth == TrafficClass.Other)
        {
            truth = OfPort(frame, frame.TargetPort, frame.Target);
        }
        bool record = payload.Length >= 5 && payload[0] is >= 20 and <= 24 && payload[1] == 3 && payload[2] <= 4;
        return truth == TrafficClass.Mail && record ? TrafficClass.Tls : truth;
    }

    private TrafficClass OfPort(in FrameFacts frame, int port, string host) => (frame.Protocol, port) switch
    {
        (_, 53) => TrafficClass.Dns,
        ("tcp", 80 or 8080 or 3000) => TrafficClass.Http,
        ("tcp", 443 or 993 or 995) or ("udp", 4433) => TrafficClass.Tls,
        ("tcp", 25 or 110 or 143) => TrafficClass.Mail,
        ("tcp", 20 or 21) => TrafficClass.Ftp,
        ("tcp", _) when _ftpData.Contains((host, port)) => TrafficClass.Ftp,
        _ => TrafficClass.Other,
    };

    // "227 ... (192,0,2,21,195,80)" and "229 ... (|||50000|)": the server's next data port.
    private void NoteDataPort(in FrameFacts frame, ReadOnlySpan<byte> payload)
    {
        string text = System.Text.Encoding.Latin1.GetString(payload);
        int open = text.IndexOf('('), close = text.IndexOf(')');
        if (open < 0 || close < open)
        {
            return;
        }
        string inner = text[(open + 1)..close];
        if (text.StartsWith("227") && inner.Split(',') is { Length: 6 } parts
            && int.TryParse(parts[4], out int high) && int.TryParse(parts[5], out int low))
        {
            _ftpData.Add((frame.Source, (high << 8) | low));
        }
        else if (text.StartsWith("229") && int.TryParse(inner.Trim('|'), out int port))
        {
            _ftpData.Add((frame.Source, port));
        }
    }
}
