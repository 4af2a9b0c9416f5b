using System.Text;
using System.Text.Json;
using Outboard.Regex;

namespace Outboard.Cli.Vectors;

/// <summary>
/// A rule set and its payloads: NAME-patterns.jsonl and NAME-cases.jsonl. Patterns that a device does not offer are left out of the set and
/// skipped one by one; all others are compiled together, and each payload must match exactly the rules it names.
/// </summary>
internal sealed class RegexSetCases
{
    private const string CaseSuffix = "-cases.jsonl";

    private readonly List<RegexRule> _rules = [];
    private readonly HashSet<int> _literals = [];
    private readonly Dictionary<int, IReadOnlyList<string>> _features = [];
    private readonly Dictionary<int, string> _excluded = [];
    private readonly VectorFile _file;

    public RegexSetCases(VectorFile file)
    {
        _file = file;
        string patterns = file.Path[..^CaseSuffix.Length] + "-patterns.jsonl";
        if (!File.Exists(patterns))
        {
            throw new FormatException($"{file.Shown}: its patterns are not beside it ({Path.GetFileName(patterns)})");
        }

        foreach (string line in File.ReadLines(patterns))
        {
            AddPattern(line, patterns);
        }
    }

    /// <summary>Whether a file holds the payloads of a set.</summary>
    public static bool Recognizes(VectorFile file) => file.FileName.EndsWith(CaseSuffix, StringComparison.Ordinal);

    /// <summary>The patterns by themselves: those that a device refuses are skipped or failed by name.</summary>
    public IEnumerable<RegexCase> Patterns => _rules.Select(rule => new RegexCase($"pattern {rule.Id}")
    {
        Rules = [rule],
        Excluded = _excluded.GetValueOrDefault(rule.Id),
        Features = _features[rule.Id],
    });

    /// <summary>The payloads for the rules that were taken: leftmost-first matches of all, and every end of the literals.</summary>
    public IEnumerable<RegexCase> Cases(IReadOnlySet<int> taken)
    {
        RegexRule[] rules = [.. _rules.Where(rule => taken.Contains(rule.Id))];
        RegexRule[] literals = [.. rules.Where(rule => _literals.Contains(rule.Id))];
        List<RegexCase> ends = [];
        foreach (string line in File.ReadLines(_file.Path))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement test = document.RootElement;
            byte[] haystack = RegexLineCases.Bytes(test, "haystack");
            Dictionary<int, (int Start, int End, int Count)> expected = [];
            foreach (JsonElement match in test.GetProperty("matches").EnumerateArray())
            {
                JsonElement first = match.GetProperty("first");
                int id = match.GetProperty("p").GetInt32();
                if (taken.Contains(id))
                {
                    expected[id] = (first[0].GetInt32(), first[1].GetInt32(), match.GetProperty("count").GetInt32());
                }
            }

            var one = new RegexCase(test.Text("id")!) { Rules = rules, Haystack = haystack };
            yield return one with { Check = answer => Compare(expected, answer) };
            if (literals.Length != 0)
            {
                ends.Add(one with
                {
                    Id = one.Id + " ends of literals",
                    Rules = literals,
                    Mode = RegexConfigurationFlags.MatchAsEnd,
                    Check = answer => CompareCounts(expected, answer),
                });
            }
        }

        foreach (RegexCase one in ends)
        {
            yield return one;
        }
    }

    private string? Compare(Dictionary<int, (int Start, int End, int Count)> expected, RegexAnswer answer)
    {
        Dictionary<int, (int Start, int End, int Count)> found = answer.Matches.GroupBy(static m => m.RuleId)
            .ToDictionary(static g => g.Key, static g => (g.First().Start, g.First().End, g.Count()));
        foreach ((int id, (int start, int end, int count)) in expected)
        {
            if (!found.TryGetValue(id, out (int Start, int End, int Count) got))
            {
                return $"rule {id} was not found at {start}-{end}";
            }

            if (got.Start != start || got.End != end || (got.Count != count && !_literals.Contains(id)))
            {
                return $"rule {id}: expected {count} from {start}-{end}, found {got.Count} from {got.Start}-{got.End}";
            }
        }

        int extra = found.Keys.FirstOrDefault(id => !expected.ContainsKey(id), -1);
        return extra < 0 ? null : $"rule {extra} was found at {found[extra].Start}-{found[extra].End} and must not match";
    }

    /// <summary>Literals are counted with overlaps, which is what their ends are.</summary>
    private string? CompareCounts(Dictionary<int, (int Start, int End, int Count)> expected, RegexAnswer answer)
    {
        Dictionary<int, int> found = answer.Matches.GroupBy(static m => m.RuleId).ToDictionary(static g => g.Key, static g => g.Count());
        foreach ((int id, (_, _, int count)) in expected)
        {
            if (_literals.Contains(id) && found.GetValueOrDefault(id) != count)
            {
                return $"literal {id}: expected {count} occurrences, found {found.GetValueOrDefault(id)}";
            }
        }

        return null;
    }

    private void AddPattern(string line, string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement test = document.RootElement;
            int id = test.GetProperty("id").GetInt32();
            bool literal = test.Text("kind") == "literal";
            byte[] pattern = literal
                ? Encoding.ASCII.GetBytes(string.Concat(test.Bytes("hex").Select(static b => $"\\x{b:X2}")))
                : RegexLineCases.Bytes(test, "pattern");
            RegexRuleFlags flags = RegexRuleFlags.AllowEmpty;
            foreach (string name in RegexLineCases.Strings(test, "flags"))
            {
                if (RegexNames.RuleFlag(name) is { } flag)
                {
                    flags |= flag;
                }
                else
                {
                    _excluded[id] = $"the device class has no rule flag for {name}";
                }
            }

            _rules.Add(new RegexRule(id, pattern, flags));
            _features[id] = RegexLineCases.Strings(test, "features");
            if (literal)
            {
                _literals.Add(id);
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"{path}: not a pattern: {e.Message}", e);
        }
    }
}
