namespace Outboard.Regex.Ids;

/// <summary>Rules of Snort or Suricata files as a device and an <see cref="IdsEvaluator"/> work with them.</summary>
/// <remarks>
/// <code>
/// device.Configure(new RegexConfiguration { GroupCount = IdsRuleSet.GroupCount, MatchesMax = 254 });
/// device.ConfigureQueuePair(0, ...);
/// IdsRuleSet rules = IdsRuleSet.Build([IdsRuleFile.Read(path)]).Activate(device);
/// device.Start();
/// var evaluator = new IdsEvaluator(rules);
/// </code>
/// What rules share they search once: the patterns are distinct, and a rule is looked at when all of its own were seen in a packet.
/// Contents shorter than four bytes and runs of one byte are no patterns where the rule has others; the evaluator looks for them.
/// </remarks>
public sealed class IdsRuleSet
{
    /// <summary>How many groups of rules a device must have room for: one for each <see cref="IdsBuffer"/>.</summary>
    public const int GroupCount = IdsBufferMap.Count;

    private readonly IReadOnlyList<RegexRule> _known;
    private readonly IReadOnlyList<IdsReportEntry> _omissions;
    private readonly int _disabled;

    private IdsRuleSet(
        IReadOnlyList<IdsPlan> plans,
        IReadOnlyList<RegexRule> known,
        IReadOnlyList<IdsReportEntry> omissions,
        int disabled,
        IReadOnlyDictionary<string, IdsClassification> classifications)
    {
        _known = known;
        _omissions = omissions;
        _disabled = disabled;
        Plans = plans;
        Classifications = classifications;
        Rules = [.. plans.Select(static plan => plan.Rule)];
        HashSet<int> used = [.. plans.SelectMany(static plan => plan.Needed.Concat(plan.Unwanted))];
        Patterns = [.. known.Where(pattern => used.Contains(pattern.Id))];
        Report = new IdsReport(
            disabled,
            plans.Count(static plan => plan.Restrictions.Count == 0),
            plans.Count(static plan => plan.Restrictions.Count != 0),
            [.. plans.SelectMany(static plan => plan.Restrictions.Select(text => new IdsReportEntry(plan.Rule.Place, plan.Rule.Sid, text)))],
            omissions);
    }

    /// <summary>The rules in force; the evaluator names them by their index here.</summary>
    public IReadOnlyList<IdsRule> Rules { get; }

    /// <summary>The distinct patterns, for <see cref="RegexDevice.AddRules"/>; the group is the <see cref="IdsBuffer"/>.</summary>
    public IReadOnlyList<RegexRule> Patterns { get; }

    /// <summary>What was made of the files.</summary>
    public IdsReport Report { get; }

    /// <summary>The classes that the files declare, by name.</summary>
    public IReadOnlyDictionary<string, IdsClassification> Classifications { get; }

    /// <summary>The rules in force, as the evaluator goes through them.</summary>
    internal IReadOnlyList<IdsPlan> Plans { get; }

    /// <summary>One more than the greatest id of a pattern.</summary>
    internal int PatternLimit => _known.Count;

    /// <summary>Makes a set.</summary>
    /// <param name="files">The files; of two rules with the same gid and sid the first counts.</param>
    public static IdsRuleSet Build(IEnumerable<IdsRuleFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var compiler = new IdsCompiler();
        var plans = new List<IdsPlan>();
        var omissions = new List<IdsReportEntry>();
        var taken = new Dictionary<(uint Gid, uint Sid), string>();
        var classifications = new Dictionary<string, IdsClassification>(StringComparer.Ordinal);
        int disabled = 0;
        foreach (IdsRuleFile file in files)
        {
            omissions.AddRange(file.Errors);
            disabled += file.Disabled.Count;
            foreach (IdsClassification classification in file.Classifications)
            {
                classifications.TryAdd(classification.Name, classification);
            }

            foreach (IdsRule rule in file.Rules)
            {
                if (rule.Sid != 0 && !taken.TryAdd((rule.Gid, rule.Sid), rule.Place))
                {
                    omissions.Add(new IdsReportEntry(rule.Place, rule.Sid, "sid: an earlier rule has the same"));
                }
                else if (compiler.TryCompile(rule, out IdsPlan? plan, out string reason))
                {
                    plans.Add(plan!);
                }
                else
                {
                    omissions.Add(new IdsReportEntry(rule.Place, rule.Sid, reason));
                }
            }
        }

        return new IdsRuleSet(plans, compiler.Patterns, omissions, disabled, classifications);
    }

    /// <summary>The set without the rules that need a pattern which a device refused; the report says so.</summary>
    /// <param name="refusal">What the device said.</param>
    public IdsRuleSet Without(RegexRuleException refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        var reasons = new Dictionary<int, string>();
        foreach (RegexRuleError error in refusal.Errors)
        {
            reasons.TryAdd(error.RuleId, error.Reason);
        }

        var plans = new List<IdsPlan>();
        var omissions = new List<IdsReportEntry>(_omissions);
        foreach (IdsPlan plan in Plans)
        {
            int refused = plan.Needed.Concat(plan.Unwanted).FirstOrDefault(reasons.ContainsKey, -1);
            if (refused < 0)
            {
                plans.Add(plan);
            }
            else
            {
                omissions.Add(new IdsReportEntry(plan.Rule.Place, plan.Rule.Sid, $"pcre: the device refuses it: {reasons[refused]}"));
            }
        }

        return new IdsRuleSet(plans, _known, omissions, _disabled, Classifications);
    }

    /// <summary>Puts the patterns in force on a device, without the rules whose patterns it refuses.</summary>
    /// <param name="device">The device; configured with <see cref="GroupCount"/> groups and without flags, and not started.</param>
    /// <returns>The set in force, for the evaluator.</returns>
    /// <exception cref="RegexRuleException">The device refuses what it was not given.</exception>
    public IdsRuleSet Activate(RegexDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        for (IdsRuleSet set = this; ;)
        {
            device.AddRules(set.Patterns);
            try
            {
                device.CompileAndActivate();
                return set;
            }
            catch (RegexRuleException refusal)
            {
                IdsRuleSet smaller = set.Without(refusal);
                if (smaller.Patterns.Count == set.Patterns.Count)
                {
                    throw;
                }

                HashSet<int> kept = [.. smaller.Patterns.Select(static pattern => pattern.Id)];
                foreach (RegexRule pattern in set.Patterns.Where(pattern => !kept.Contains(pattern.Id)))
                {
                    device.RemoveRule(pattern.Id, pattern.GroupId);
                }

                set = smaller;
            }
        }
    }
}
