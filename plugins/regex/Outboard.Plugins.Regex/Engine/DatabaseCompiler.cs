using Outboard.Plugins.Regex.Automata;
using Outboard.Plugins.Regex.Automata.Wake;
using Outboard.Plugins.Regex.Kernels.ByteScan;
using Outboard.Plugins.Regex.Literals;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>Compiles rules together. What a database before already compiled is taken from it.</summary>
internal static class DatabaseCompiler
{
    /// <summary>Compiles what can be compiled and says what cannot; the database is null when any rule is refused.</summary>
    /// <param name="sources">The rules.</param>
    /// <param name="mode">Which matches are reported.</param>
    /// <param name="model">What payloads look like.</param>
    /// <param name="before">A database of the same mode and model whose rules may come back, or null.</param>
    /// <param name="refusals">Every rule that cannot be compiled.</param>
    /// <param name="budget">For one rule's automaton; null for the usual one.</param>
    public static RegexDatabase? Compile(
        IReadOnlyList<RuleSource> sources,
        MatchMode mode,
        PayloadModel model,
        RegexDatabase? before,
        out IReadOnlyList<RuleRefusal> refusals,
        DfaBudget? budget = null)
    {
        var compiler = new RuleCompiler(mode, model, budget);
        Dictionary<RuleSource, CompiledRule> known = before is null
            ? []
            : before.Rules.ToDictionary(static rule => rule.Source, RuleSourceComparer.Instance);
        List<RuleRefusal> refused = [];
        RuleSource[] ordered = [.. sources.OrderBy(static s => s.Id).ThenBy(static s => s.Group)];
        var rules = new CompiledRule[ordered.Length];
        for (int i = 0; i < ordered.Length; i++)
        {
            RuleSource source = ordered[i];
            try
            {
                rules[i] = known.TryGetValue(source, out CompiledRule? rule) ? rule : compiler.Compile(source);
            }
            catch (PatternException e)
            {
                refused.Add(new RuleRefusal(source.Id, source.Group, e.Refusal, e.Offset, e.Message));
            }
        }

        refusals = refused;
        return refused.Count > 0 ? null : Join(rules, mode, model);
    }

    /// <summary>The same with the usual idea of payloads, and without a database before.</summary>
    public static RegexDatabase? Compile(
        IReadOnlyList<RuleSource> sources, MatchMode mode, out IReadOnlyList<RuleRefusal> refusals, DfaBudget? budget = null) =>
        Compile(sources, mode, PayloadModel.Default, before: null, out refusals, budget);

    private static RegexDatabase Join(CompiledRule[] rules, MatchMode mode, PayloadModel model)
    {
        List<LiteralSpec> specs = [];
        var stateOf = new int[rules.Length];
        var lazyOf = new int[rules.Length];
        int states = 0;
        int lazies = 0;
        for (int r = 0; r < rules.Length; r++)
        {
            CompiledRule rule = rules[r];
            stateOf[r] = rule.HasState ? states++ : -1;
            lazyOf[r] = lazies;
            lazies += rule.LazyCount;
            if (rule is { Literals: { } set, Strategy: not (RuleStrategy.Shared or RuleStrategy.PayloadStart or RuleStrategy.Always) })
            {
                int offset = rule.Strategy == RuleStrategy.LiteralStart ? set.MinOffset : LiteralSpec.Unordered;
                specs.AddRange(set.Literals.Select(literal => new LiteralSpec(literal, r, offset)));
            }
        }

        LiteralIndex literals = LiteralIndex.Build(specs, model);
        List<int> always = [.. Indices(rules, RuleStrategy.Always)];
        WakeAutomaton[] pinned = Wake(rules, RuleStrategy.PayloadStart, always);
        WakeAutomaton[] shared = Wake(rules, RuleStrategy.Shared, always);
        return new RegexDatabase
        {
            Mode = mode,
            Rules = rules,
            Literals = literals,
            Specs = [.. specs],
            Hits = [.. specs.Select(spec => new LiteralTarget(
                spec.Owner, spec.Bytes.Length, rules[spec.Owner].Source.Group, rules[spec.Owner].Strategy, rules[spec.Owner].HasState))],
            LiteralFirst = new ByteScanSet(FirstBytes(specs)),
            LiteralLengthMax = specs.Max(static s => (int?)s.Bytes.Length) ?? 0,
            Wakes = [.. pinned, .. shared],
            PinnedWakeCount = pinned.Length,
            WakeRules = [.. Indices(rules, RuleStrategy.PayloadStart), .. Indices(rules, RuleStrategy.Shared)],
            AlwaysRules = [.. always],
            StateOf = stateOf,
            StateCount = states,
            LazyOf = lazyOf,
            LazyCount = lazies,
            ProgramLengthMax = rules.Max(static r => (int?)r.ProgramLengthMax) ?? 1,
            RegisterMax = rules.Max(static r => r.Backtrack?.RegisterCount) ?? -1,
            ContextMax = rules.Max(static r => (int?)r.ContextLength) ?? 1,
            MatchLengthMax = rules.Any(static r => r.LengthMax is null) ? null : rules.Max(static r => r.LengthMax) ?? 0,
            ByteCount = literals.ByteCount + pinned.Concat(shared).Sum(static w => (long)w.ByteCount)
                + rules.Sum(static r => r.ByteCount) + rules.Length * 2L * sizeof(int),
        };
    }

    /// <summary>Merged automata of the rules of a strategy; what fits into none is searched for in every payload.</summary>
    private static WakeAutomaton[] Wake(CompiledRule[] rules, RuleStrategy strategy, List<int> always)
    {
        List<(PatternNode, int)> trees = [.. Indices(rules, strategy).Select(r => (rules[r].WakeTree!, r))];
        if (trees.Count == 0)
        {
            return [];
        }

        WakeAutomaton[] automata = WakeBuilder.Build(trees, pinned: strategy == RuleStrategy.PayloadStart, out int[] leftOver);
        always.AddRange(leftOver);
        return automata;
    }

    private static ByteSet FirstBytes(List<LiteralSpec> specs)
    {
        ByteSet first = default;
        foreach (LiteralSpec spec in specs)
        {
            MaskedByte one = spec.Bytes[0];
            first = first.With(one.Value);
            first = one.IsCaseless ? first.With((byte)(one.Value | 0x20)) : first;
        }

        return first;
    }

    private static IEnumerable<int> Indices(CompiledRule[] rules, RuleStrategy strategy) =>
        Enumerable.Range(0, rules.Length).Where(r => rules[r].Strategy == strategy);
}
