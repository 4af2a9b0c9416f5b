using Outboard.Plugins.Regex.Automata;
using Outboard.Plugins.Regex.Kernels.ByteScan;
using Outboard.Plugins.Regex.Literals;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>Compiles rules together.</summary>
internal sealed class DatabaseCompiler
{
    /// <summary>
    /// A rule's own automaton: beyond this a scanner makes it bit by bit. The bound of work keeps a bad rule at a few milliseconds.
    /// </summary>
    private static readonly DfaBudget s_ruleBudget = new(StateMax: 2048, EntryMax: 1 << 16, WorkMax: 1 << 19);

    /// <summary>A shared automaton should stay in the second-level cache.</summary>
    private static readonly DfaBudget s_sharedBudget = new(StateMax: 8192, EntryMax: 1 << 17, WorkMax: 1 << 21);

    private const int SharedProgramMax = 1 << 15;

    private readonly MatchMode _mode;
    private readonly DfaBudget _ruleBudget;
    private readonly List<LiteralWindow>[] _windows = [[], [], [], [], []];
    private readonly List<int> _always = [];
    private readonly List<(PatternNode Root, int Rule)> _sharedRules = [];
    private readonly List<int>[] _payloadStart = new List<int>[256];
    private StateStepper _stepper = new(1024);
    private int _stepperLength = 1024;
    private int _programLengthMax = 1;

    private DatabaseCompiler(MatchMode mode, DfaBudget ruleBudget)
    {
        _mode = mode;
        _ruleBudget = ruleBudget;
        for (int i = 0; i < _payloadStart.Length; i++)
        {
            _payloadStart[i] = [];
        }
    }

    /// <summary>Compiles what can be compiled and says what cannot; the database is null when any rule is refused.</summary>
    public static RegexDatabase? Compile(
        IReadOnlyList<RuleSource> sources,
        MatchMode mode,
        out IReadOnlyList<RuleRefusal> refusals,
        DfaBudget? ruleBudget = null)
    {
        var compiler = new DatabaseCompiler(mode, ruleBudget ?? s_ruleBudget);
        List<RuleRefusal> refused = [];
        RuleSource[] ordered = [.. sources.OrderBy(static s => s.Id).ThenBy(static s => s.Group)];
        var rules = new CompiledRule[ordered.Length];
        for (int i = 0; i < ordered.Length; i++)
        {
            RuleSource source = ordered[i];
            try
            {
                rules[i] = compiler.CompileRule(source, i);
            }
            catch (PatternException e)
            {
                refused.Add(new RuleRefusal(source.Id, source.Group, e.Refusal, e.Offset, e.Message));
            }
        }

        refusals = refused;
        return refused.Count > 0 ? null : compiler.Finish(rules);
    }

    private RegexDatabase Finish(CompiledRule[] rules)
    {
        List<SharedAutomaton> shared = [];
        BuildShared(_sharedRules, shared);
        long bytes = shared.Sum(static s => (long)s.Dfa.ByteCount);
        foreach (CompiledRule rule in rules)
        {
            bytes += (rule.Anchored?.ByteCount ?? 0) + (rule.Search?.ByteCount ?? 0) + (rule.Reverse?.ByteCount ?? 0);
        }

        List<LiteralTable> literals = [];
        for (int length = LiteralTable.WindowMax; length >= 2; length--)
        {
            if (LiteralTable.Create(length, _windows[length]) is { } table)
            {
                literals.Add(table);
                bytes += table.ByteCount;
            }
        }

        return new RegexDatabase
        {
            Mode = _mode,
            Rules = rules,
            Literals = [.. literals],
            PayloadStartRules = Array.ConvertAll(_payloadStart, static list => list.ToArray()),
            Shared = [.. shared],
            AlwaysRules = [.. _always],
            ProgramLengthMax = _programLengthMax,
            ByteCount = bytes,
        };
    }

    private CompiledRule CompileRule(RuleSource source, int index)
    {
        PatternNode root = PatternParser.Parse(source.Pattern, source.Options);
        bool allowEmpty = source.Options.HasFlag(RuleOptions.AllowEmpty) && PatternMeasure.Of(root).Min == 0;
        NfaProgram program = _mode == MatchMode.FindAll
            ? NfaBuilder.Ordered(root, allowEmpty)
            : NfaBuilder.Unordered(root, reversed: false, allowEmpty);
        LiteralSet? literals = allowEmpty ? null : LiteralExtractor.Extract(root);
        RuleStrategy strategy = Choose(root, allowEmpty, literals);
        if (literals is not null
            && strategy is RuleStrategy.Literal or RuleStrategy.LiteralStart or RuleStrategy.LiteralAnywhere)
        {
            AddWindows(literals, index);
        }

        Reserve(program);
        ByteSet first = FirstByteFinder.Find(program);
        switch (strategy)
        {
            case RuleStrategy.Always:
                _always.Add(index);
                break;
            case RuleStrategy.Shared:
                _sharedRules.Add((root, index));
                break;
            case RuleStrategy.PayloadStart:
                foreach (byte value in first.ToArray())
                {
                    _payloadStart[value].Add(index);
                }

                break;
        }

        return Build(source, root, program, strategy, literals, allowEmpty, first);
    }

