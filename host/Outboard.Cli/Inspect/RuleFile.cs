using System.Text;
using Outboard.Regex;

namespace Outboard.Cli.Inspect;

/// <summary>A file of rules, and where in it a rule stands.</summary>
internal sealed class RuleFile
{
    private RuleFile(string path, IReadOnlyList<RegexRule> rules)
    {
        Path = path;
        Rules = rules;
    }

    /// <summary>The file, as it was named.</summary>
    public string Path { get; }

    /// <summary>The rules, in the order of the file.</summary>
    public IReadOnlyList<RegexRule> Rules { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserException">It cannot be read, or a line is no rule; the message says which.</exception>
    public static RuleFile Read(string path)
    {
        try
        {
            return new RuleFile(path, RegexRuleFile.Read(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"rules: {e.Message}", e);
        }
        catch (FormatException e)
        {
            throw new UserException(e.Message, e);
        }
    }

    /// <summary>The refusal of a rule in terms of the file.</summary>
    public UserException Locate(RegexRuleException refusal)
    {
        RegexRuleError error = refusal.Errors[0];
        string more = refusal.Errors.Count == 1 ? string.Empty : $" (and {refusal.Errors.Count - 1} more)";
        return new UserException($"{Path}:{LineOf(error.RuleId)}: rule {error.RuleId}, offset {error.Offset}: {error.Reason}{more}");
    }

    /// <summary>The line of a rule, found again: it is wanted once, for an error.</summary>
    private int LineOf(int ruleId) =>
        1 + File.ReadLines(Path, Encoding.Latin1).TakeWhile(line =>
            line.IndexOf(':') is var colon && !(colon > 0 && int.TryParse(line.AsSpan(0, colon), out int id) && id == ruleId)).Count();
}
