using System.Globalization;
using System.Text.Json;
using Outboard.Cli.Output;
using Outboard.Devices;
using Outboard.Regex.Ids;
using Spectre.Console;

namespace Outboard.Cli.Inspect;

/// <summary>What an inspection came to, for people and for programs.</summary>
internal sealed class InspectSummary
{
    private const int RulesShown = 20;

    private readonly InspectCounters _counters;
    private readonly (string Name, long Count)[] _protocols;
    private readonly (int RuleId, long Count)[] _rules;
    private readonly (string Name, long Count)[] _classes;
    private readonly (string Name, double CyclesPerFrame, double Seconds)[] _stages;
    private readonly AlertCounter? _alerts;
    private readonly (IdsRule Rule, long Count)[] _fired;

    /// <param name="session">The session; closed.</param>
    /// <param name="seconds">How long the bursts took.</param>
    /// <param name="startSeconds">How long it took from the start of the program to the first burst.</param>
    public InspectSummary(InspectSession session, double seconds, double startSeconds)
    {
        StartSeconds = startSeconds;
        _counters = session.Counters;
        Seconds = seconds;
        Leaked = session.Leaked;
        Simd = session.Devices.SelectMany(device => device.BaseInfo.Kernels)
            .Select(kernel => (int)kernel.Width).DefaultIfEmpty(64).Max();
        Devices = [.. session.Devices.Select(device => device.BaseInfo)];
        _protocols = [.. _counters.Protocols.OrderByDescending(protocol => protocol.Count)];
        _rules = [.. session.Match.Hits.OrderBy(hit => hit.RuleId)];
        _alerts = session.Match.Alerts;
        _fired = [.. (_alerts?.Fired ?? []).OrderByDescending(static pair => pair.Count).ThenBy(static pair => pair.Rule.Sid)];
        _classes = [.. session.Classify.Found.OrderByDescending(found => found.Count)];
        double frames = Math.Max(1, _counters.Frames);
        double frequency = session.Clock.Frequency;
        _stages =
        [
            .. Enum.GetValues<Stage>().Select(stage => (
                StageTimes.Names[(int)stage], session.Times[stage] / frames, session.Times[stage] / frequency)),
        ];
    }

    /// <summary>How long the bursts took.</summary>
    public double Seconds { get; }

    /// <summary>How long it took from the start of the program to the first burst.</summary>
    public double StartSeconds { get; }

    /// <summary>Mbufs and ops that did not come back to their pools.</summary>
    public int Leaked { get; }

    /// <summary>The widest kernel at work, in bits.</summary>
    public int Simd { get; }

    /// <summary>The devices that did the work.</summary>
    public IReadOnlyList<DeviceInfo> Devices { get; }

    private double GigabitsPerSecond => Seconds <= 0 ? 0 : _counters.Bytes * 8 / Seconds / 1e9;

    private double FramesPerSecond => Seconds <= 0 ? 0 : _counters.Frames / Seconds;