    private CompiledRule Build(
        RuleSource source,
        PatternNode root,
        NfaProgram program,
        RuleStrategy strategy,
        LiteralSet? literals,
        bool allowEmpty,
        ByteSet first)
    {
        bool ordered = _mode == MatchMode.FindAll;
        bool needsAnchored = _mode == MatchMode.All
            || (ordered && strategy is RuleStrategy.LiteralStart or RuleStrategy.PayloadStart);
        bool needsSearch = _mode == MatchMode.Ends
            ? strategy != RuleStrategy.Literal
            : ordered && strategy is RuleStrategy.LiteralAnywhere or RuleStrategy.Shared or RuleStrategy.Always;
        Dfa? anchored = needsAnchored ? Table(program, program.Start, ordered) : null;
        Dfa? search = needsSearch ? Table(program, program.SearchStart, ordered) : null;
        Dfa? reverse = null;
        NfaProgram? backward = null;
        if (ordered && needsSearch)
        {
            backward = NfaBuilder.Unordered(root, reversed: true, allowEmpty);
            Reserve(backward);
            reverse = Table(backward, backward.Start, ordered: false);
        }

        NfaProgram? nonEmpty = allowEmpty && ordered ? NfaBuilder.Ordered(root, allowEmpty: false) : null;
        if (nonEmpty is not null)
        {
            Reserve(nonEmpty);
        }

        return new CompiledRule
        {
            Source = source,
            Strategy = strategy,
            Program = program,
            NonEmptyProgram = nonEmpty,
            Anchored = anchored,
            Search = search,
            Reverse = reverse,
            ReverseProgram = reverse is null ? backward : null,
            LazyAnchored = ordered && needsAnchored && anchored is null,
            LazySearch = ordered && needsSearch && search is null,
            FirstBytes = allowEmpty ? null : new ByteScanSet(first),
            LiteralReach = literals?.MaxOffset,
            LiteralOffset = literals?.MinOffset ?? 0,
            AllowEmpty = allowEmpty,
        };
    }

    private RuleStrategy Choose(PatternNode root, bool allowEmpty, LiteralSet? literals)
    {
        if (allowEmpty)
        {
            return RuleStrategy.Always;
        }

        if (IsPinnedToStart(root))
        {
            return RuleStrategy.PayloadStart;
        }

        if (literals is null)
        {
            return RuleStrategy.Shared;
        }

        if (literals.IsWholeMatch && literals.Literals.Count == 1)
        {
            return RuleStrategy.Literal;
        }

        return literals.IsFixed && _mode == MatchMode.FindAll
            ? RuleStrategy.LiteralStart
            : RuleStrategy.LiteralAnywhere;
    }

    /// <summary>
    /// Adds one window of each literal. All windows of a rule have the same length and stand at the same offset, so hits come in the
    /// order of the starts they stand for.
    /// </summary>
    private void AddWindows(LiteralSet literals, int index)
    {
        int shortest = literals.Literals.Min(static l => l.Length);
        int width = Math.Min(shortest, LiteralTable.WindowMax);
        int bestOffset = 0;
        int bestBits = -1;
        for (int offset = 0; offset + width <= shortest; offset++)
        {
            int bits = literals.Literals.Min(l => ByteRarity.Bits(l.AsSpan(offset, width)));
            if (bits > bestBits)
            {
                bestBits = bits;
                bestOffset = offset;
            }
        }

        foreach (MaskedByte[] literal in literals.Literals)
        {
            _windows[width].Add(new LiteralWindow(literal, bestOffset, index));
        }
    }

    private static bool IsPinnedToStart(PatternNode node)
    {
        switch (node)
        {
            case AssertNode assert:
                return assert.Kind == AssertionKind.SubjectStart;
            case ConcatNode concat:
                foreach (PatternNode child in concat.Children)
                {
                    if (IsPinnedToStart(child))
                    {
                        return true;
                    }

                    if (PatternMeasure.Of(child).Max != 0)
                    {
                        return false;
                    }
                }

                return false;
            case AlternateNode alternate:
                return alternate.Children.All(IsPinnedToStart);
            case RepeatNode repeat:
                return repeat.Min > 0 && IsPinnedToStart(repeat.Child);
            default:
                return false;
        }
    }

    /// <summary>Puts rules into as few automata as the budget allows: all together if possible, else each half by itself.</summary>
    private void BuildShared(List<(PatternNode Root, int Rule)> rules, List<SharedAutomaton> shared)
    {
        if (rules.Count == 0)
        {
            return;
        }

        NfaProgram? program = NfaBuilder.Union(rules, SharedProgramMax);
        if (program is not null)
        {
            Reserve(program);
            Dfa? dfa = DfaBuilder.TryBuild(
                program, _stepper, program.SearchStart, ordered: false, listRules: true, s_sharedBudget);
            if (dfa is not null)
            {
                shared.Add(new SharedAutomaton(dfa, rules.Count));
                return;
            }
        }

        if (rules.Count == 1)
        {
            _always.Add(rules[0].Rule);
            return;
        }

        int half = rules.Count / 2;
        BuildShared(rules[..half], shared);
        BuildShared(rules[half..], shared);
    }

    private Dfa? Table(NfaProgram program, int start, bool ordered) =>
        DfaBuilder.TryBuild(program, _stepper, start, ordered, listRules: false, _ruleBudget);

    private void Reserve(NfaProgram program)
    {
        _programLengthMax = Math.Max(_programLengthMax, program.Length);
        if (program.Length > _stepperLength)
        {
            _stepperLength = program.Length * 2;
            _stepper = new StateStepper(_stepperLength);
        }
    }
}
