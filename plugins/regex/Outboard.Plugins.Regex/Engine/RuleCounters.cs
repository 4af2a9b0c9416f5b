namespace Outboard.Plugins.Regex.Engine;

/// <summary>What was counted for each rule of a database by one scanner; by index of the rule.</summary>
internal sealed class RuleCounters(int ruleCount)
{
    private readonly ulong[] _candidates = new ulong[ruleCount];
    private readonly ulong[] _verifications = new ulong[ruleCount];
    private readonly ulong[] _matches = new ulong[ruleCount];
    private readonly ulong[] _budgetHits = new ulong[ruleCount];

    /// <summary>Literals of the rule that were found.</summary>
    public ReadOnlySpan<ulong> Candidates => _candidates;

    /// <summary>Times that it was run from a candidate, or searched for.</summary>
    public ReadOnlySpan<ulong> Verifications => _verifications;

    public ReadOnlySpan<ulong> Matches => _matches;

    /// <summary>Times that it spent its budget of work.</summary>
    public ReadOnlySpan<ulong> BudgetHits => _budgetHits;

    public void CountCandidate(int rule) => _candidates[rule]++;

    public void CountVerification(int rule) => _verifications[rule]++;

    public void CountMatch(int rule) => _matches[rule]++;

    public void CountBudgetHit(int rule) => _budgetHits[rule]++;
}
