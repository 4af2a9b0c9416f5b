using Outboard.Plugins.Regex.Automata;
using Outboard.Plugins.Regex.Backtracking;
using Outboard.Plugins.Regex.Kernels.ByteScan;
using Outboard.Plugins.Regex.Literals;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>Compiles one rule after the other; it keeps the scratch between them.</summary>
internal sealed class RuleCompiler(MatchMode mode, PayloadModel model, DfaBudget? budget = null)
{
    /// <summary>
    /// A rule's own automaton: beyond this a scanner makes it bit by bit. The bound of work keeps a bad rule at about a millisecond.
    /// </summary>
    private static readonly DfaBudget s_budget = new(StateMax: 512, EntryMax: 1 << 13, WorkMax: 1 << 16);

    /// <summary>A single byte leads to too many places; such rules are watched by the merged automata.</summary>
    private const int LiteralLengthMin = 2;

    private const int CharacterLengthMax = 4;

    /// <summary>Where a literal stands further from the payload start than this, it is looked for before anything is read from there.</summary>
    private const int PinnedReachMax = 32;

    /// <summary>Longer literals are taken to overlap themselves, which costs a few bytes of scratch and no search at compile time.</summary>
    private const int OverlapLengthMax = 256;

    private readonly DfaBudget _budget = budget ?? s_budget;
    private readonly TableBuilder _tables = new();
    private int _programLengthMax;
    private int _lazyCount;
    private long _byteCount;

    /// <exception cref="PatternException">The rule is refused.</exception>
    public CompiledRule Compile(RuleSource source)
    {
        _programLengthMax = 0;
        _lazyCount = 0;
        _byteCount = 0;
        PatternNode root = PatternParser.Parse(source.Pattern, source.Options);
        PatternNode regular = PatternRelaxer.Relax(root, everyEnd: mode != MatchMode.FindAll, out bool exact);
        PatternMeasure measure = PatternMeasure.Of(root);
        bool allowEmpty = source.Options.HasFlag(RuleOptions.AllowEmpty)
            && (measure.Min == 0 || Holds(root, static node => node is KeepNode));
        LiteralSet? literals = allowEmpty ? null : LiteralExtractor.Extract(regular, model, LiteralLengthMin);
        if (literals is not null && Holds(root, static node => node is AssertNode { Kind: AssertionKind.SearchStart }))
        {
            // Where the search for it began counts, so no literal may name the start.
            literals = literals with { MaxOffset = null, IsWholeMatch = false, Prefix = null, Suffix = null };
        }

        RuleStrategy strategy = Choose(regular, exact, allowEmpty, literals);
        var draft = new Draft(source, regular, strategy, literals, allowEmpty, measure);
        return exact ? Regular(draft) : Irregular(draft, root);
    }

    private CompiledRule Regular(Draft draft)
    {
        (RuleSource source, PatternNode root, RuleStrategy strategy, LiteralSet? literals, bool allowEmpty, PatternMeasure measure) = draft;
        bool ordered = mode == MatchMode.FindAll;
        bool isLiteral = strategy == RuleStrategy.Literal;
        RuleAutomaton? anchored = null;
        RuleAutomaton? search = null;
        RuleAutomaton? reverse = null;
        NfaProgram? nonEmpty = null;
        ByteSet first = default;
        if (!isLiteral)
        {
            NfaProgram program = ordered
                ? NfaBuilder.Ordered(root, allowEmpty)
                : NfaBuilder.Unordered(root, reversed: false, allowEmpty);
            first = FirstByteFinder.Find(program);
            bool fromStart = ordered && strategy == RuleStrategy.LiteralStart;
            anchored = fromStart || mode == MatchMode.All ? Automaton(program, program.Start, ordered) : null;
            search = mode == MatchMode.All ? null : Automaton(program, program.SearchStart, ordered);
            if (ordered)
            {
                NfaProgram backward = NfaBuilder.Unordered(root, reversed: true, allowEmpty);
                reverse = Automaton(backward, backward.Start, ordered: false);
                nonEmpty = allowEmpty ? Reserve(NfaBuilder.Ordered(root, allowEmpty: false)) : null;
            }
        }

        (RuleAutomaton? prefix, RuleAutomaton? suffix) = Around(draft);
        return new CompiledRule
        {
            Source = source,
            Strategy = strategy,
            Literals = literals,
            WakeTree = IsWoken(strategy) ? root : null,
            Anchored = anchored,
            Search = search,
            Reverse = reverse,
            Prefix = prefix,
            Suffix = suffix,
            NonEmptyProgram = nonEmpty,
            FirstBytes = allowEmpty || isLiteral ? null : new ByteScanSet(first),
            LazyCount = _lazyCount,
            HasState = !isLiteral || (ordered && CanOverlapItself(literals!.Literals[0])),
            ProgramLengthMax = _programLengthMax,
            LengthMax = measure.Max,
            ByteCount = _byteCount,
            AllowEmpty = allowEmpty,
        };
    }

