using System.Globalization;
using System.Text;
using Outboard.Regex;

namespace Outboard.Cli.Inspect;

/// <summary>A file of rules: <c>id:/pattern/flags</c>, one a line; empty lines and lines that start with # are skipped.</summary>
/// <remarks>
/// Bytes, not characters: the file is read as Latin-1. Flags: <c>i</c> any case, <c>s</c> dot takes newlines, <c>m</c> ^ and $
/// at lines, <c>x</c> white space skipped, <c>u</c> UTF-8. A slash needs no escape: the last one ends the pattern.
/// </remarks>
internal sealed class RuleFile
{
    private readonly Dictionary<int, int> _lines;

    private RuleFile(string path, List<RegexRule> rules, Dictionary<int, int> lines)
    {
        Path = path;
        Rules = rules;
        _lines = lines;
    }

    /// <summary>The file, as it was named.</summary>
    public string Path { get; }

    /// <summary>The rules, in the order of the file.</summary>
    public IReadOnlyList<RegexRule> Rules { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserException">It cannot be read, or a line is no rule; the message says which.</exception>
    public static RuleFile Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path, Encoding.Latin1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"rules: {e.Message}", e);
        }

        var rules = new List<RegexRule>();
        var lineOf = new Dictionary<int, int>();
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            RegexRule rule = ParseLine(path, i + 1, line);
            if (!lineOf.TryAdd(rule.Id, i + 1))
            {
                throw Fail(path, i + 1, $"rule {rule.Id} is given twice, first on line {lineOf[rule.Id]}");
            }

            rules.Add(rule);
        }

        return rules.Count != 0 ? new RuleFile(path, rules, lineOf) : throw new UserException($"{path}: the file has no rules");
    }

    /// <summary>The refusal of a rule in terms of the file.</summary>
    public UserException Locate(RegexRuleException refusal)
    {
        RegexRuleError error = refusal.Errors[0];
        string more = refusal.Errors.Count == 1 ? string.Empty : $" (and {refusal.Errors.Count - 1} more)";
        return Fail(Path, _lines.GetValueOrDefault(error.RuleId), $"rule {error.RuleId}, offset {error.Offset}: {error.Reason}{more}");
    }

    private static RegexRule ParseLine(string path, int number, string line)
    {
        int colon = line.IndexOf(':');
        int last = line.LastIndexOf('/');
        if (colon <= 0 || colon + 1 >= line.Length || line[colon + 1] != '/' || last <= colon + 2)
        {
            throw Fail(path, number, "not a rule: a line is id:/pattern/flags");
        }

        if (!int.TryParse(line.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
        {
            throw Fail(path, number, $"'{line[..colon]}' is not a rule id; a whole number from 0 to {int.MaxValue} is");
        }

        RegexRuleFlags flags = RegexRuleFlags.None;
        foreach (char c in line.AsSpan(last + 1))
        {
            flags |= c switch
            {
                'i' => RegexRuleFlags.Caseless,
                's' => RegexRuleFlags.DotAll,
                'm' => RegexRuleFlags.MultiLine,
                'x' => RegexRuleFlags.Extended,
                'u' => RegexRuleFlags.Utf,
                _ => throw Fail(path, number, $"rule {id}: flag '{c}' is not known; i, s, m, x and u are"),
            };
        }

        return new RegexRule(id, Encoding.Latin1.GetBytes(line[(colon + 2)..last]), flags);
    }

    private static UserException Fail(string path, int line, string reason) => new($"{path}:{line}: {reason}");
}
