using Outboard.Cli.Output;
using Outboard.Regex;
using Spectre.Console;

namespace Outboard.Cli.Verbs;

/// <summary>What <c>outboard regex test</c> prints. Offsets count from the start of the payload, also where it is cut into buffers.</summary>
internal sealed class RegexTestReport(VerbContext context, RegexConfigurationFlags flags)
{
    /// <summary>Bytes shown in front of an end whose start is not reported.</summary>
    private const int BytesBeforeEnd = 16;

    private readonly bool _endsOnly = flags.HasFlag(RegexConfigurationFlags.MatchAsEnd);
    private readonly Table _table = Tables.Create(">payload", ">buffer", ">rule", ">group", ">start", ">length", ">end", "bytes");
    private readonly List<string> _notes = [];
    private readonly HashSet<int> _matched = [];
    private long _reported;
    private long _actual;
    private long _incomplete;

    /// <summary>Adds what was found in one buffer of a payload.</summary>
    public void Add(int payload, byte[] bytes, RegexFinding finding)
    {
        foreach (RegexMatch match in finding.Matches)
        {
            int end = finding.Offset + match.End;
            int start = _endsOnly ? Math.Max(0, end - BytesBeforeEnd) : finding.Offset + match.Start;
            Add(payload, finding.Buffer, match, start, end, RegexExcerpt.Of(bytes, start, end));
        }

        _reported += finding.Matches.Count;
        _actual += finding.ActualCount;
        if (finding.ActualCount != 0)
        {
            _matched.Add(payload);
        }

        if (finding.Flags != RegexResponseFlags.None)
        {
            _incomplete++;
            AddFlags(payload, finding);
        }
    }

    /// <summary>Ends the report.</summary>
    public void End(int payloadCount)
    {
        if (context.IsJson)
        {
            context.Json.Write(json =>
            {
                json.WriteNumber("payloads", payloadCount);
                json.WriteNumber("matched", _matched.Count);
                json.WriteNumber("matches", _actual);
                json.WriteNumber("reported", _reported);
                json.WriteNumber("flagged", _incomplete);
            });
            return;
        }

        if (_table.Rows.Count != 0)
        {
            context.Console.Write(_table);
        }

        foreach (string note in _notes)
        {
            context.Console.WriteLine(note);
        }

        string hidden = _actual == _reported ? string.Empty : $", {_reported} of them shown";
        context.Console.WriteLine($"{payloadCount} payloads, {_matched.Count} with matches, {_actual} matches{hidden}");
    }

    private void Add(int payload, int buffer, RegexMatch match, int start, int end, string excerpt)
    {
        if (!context.IsJson)
        {
            _table.Add(
                $"{payload}",
                $"{buffer}",
                $"{match.RuleId}",
                $"{match.GroupId}",
                _endsOnly ? "-" : $"{start}",
                _endsOnly ? "-" : $"{match.Length}",
                $"{end}",
                excerpt);
            return;
        }

        context.Json.Write(json =>
        {
            json.WriteNumber("payload", payload);
            json.WriteNumber("buffer", buffer);
            json.WriteNumber("rule", match.RuleId);
            json.WriteNumber("group", match.GroupId);
            if (!_endsOnly)
            {
                json.WriteNumber("start", start);
                json.WriteNumber("length", match.Length);
            }

            json.WriteNumber("end", end);
            json.WriteString("bytes", excerpt);
        });
    }

    private void AddFlags(int payload, RegexFinding finding)
    {
        _notes.Add($"payload {payload}, buffer {finding.Buffer}: {finding.Flags}, {finding.ActualCount} matches");
        if (context.IsJson)
        {
            context.Json.Write(json =>
            {
                json.WriteNumber("payload", payload);
                json.WriteNumber("buffer", finding.Buffer);
                json.WriteString("flags", finding.Flags.ToString());
                json.WriteNumber("matches", finding.ActualCount);
            });
        }
    }
}