    private CompiledRule Irregular(Draft draft, PatternNode root)
    {
        (RuleSource source, PatternNode regular, RuleStrategy strategy, LiteralSet? literals, bool allowEmpty, PatternMeasure measure) = draft;
        BacktrackProgram program = BacktrackProgram.Compile(root);
        _byteCount += program.ByteCount;
        (RuleAutomaton? prefix, RuleAutomaton? suffix) = Around(draft);
        return new CompiledRule
        {
            Source = source,
            Strategy = strategy,
            Literals = literals,
            WakeTree = IsWoken(strategy) ? regular : null,
            Backtrack = program,
            Prefix = prefix,
            Suffix = suffix,
            FirstBytes = !allowEmpty && program.FirstBytes is { } first ? new ByteScanSet(first) : null,
            LazyCount = _lazyCount,
            HasState = true,
            ContextLength = ContextOf(root),
            ProgramLengthMax = _programLengthMax,
            LengthMax = measure.Max,
            ByteCount = _byteCount,
            AllowEmpty = allowEmpty,
        };
    }

    private RuleStrategy Choose(PatternNode regular, bool exact, bool allowEmpty, LiteralSet? literals)
    {
        if (allowEmpty)
        {
            return RuleStrategy.Always;
        }

        if (IsPinnedToStart(regular) && literals is not { MaxOffset: null or > PinnedReachMax })
        {
            return RuleStrategy.PayloadStart;
        }

        if (literals is null)
        {
            return RuleStrategy.Shared;
        }

        if (exact && literals is { IsWholeMatch: true, Literals.Count: 1 })
        {
            return RuleStrategy.Literal;
        }

        return literals.IsFixed && mode == MatchMode.FindAll ? RuleStrategy.LiteralStart
            : literals.Prefix is not null ? RuleStrategy.LiteralInner
            : RuleStrategy.LiteralAnywhere;
    }

    private static bool IsWoken(RuleStrategy strategy) => strategy is RuleStrategy.Shared or RuleStrategy.PayloadStart;

    /// <summary>What must stand before and behind a literal that splits the rule.</summary>
    private (RuleAutomaton? Prefix, RuleAutomaton? Suffix) Around(Draft draft)
    {
        if (draft.Strategy != RuleStrategy.LiteralInner)
        {
            return (null, null);
        }

        RuleAutomaton? prefix = null;
        RuleAutomaton? suffix = null;
        if (draft.Literals!.Prefix is { } before and not EmptyNode)
        {
            NfaProgram program = NfaBuilder.Unordered(before, reversed: true, allowEmpty: true);
            prefix = Automaton(program, program.Start, ordered: false);
        }

        if (draft.Literals.Suffix is { } behind and not EmptyNode)
        {
            // Preference lets it stop at the first way to fit.
            NfaProgram program = NfaBuilder.Ordered(behind, allowEmpty: true);
            suffix = Automaton(program, program.Start, ordered: true);
        }

        return (prefix, suffix);
    }

    private RuleAutomaton Automaton(NfaProgram program, int start, bool ordered)
    {
        Reserve(program);
        Dfa? table = _tables.TryBuild(program, start, ordered ? DfaMode.Preferred : DfaMode.Every, _budget);
        _byteCount += (table?.ByteCount ?? 0) + program.ByteCount;
        return new RuleAutomaton(program, start, ordered, table, table is null ? _lazyCount++ : -1);
    }

    private NfaProgram Reserve(NfaProgram program)
    {
        _programLengthMax = Math.Max(_programLengthMax, program.Length);
        return program;
    }

    /// <summary>Whether two occurrences of a literal can overlap, so that the second is no match of its own.</summary>
    private static bool CanOverlapItself(MaskedByte[] literal)
    {
        if (literal.Length > OverlapLengthMax)
        {
            return true;
        }

        for (int shift = 1; shift < literal.Length; shift++)
        {
            int i = 0;
            while (i + shift < literal.Length && CanAgree(literal[i], literal[i + shift]))
            {
                i++;
            }

            if (i + shift == literal.Length)
            {
                return true;
            }
        }

        return false;
    }

    private static bool CanAgree(MaskedByte left, MaskedByte right) => ((left.Value ^ right.Value) & left.Mask & right.Mask) == 0;

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

    /// <summary>Whether a node of some kind is in a tree.</summary>
    private static bool Holds(PatternNode node, Func<PatternNode, bool> kind) => kind(node) || node switch
    {
        LookNode look => Holds(look.Child, kind),
        ConcatNode concat => concat.Children.Any(child => Holds(child, kind)),
        AlternateNode alternate => alternate.Children.Any(child => Holds(child, kind)),
        RepeatNode repeat => Holds(repeat.Child, kind),
        CaptureNode capture => Holds(capture.Child, kind),
        AtomicNode atomic => Holds(atomic.Child, kind),
        _ => false,
    };

    /// <summary>Bytes before a match that its look-behinds, or a character there, may need.</summary>
    private static int ContextOf(PatternNode node) => node switch
    {
        LookNode { Behind: true } look => Math.Min(1 << 16, PatternMeasure.Of(look.Child).Max ?? 1 << 16) + ContextOf(look.Child),
        LookNode look => ContextOf(look.Child),
        ConcatNode concat => concat.Children.Max(ContextOf),
        AlternateNode alternate => alternate.Children.Max(ContextOf),
        RepeatNode repeat => ContextOf(repeat.Child),
        CaptureNode capture => ContextOf(capture.Child),
        AtomicNode atomic => ContextOf(atomic.Child),
        _ => CharacterLengthMax,
    };

    /// <summary>A rule on its way: parsed, relaxed, and decided how to come to it.</summary>
    private sealed record Draft(
        RuleSource Source,
        PatternNode Regular,
        RuleStrategy Strategy,
        LiteralSet? Literals,
        bool AllowEmpty,
        PatternMeasure Measure);
}
