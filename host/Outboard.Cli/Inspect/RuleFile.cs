using System.Text;
using Outboard.Regex;
using Outboard.Regex.Ids;

namespace Outboard.Cli.Inspect;

/// <summary>The rules that were named: plain ones, or those of Snort or Suricata files.</summary>
internal sealed class RuleFile
{
    private readonly List<(string Path, HashSet<int> Ids)> _files = [];

    private RuleFile(IReadOnlyList<RegexRule> rules, IdsRuleSet? ids)
    {
        Rules = rules;
        Ids = ids;
    }

    /// <summary>The patterns for the device; for plain rules in the order of the files.</summary>
    public IReadOnlyList<RegexRule> Rules { get; private set; }

    /// <summary>The rules of Snort or Suricata files; null when the rules are plain.</summary>
    public IdsRuleSet? Ids { get; private set; }

    /// <summary>How many groups the device needs.</summary>
    public int GroupCount => Ids is null ? 1 : IdsRuleSet.GroupCount;

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserException">It cannot be read, or a line is no rule; the message says which.</exception>
    public static RuleFile Read(string path) => Read([path]);

    /// <summary>Reads files; what kind they are is seen from their content.</summary>
    /// <exception cref="UserException">One cannot be read, or a line is no rule, or their kinds differ; the message says which.</exception>
    public static RuleFile Read(IReadOnlyList<string> paths)
    {
        try
        {
            byte[][] contents = [.. paths.Select(File.ReadAllBytes)];
            bool[] kinds = [.. contents.Select(static content => IdsRuleFile.IsRuleFile(content))];
            if (kinds.Distinct().Count() > 1)
            {
                int other = kinds.IndexOf(!kinds[0]);
                throw new UserException(
                    $"--rules {paths[other]} has rules of another kind than {paths[0]}: id:/pattern/flags and Snort or Suricata rules do not go together");
            }

            if (kinds[0])
            {
                var ids = IdsRuleSet.Build([.. contents.Select((content, i) => IdsRuleFile.Parse(content, paths[i]))]);
                return new RuleFile(ids.Patterns, ids);
            }

            return ReadPlain(contents, paths);
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

    /// <summary>Puts the rules in force on a device; of Snort or Suricata rules those that the device takes.</summary>
    /// <exception cref="UserException">The device refuses a plain rule.</exception>
    public void Activate(RegexDevice device)
    {
        try
        {
            if (Ids is not null)
            {
                Ids = Ids.Activate(device);
                Rules = Ids.Patterns;
                return;
            }

            device.AddRules(Rules);
            device.CompileAndActivate();
        }
        catch (RegexRuleException e)
        {
            throw Locate(e);
        }
    }

    /// <summary>The refusal of a rule in terms of its file.</summary>
    public UserException Locate(RegexRuleException refusal)
    {
        RegexRuleError error = refusal.Errors[0];
        string more = refusal.Errors.Count == 1 ? string.Empty : $" (and {refusal.Errors.Count - 1} more)";
        string place = _files.Find(file => file.Ids.Contains(error.RuleId)).Path is { } path ? $"{path}:{LineOf(path, error.RuleId)}: " : string.Empty;
        return new UserException($"{place}rule {error.RuleId}, offset {error.Offset}: {error.Reason}{more}");
    }

    private static RuleFile ReadPlain(byte[][] contents, IReadOnlyList<string> paths)
    {
        var rules = new List<RegexRule>();
        var file = new RuleFile(rules, ids: null);
        for (int i = 0; i < contents.Length; i++)
        {
            IReadOnlyList<RegexRule> read = RegexRuleFile.Parse(contents[i], paths[i]);
            HashSet<int> ids = [.. read.Select(static rule => rule.Id)];
            if (file._files.Find(earlier => earlier.Ids.Overlaps(ids)).Path is { } path)
            {
                throw new UserException($"{paths[i]} has a rule id that {path} has too; ids are unique");
            }

            file._files.Add((paths[i], ids));
            rules.AddRange(read);
        }

        return file;
    }

    /// <summary>The line of a rule, found again: it is wanted once, for an error.</summary>
    private static int LineOf(string path, int ruleId) =>
        1 + File.ReadLines(path, Encoding.Latin1).TakeWhile(line =>
            line.IndexOf(':') is var colon && !(colon > 0 && int.TryParse(line.AsSpan(0, colon), out int id) && id == ruleId)).Count();
}
