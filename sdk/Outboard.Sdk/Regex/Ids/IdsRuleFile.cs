using System.Globalization;
using System.Text;

namespace Outboard.Regex.Ids;

/// <summary>A file of Snort or Suricata rules, read as far as payloads go.</summary>
/// <remarks>
/// <code>
/// IdsRuleFile file = IdsRuleFile.Read("emerging.rules");
/// IdsRuleSet rules = IdsRuleSet.Build([file]).Activate(device);
/// </code>
/// A rule may go on in the next line behind a backslash, or until its parenthesis closes. A line that begins with <c>#</c> is a
/// comment, or a disabled rule where a rule stands behind it.
/// </remarks>
public sealed class IdsRuleFile
{
    private const int LinesOfRuleMax = 400;
    private const int RecognisedLinesMax = 2000;
    private const string Classification = "config classification:";

    private static readonly string[] s_actions =
    [
        "alert", "log", "pass", "drop", "reject", "rejectsrc", "rejectdst", "rejectboth", "sdrop", "block", "react", "rewrite",
        "activate", "dynamic", "config",
    ];

    private static readonly string[] s_directives = ["config", "var", "ipvar", "portvar", "include", "preprocessor", "output", "event_filter"];

    private readonly List<IdsRule> _rules = [];
    private readonly List<IdsRule> _disabled = [];
    private readonly List<IdsReportEntry> _errors = [];
    private readonly List<IdsClassification> _classifications = [];

    private IdsRuleFile(string name) => Name = name;

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>The rules that are not disabled, in the order of the file.</summary>
    public IReadOnlyList<IdsRule> Rules => _rules;

    /// <summary>The rules that a leading <c>#</c> disables.</summary>
    public IReadOnlyList<IdsRule> Disabled => _disabled;

    /// <summary>Lines that are no rule, with the reason.</summary>
    public IReadOnlyList<IdsReportEntry> Errors => _errors;

    /// <summary>The classes that the file declares.</summary>
    public IReadOnlyList<IdsClassification> Classifications => _classifications;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">There is no rule in it.</exception>
    public static IdsRuleFile Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Parse(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads the content of a file.</summary>
    /// <param name="content">The content.</param>
    /// <param name="name">The file's name, for the report.</param>
    /// <exception cref="FormatException">There is no rule in it, not even a disabled one.</exception>
    public static IdsRuleFile Parse(ReadOnlySpan<byte> content, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var file = new IdsRuleFile(name);
        file.ReadLines(Encoding.Latin1.GetString(content).Split('\n'));
        return file._rules.Count + file._disabled.Count != 0
            ? file
            : throw new FormatException(
                $"{name}: there is no rule in it; a rule is a line such as alert tcp any any -> any 80 (msg:\"a\"; content:\"b\"; sid:1;)."
                + (file._errors.Count == 0 ? string.Empty : $" The first other line is {file._errors[0]}"));
    }

    /// <summary>Whether a file's content looks like Snort or Suricata rules; otherwise it may be lines <c>id:/pattern/flags</c>.</summary>
    /// <param name="content">The content.</param>
    public static bool IsRuleFile(ReadOnlySpan<byte> content)
    {
        bool hasDisabled = false;
        for (int i = 0; i < RecognisedLinesMax && !content.IsEmpty; i++)
        {
            int end = content.IndexOf((byte)'\n');
            string line = Encoding.Latin1.GetString((end < 0 ? content : content[..end])[..Math.Min(end < 0 ? content.Length : end, 256)]).Trim();
            content = end < 0 ? default : content[(end + 1)..];
            if (line.Length == 0)
            {
                continue;
            }

            if (line[0] != '#')
            {
                return StartsWithWord(line, s_actions) || StartsWithWord(line, s_directives);
            }

            string rest = line.TrimStart('#', ' ', '\t');
            hasDisabled |= StartsWithWord(rest, s_actions) && rest.Contains('(', StringComparison.Ordinal);
        }

        return hasDisabled;
    }

    private static bool StartsWithWord(string line, string[] words)
    {
        int end = line.AsSpan().IndexOfAny(' ', '\t', '(');
        return end > 0 && words.Contains(line[..end], StringComparer.Ordinal);
    }

    private void ReadLines(string[] lines)
    {
        for (int i = 0; i < lines.Length;)
        {
            int first = i;
            string line = lines[i++].Trim();
            if (line.Length == 0)
            {
                continue;
            }

            bool isDisabled = line[0] == '#';
            string text = isDisabled ? line.TrimStart('#', ' ', '\t') : line;
            if (isDisabled && !(StartsWithWord(text, s_actions) && text.Contains('(', StringComparison.Ordinal)))
            {
                continue;
            }

            text = Join(text, lines, ref i, isDisabled);
            ReadRule(text, $"{Name}:{first + 1}", isDisabled);
        }
    }

    // A rule whose line ends in a backslash, or whose parenthesis is still open, goes on in the next; a line that begins a rule of its own ends it.
    private static string Join(string text, string[] lines, ref int next, bool isDisabled)
    {
        if (!text.EndsWith('\\') && (isDisabled || text.EndsWith(')') || !StartsWithWord(text, s_actions) || StartsWithWord(text, s_directives)))
        {
            return text;
        }

        var whole = new StringBuilder();
        for (int i = 0; i < LinesOfRuleMax; i++)
        {
            bool hasMore = text.EndsWith('\\');
            whole.Append(hasMore ? text.AsSpan(0, text.Length - 1).TrimEnd() : text).Append(' ');
            if (next == lines.Length || (!hasMore && text.EndsWith(')')))
            {
                break;
            }

            string line = lines[next].Trim();
            if (StartsWithWord(line, s_actions) || (!hasMore && line.StartsWith('#')) || (line.Length == 0 && hasMore))
            {
                break;
            }

            text = isDisabled ? line.TrimStart('#', ' ', '\t') : line;
            next++;
        }

        return whole.ToString().TrimEnd();
    }

    private void ReadRule(string text, string place, bool isDisabled)
    {
        if (StartsWithWord(text, s_directives))
        {
            if (!TryReadClassification(text) && !isDisabled)
            {
                _errors.Add(new IdsReportEntry(place, 0, $"{text[..text.AsSpan().IndexOfAny(' ', '\t', '(')]}: not a rule; settings of an engine are not read"));
            }

            return;
        }

        if (IdsRuleParser.TryParse(text, place, out IdsRule? rule, out string reason))
        {
            (isDisabled ? _disabled : _rules).Add(rule!);
        }
        else if (!isDisabled)
        {
            _errors.Add(new IdsReportEntry(place, 0, reason));
        }
    }

    private bool TryReadClassification(string text)
    {
        string[] parts = text.StartsWith(Classification, StringComparison.Ordinal) ? text[Classification.Length..].Split(',') : [];
        if (parts.Length < 3 || !int.TryParse(parts[^1], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int priority))
        {
            return false;
        }

        _classifications.Add(new IdsClassification(parts[0].Trim(), string.Join(',', parts[1..^1]).Trim(), priority));
        return true;
    }
}