    /// <summary>The line that ends the JSON output.</summary>
    public void Write(JsonLines lines) => lines.Write(json =>
    {
        json.WriteStartObject("summary");
        json.WriteNumber("frames", _counters.Frames);
        json.WriteNumber("bytes", _counters.Bytes);
        json.WriteNumber("matches", _counters.Matches);
        json.WriteNumber("matchedFrames", _counters.MatchedFrames);
        json.WriteNumber("classified", _counters.Classified);
        json.WriteNumber("protected", _counters.Protected);
        json.WriteNumber("leaked", Leaked);
        json.WriteNumber("seconds", Math.Round(Seconds, 6));
        json.WriteNumber("startSeconds", Math.Round(StartSeconds, 3));
        json.WriteNumber("simd", Simd);
        json.WriteNumber("gbps", Math.Round(GigabitsPerSecond, 4));
        json.WriteNumber("framesPerSecond", Math.Round(FramesPerSecond, 1));
        json.WriteNumber("searched", _counters.SearchedFrames);
        json.WriteNumber("unsearched", _counters.UnsearchedFrames);
        json.WriteNumber("matchesExceeded", _counters.OverflowedFrames);
        json.WriteNumber("badChecksums", _counters.BadChecksumFrames);
        json.WriteNumber("bypassed", _counters.BypassedFrames);
        json.WriteNumber("sent", _counters.SentFrames);
        WriteCounts(json, "protocols", _protocols);
        WriteCounts(json, "classes", _classes);
        json.WriteStartArray("rules");
        foreach ((int id, long count) in _rules)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteNumber("matches", count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteAlerts(json);
        WriteStages(json, "stages", stage => Math.Round(stage.CyclesPerFrame, 1));
        WriteStages(json, "stageSeconds", stage => Math.Round(stage.Seconds, 6));
        json.WriteEndObject();
    });

    /// <summary>The tables that end the output for people.</summary>
    public void Write(IAnsiConsole console)
    {
        Table totals = Tables.Create("what", ">how much");
        totals.Add("frames", Number(_counters.Frames));
        totals.Add("bytes", Number(_counters.Bytes));
        totals.Add("frames with a match", Number(_counters.MatchedFrames));
        totals.Add("matches", Number(_counters.Matches));
        totals.Add("frames classified", Number(_counters.Classified));
        totals.Add("records made", Number(_counters.Protected));
        if (_alerts is not null)
        {
            totals.Add("frames with an alert", Number(_alerts.FrameCount));
            totals.Add("alerts", Number(_alerts.Count));
            AddNotable(totals, "frames in which alerts may be missing", _alerts.IncompleteFrameCount);
        }

        AddNotable(totals, "frames round the port (too long or not Ethernet)", _counters.BypassedFrames);
        AddNotable(totals, "frames with a wrong checksum", _counters.BadChecksumFrames);
        AddNotable(totals, "frames not searched to the end", _counters.UnsearchedFrames);
        AddNotable(totals, "frames with more matches than counted", _counters.OverflowedFrames);
        totals.Add("seconds to the first frame", StartSeconds.ToString("F3", CultureInfo.InvariantCulture));
        totals.Add("seconds", Seconds.ToString("F3", CultureInfo.InvariantCulture));
        totals.Add("frames a second", Number((long)FramesPerSecond));
        totals.Add("Gbit/s", GigabitsPerSecond.ToString("F3", CultureInfo.InvariantCulture));
        totals.Add("SIMD width", Simd.ToString(CultureInfo.InvariantCulture));
        totals.Add("mbufs and ops leaked", Number(Leaked));
        console.Write(totals);
        WriteCounts(console, "protocol", _protocols);
        WriteCounts(console, "class", _classes);
        if (_alerts is null)
        {
            WriteRules(console);
        }
        else
        {
            WriteAlerts(console, _alerts.Rules.Report);
        }

        Table stages = Tables.Create("stage", ">cycles a frame", ">seconds", ">share");
        double all = Math.Max(1e-9, _stages.Sum(stage => stage.Seconds));
        foreach ((string name, double cycles, double seconds) in _stages)
        {
            stages.Add(
                name,
                cycles.ToString("F0", CultureInfo.InvariantCulture),
                seconds.ToString("F3", CultureInfo.InvariantCulture),
                (seconds / all).ToString("P0", CultureInfo.InvariantCulture));
        }

        console.Write(stages);
    }

    // A screenful of the busiest; --json has all.
    private void WriteRules(IAnsiConsole console)
    {
        WriteCounts(console, "rule",
        [
            .. _rules.OrderByDescending(rule => rule.Count).Take(RulesShown)
                .Select(rule => (rule.RuleId.ToString(CultureInfo.InvariantCulture), rule.Count)),
        ]);
        if (_rules.Length > RulesShown)
        {
            console.WriteLine($"and {_rules.Length - RulesShown} rules with fewer matches (--json lists all)");
        }
    }

    private void WriteAlerts(IAnsiConsole console, IdsReport report)
    {
        if (_fired.Length != 0)
        {
            Table table = Tables.Create("rule", "message", ">alerts");
            foreach ((IdsRule rule, long count) in _fired.Take(RulesShown))
            {
                table.Add(rule.Name, rule.Message, Number(count));
            }

            console.Write(table);
        }

        if (_fired.Length > RulesShown)
        {
            console.WriteLine($"and {_fired.Length - RulesShown} rules with fewer alerts (--json lists all)");
        }

        using var text = new StringWriter();
        report.WriteTo(text);
        console.WriteLine(text.ToString());
    }

    private void WriteAlerts(Utf8JsonWriter json)
    {
        if (_alerts is null)
        {
            return;
        }

        json.WriteNumber("alertCount", _alerts.Count);
        json.WriteNumber("alertFrames", _alerts.FrameCount);
        json.WriteNumber("incompleteFrames", _alerts.IncompleteFrameCount);
        json.WriteStartArray("alerts");
        foreach ((IdsRule rule, long count) in _fired.OrderBy(static pair => pair.Rule.Gid).ThenBy(static pair => pair.Rule.Sid))
        {
            json.WriteStartObject();
            json.WriteNumber("gid", rule.Gid);
            json.WriteNumber("sid", rule.Sid);
            json.WriteNumber("rev", rule.Revision);
            json.WriteString("message", rule.Message);
            json.WriteNumber("count", count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteReport(json, _alerts.Rules.Report);
    }

    private static void WriteReport(Utf8JsonWriter json, IdsReport report)
    {
        json.WriteStartObject("ruleReport");
        json.WriteNumber("read", report.ReadCount);
        json.WriteNumber("disabled", report.DisabledCount);
        json.WriteNumber("whole", report.WholeCount);
        json.WriteNumber("restricted", report.RestrictedCount);
        json.WriteNumber("leftOut", report.LeftOutCount);
        WriteCounts(json, "restrictions", [.. report.RestrictionCounts.Select(static pair => (pair.Key, (long)pair.Value))]);
        WriteCounts(json, "omissions", [.. report.OmissionCounts.Select(static pair => (pair.Key, (long)pair.Value))]);
        json.WriteStartArray("leftOutRules");
        foreach (IdsReportEntry entry in report.Omissions)
        {
            json.WriteStringValue(entry.ToString());
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static void AddNotable(Table table, string what, long count)
    {
        if (count != 0)
        {
            table.Add(what, Number(count));
        }
    }

    private static void WriteCounts(IAnsiConsole console, string what, (string Name, long Count)[] counts)
    {
        if (counts.Length == 0)
        {
            return;
        }

        Table table = Tables.Create(what, what == "rule" ? ">matches" : ">frames");
        foreach ((string name, long count) in counts)
        {
            table.Add(name, Number(count));
        }

        console.Write(table);
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, (string Name, long Count)[] counts)
    {
        json.WriteStartObject(name);
        foreach ((string key, long count) in counts)
        {
            json.WriteNumber(key, count);
        }

        json.WriteEndObject();
    }

    private void WriteStages(
        Utf8JsonWriter json, string name, Func<(string Name, double CyclesPerFrame, double Seconds), double> value)
    {
        json.WriteStartObject(name);
        foreach ((string Name, double CyclesPerFrame, double Seconds) stage in _stages)
        {
            json.WriteNumber(stage.Name, value(stage));
        }

        json.WriteEndObject();
    }
}
