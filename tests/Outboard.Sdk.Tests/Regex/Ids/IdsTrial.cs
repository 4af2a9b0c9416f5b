using System.Text;
using System.Text.RegularExpressions;
using Outboard.Regex;
using Outboard.Regex.Ids;

namespace Outboard.Sdk.Tests.Regex.Ids;

/// <summary>Rules on payloads, with the runtime's own regex engine in the place of a device.</summary>
internal sealed class IdsTrial
{
    private readonly List<(int Id, IdsBuffer Buffer, System.Text.RegularExpressions.Regex Regex, bool AllowsEmpty)> _patterns = [];
    private readonly IdsBufferRange[] _ranges = new IdsBufferRange[IdsEvaluator.RangesMax];

    public IdsTrial(string rules)
    {
        Rules = IdsRuleSet.Build([IdsRuleFile.Parse(Encoding.Latin1.GetBytes(rules), "a.rules")]);
        Evaluator = new IdsEvaluator(Rules);
        foreach (RegexRule pattern in Rules.Patterns)
        {
            var regex = new System.Text.RegularExpressions.Regex(
                Encoding.Latin1.GetString(pattern.Pattern.Span), Translate(pattern.Flags), TimeSpan.FromSeconds(10));
            _patterns.Add((pattern.Id, (IdsBuffer)pattern.GroupId, regex, pattern.Flags.HasFlag(RegexRuleFlags.AllowEmpty)));
        }
    }

    public IdsRuleSet Rules { get; }

    public IdsEvaluator Evaluator { get; }

    public static IdsPacket Tcp { get; } = new(6, 40000, 80);

    /// <summary>Whether the only rule fires.</summary>
    public static bool Fires(string rule, string payload, IdsPacket? packet = null)
    {
        var trial = new IdsTrial(rule);
        Assert.True(trial.Rules.Rules.Count == 1, string.Join('\n', trial.Rules.Report.Omissions));
        return trial.Run(Encoding.Latin1.GetBytes(payload), packet ?? Tcp).Length == 1;
    }

    /// <summary>Why the only rule is left out.</summary>
    public static string Omission(string rule)
    {
        var trial = new IdsTrial(rule);
        Assert.Empty(trial.Rules.Rules);
        return Assert.Single(trial.Rules.Report.Omissions).Reason;
    }

    /// <summary>The sids that fire.</summary>
    public uint[] Run(byte[] payload, IdsPacket packet, bool isComplete = true)
    {
        Evaluator.Begin();
        int count = Evaluator.Locate(payload, _ranges);
        foreach (IdsBufferRange range in _ranges.AsSpan(0, count))
        {
            Evaluator.Add(Search(range.Buffer, payload.AsSpan(range.Offset, range.Length)), isComplete);
        }

        return [.. Evaluator.Complete(packet, payload).ToArray().Select(index => Rules.Rules[index].Sid)];
    }

    private RegexMatch[] Search(IdsBuffer buffer, ReadOnlySpan<byte> data)
    {
        string text = Encoding.Latin1.GetString(data);
        var found = new List<RegexMatch>();
        foreach ((int id, IdsBuffer _, System.Text.RegularExpressions.Regex regex, bool allowsEmpty) in _patterns.Where(pattern => pattern.Buffer == buffer))
        {
            foreach (Match match in regex.Matches(text).Where(match => match.Length != 0 || allowsEmpty))
            {
                found.Add(new RegexMatch(id, match.Index, match.Length, (ushort)buffer));
            }
        }

        return [.. found.OrderBy(match => match.Start).ThenBy(match => match.RuleId)];
    }

    private static RegexOptions Translate(RegexRuleFlags flags)
    {
        RegexOptions options = RegexOptions.CultureInvariant;
        options |= flags.HasFlag(RegexRuleFlags.Caseless) ? RegexOptions.IgnoreCase : 0;
        options |= flags.HasFlag(RegexRuleFlags.DotAll) ? RegexOptions.Singleline : 0;
        options |= flags.HasFlag(RegexRuleFlags.MultiLine) ? RegexOptions.Multiline : 0;
        options |= flags.HasFlag(RegexRuleFlags.Extended) ? RegexOptions.IgnorePatternWhitespace : 0;
        Assert.False(flags.HasFlag(RegexRuleFlags.Anchored) || flags.HasFlag(RegexRuleFlags.Ungreedy), "not in this engine");
        return options;
    }
}
