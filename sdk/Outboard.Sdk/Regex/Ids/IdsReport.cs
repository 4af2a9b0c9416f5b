namespace Outboard.Regex.Ids;

/// <summary>What was made of rule files: how many rules are in force, how far, and why not the others.</summary>
public sealed class IdsReport
{
    internal IdsReport(int disabled, int whole, int restrictedCount, IReadOnlyList<IdsReportEntry> restrictions, IReadOnlyList<IdsReportEntry> omissions)
    {
        DisabledCount = disabled;
        WholeCount = whole;
        RestrictedCount = restrictedCount;
        Restrictions = restrictions;
        Omissions = omissions;
    }

    /// <summary>Rules and lines read that are not disabled: those in force and those left out.</summary>
    public int ReadCount => WholeCount + RestrictedCount + LeftOutCount;

    /// <summary>Rules that a leading <c>#</c> disables; nothing else counts them.</summary>
    public int DisabledCount { get; }

    /// <summary>Rules in force of which nothing is lost.</summary>
    public int WholeCount { get; }

    /// <summary>Rules in force of which some part is not looked at, or looked at in another way.</summary>
    public int RestrictedCount { get; }

    /// <summary>Rules left out, and lines that are no rules.</summary>
    public int LeftOutCount => Omissions.Count;

    /// <summary>Every restriction of every rule in force; a rule may have several.</summary>
    public IReadOnlyList<IdsReportEntry> Restrictions { get; }

    /// <summary>Every rule left out, and every line that is no rule, with the reason.</summary>
    public IReadOnlyList<IdsReportEntry> Omissions { get; }

    /// <summary>Reasons of restrictions with the number of rules, most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> RestrictionCounts => CountReasons(Restrictions);

    /// <summary>Reasons of omissions with the number of rules, most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> OmissionCounts => CountReasons(Omissions);

    /// <summary>Writes the counts and the reasons, a line each.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="withRules">Whether every rule left out is named, too.</param>
    public void WriteTo(TextWriter output, bool withRules = false)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine(ToString());
        foreach ((string reason, int count) in RestrictionCounts)
        {
            output.WriteLine($"  restricted, {count}: {reason}");
        }

        foreach ((string reason, int count) in OmissionCounts)
        {
            output.WriteLine($"  left out, {count}: {reason}");
        }

        if (withRules)
        {
            foreach (IdsReportEntry entry in Omissions)
            {
                output.WriteLine($"  {entry}");
            }
        }
    }

    /// <summary>The counts in one line.</summary>
    public override string ToString() =>
        $"{ReadCount} rules read, {DisabledCount} disabled ones passed over; {WholeCount} taken whole, {RestrictedCount} with restrictions, {LeftOutCount} left out";

    private static KeyValuePair<string, int>[] CountReasons(IReadOnlyList<IdsReportEntry> entries) =>
    [
        .. entries.CountBy(entry => entry.Reason).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal),
    ];
}
