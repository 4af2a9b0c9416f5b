using Outboard.Captures;
using Outboard.Host;
using Outboard.Regex.Ids;
using Outboard.Samples.IntrusionDetection;

// Reads a capture and Snort or Suricata rules, and writes the alerts as JSON lines in the form of Suricata's eve.json.
// dotnet run -c Release --project samples/07-intrusion-detection -- samples/data/campus.pcap samples/data/campus.rules
if (args.Length is not (2 or 3) || (args.Length == 3 && args[2] != "--payload"))
{
    Console.Error.WriteLine("usage: intrusion-detection CAPTURE RULES [--payload]");
    return 2;
}

try
{
    var rules = IdsRuleSet.Build([IdsRuleFile.Read(args[1])]);
    using CaptureReader capture = CaptureReader.Open(args[0]);
    using OutboardHost host = new();
    using Sensor sensor = new(host, rules);
    using Stream output = Console.OpenStandardOutput();
    using EveLog log = new(output, sensor.Rules, withPayload: args.Length == 3);

    // What of the rules is in force, and why not the rest.
    sensor.Rules.Report.WriteTo(Console.Error);
    while (sensor.RunBurst(capture, log))
    {
    }

    log.WriteStatistics(sensor.Frames, sensor.Bytes, sensor.IncompleteFrames);
    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
