using Outboard.Devices;
using Outboard.Plugins.Regex.Literals;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>The extended statistics of a regex device, in a fixed order.</summary>
internal sealed class RegexStatisticsReport(RegexDatabase database)
{
    private readonly List<ExtendedStatistic> _all = [];

    public IReadOnlyList<ExtendedStatistic> All => _all;

    public void Add(string name, ulong value) => _all.Add(new ExtendedStatistic(_all.Count, name, value));

    /// <summary>What was compiled.</summary>
    public void AddDatabase()
    {
        Add("rules", (ulong)database.Rules.Length);
        Add("database_bytes", (ulong)database.ByteCount);
        foreach (RuleStrategy strategy in Enum.GetValues<RuleStrategy>())
        {
            Add($"rules_{Snake(strategy.ToString())}", (ulong)database.Rules.LongCount(rule => rule.Strategy == strategy));
        }

        Add("rules_backtracking", (ulong)database.Rules.LongCount(static rule => rule.Backtrack is not null));
        for (int tier = 0; tier < database.Literals.Tiers.Count; tier++)
        {
            LiteralTierReport report = database.Literals.Tiers[tier];
            Add($"literal_tier{tier}_literals", (ulong)report.LiteralCount);
            Add($"literal_tier{tier}_bytes", (ulong)report.ByteCount);
        }

        Add("wake_automata", (ulong)database.Wakes.Length);
        Add("wake_states", (ulong)database.Wakes.Sum(static wake => wake.StateCount));
        Add("wake_bytes", (ulong)database.Wakes.Sum(static wake => (long)wake.ByteCount));
    }

    /// <summary>What the scanner of a queue pair has done.</summary>
    public void AddScanner(string queue, ScanStatistics? counted, RegexScanner? scanner)
    {
        ScanStatistics s = counted ?? new ScanStatistics();
        Add($"{queue}_payload_bytes", s.PayloadBytes);
        Add($"{queue}_copied_bytes", s.CopiedBytes);
        for (int tier = 0; tier < database.Literals.Tiers.Count; tier++)
        {
            Add($"{queue}_literal_tier{tier}_candidates", Candidates(scanner, tier));
        }

        Add($"{queue}_literal_hits", s.LiteralHits);
        Add($"{queue}_woken_rules", s.WokenRules);
        Add($"{queue}_wake_overflows", s.WakeOverflows);
        Add($"{queue}_verifications", s.Verifications);
        Add($"{queue}_verified_bytes", s.VerifiedBytes);
        Add($"{queue}_backtrack_steps", s.BacktrackSteps);
        Add($"{queue}_nfa_runs", s.NfaRuns);
        Add($"{queue}_cache_clears", scanner?.CacheClears ?? 0);
        Add($"{queue}_budget_hits", s.BudgetHits);
        Add($"{queue}_matches", s.Matches);
    }

    /// <summary>What was counted for each rule, over all queue pairs that count.</summary>
    public void AddRules(IEnumerable<RuleCounters?> counters)
    {
        RuleCounters[] counting = [.. counters.OfType<RuleCounters>().Where(c => c.Matches.Length == database.Rules.Length)];
        for (int r = 0; counting.Length != 0 && r < database.Rules.Length; r++)
        {
            RuleSource source = database.Rules[r].Source;
            string name = $"rule_{source.Group}_{source.Id}";
            ulong candidates = 0;
            ulong verifications = 0;
            ulong matches = 0;
            ulong budgetHits = 0;
            foreach (RuleCounters one in counting)
            {
                candidates += one.Candidates[r];
                verifications += one.Verifications[r];
                matches += one.Matches[r];
                budgetHits += one.BudgetHits[r];
            }

            Add($"{name}_candidates", candidates);
            Add($"{name}_verifications", verifications);
            Add($"{name}_matches", matches);
            Add($"{name}_budget_hits", budgetHits);
        }
    }

    private static ulong Candidates(RegexScanner? scanner, int tier) =>
        scanner is not null && tier < scanner.CandidateTotals.Length ? scanner.CandidateTotals[tier] : 0;

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
