using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>What the compiler asks of the parts of a tree; every answer is worked out once.</summary>
internal sealed class TreeFacts
{
    private readonly Dictionary<PatternNode, PatternLead> _leads = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<PatternNode, PatternExtent> _extents = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<int, List<CaptureNode>> _groups = [];
    private readonly HashSet<int> _measuring = [];

    public TreeFacts(PatternNode root) => Collect(root);

    /// <summary>The greatest index of a group that is captured or asked for.</summary>
    public int CaptureCount { get; private set; }

    public bool HasKeep { get; private set; }

    /// <summary>What the part can begin with.</summary>
    public PatternLead Lead(PatternNode node)
    {
        if (!_leads.TryGetValue(node, out PatternLead lead))
        {
            lead = FindLead(node);
            _leads.Add(node, lead);
        }

        return lead;
    }

    /// <summary>How many bytes the part takes.</summary>
    public PatternExtent Extent(PatternNode node)
    {
        if (!_extents.TryGetValue(node, out PatternExtent extent))
        {
            extent = FindExtent(node);
            _extents[node] = extent;
        }

        return extent;
    }

    /// <summary>Whether passing through the part leaves something behind that a later part can see.</summary>
    public static bool LeavesTraces(PatternNode node) => node switch
    {
        CaptureNode or KeepNode => true,
        ConcatNode concat => concat.Children.Any(LeavesTraces),
        AlternateNode alternate => alternate.Children.Any(LeavesTraces),
        RepeatNode repeat => LeavesTraces(repeat.Child),
        LookNode look => LeavesTraces(look.Child),
        AtomicNode atomic => LeavesTraces(atomic.Child),
        _ => false,
    };

    /// <summary>
    /// Whether nothing is the very last that the part can take, and only once. With <paramref name="always"/> it must be able to at every
    /// position; else a condition may stand in the way.
    /// </summary>
    public bool IsEmptyLast(PatternNode node, bool always) => node switch
    {
        EmptyNode => true,
        AssertNode or LookNode => !always,
        ConcatNode concat => concat.Children.All(c => IsEmptyLast(c, always)),
        AlternateNode alternate => alternate.Children.SkipLast(1).All(c => Extent(c).Min > 0)
            && IsEmptyLast(alternate.Children[^1], always),
        RepeatNode repeat => repeat is { Min: 0, Greedy: true } && Extent(repeat.Child).Min > 0,
        _ => false,
    };

    /// <summary>Where every match of the part must begin.</summary>
    public BacktrackStart Start(PatternNode node) => node switch
    {
        AssertNode { Kind: AssertionKind.SubjectStart } => BacktrackStart.Subject,
        AssertNode { Kind: AssertionKind.LineStart } => BacktrackStart.Line,
        AssertNode { Kind: AssertionKind.SearchStart } => BacktrackStart.Search,
        ConcatNode concat => StartOf(concat),
        AlternateNode alternate => alternate.Children.Select(Start).Aggregate(
            static (a, b) => a == b ? a
                : a is BacktrackStart.Line or BacktrackStart.Subject && b is BacktrackStart.Line or BacktrackStart.Subject
                    ? BacktrackStart.Line
                    : BacktrackStart.Anywhere),
        RepeatNode { Min: > 0 } repeat => Start(repeat.Child),
        CaptureNode capture => Start(capture.Child),
        AtomicNode atomic => Start(atomic.Child),
        _ => BacktrackStart.Anywhere,
    };

    /// <summary>Conditions before anything is taken are all about the same position.</summary>
    private BacktrackStart StartOf(ConcatNode concat)
    {
        foreach (PatternNode child in concat.Children)
        {
            BacktrackStart start = Start(child);
            if (start != BacktrackStart.Anywhere || Extent(child).Max != 0)
            {
                return start;
            }
        }

        return BacktrackStart.Anywhere;
    }

    private void Collect(PatternNode node)
    {
        switch (node)
        {
            case ConcatNode concat:
                CollectAll(concat.Children);
                break;
            case AlternateNode alternate:
                CollectAll(alternate.Children);
                break;
            case RepeatNode repeat:
                Collect(repeat.Child);
                break;
            case LookNode look:
                Collect(look.Child);
                break;
            case AtomicNode atomic:
                Collect(atomic.Child);
                break;
            case CaptureNode capture:
                CaptureCount = Math.Max(CaptureCount, capture.Index);
                if (!_groups.TryGetValue(capture.Index, out List<CaptureNode>? same))
                {
                    _groups.Add(capture.Index, same = []);
                }

                same.Add(capture);
                Collect(capture.Child);
                break;
            case BackReferenceNode reference:
                CaptureCount = Math.Max(CaptureCount, reference.Groups.Max());
                break;
            case KeepNode:
                HasKeep = true;
                break;
        }
    }

    private void CollectAll(IReadOnlyList<PatternNode> nodes)
    {
        foreach (PatternNode node in nodes)
        {
            Collect(node);
        }
    }

    private PatternLead FindLead(PatternNode node)
    {
        switch (node)
        {
            case SetNode set:
                return new PatternLead(set.Set, Through: false);
            case ConcatNode concat:
                PatternLead lead = PatternLead.End;
                foreach (PatternNode child in concat.Children)
                {
                    lead = lead.Then(Lead(child));
                }

                return lead;
            case AlternateNode alternate:
                return alternate.Children.Select(Lead).Aggregate(static (a, b) => a.Or(b));
            case RepeatNode { Max: 0 }:
                return PatternLead.End;
            case RepeatNode repeat:
                PatternLead body = Lead(repeat.Child);
                return repeat.Min == 0 ? body with { Through = true } : body;
            case CaptureNode capture:
                return Lead(capture.Child);
            case AtomicNode atomic:
                return Lead(atomic.Child);
            case BackReferenceNode:
                return new PatternLead(ByteSet.All, Through: true);
            case GraphemeNode:
                return new PatternLead(ByteSet.All, Through: false);
            default:
                return PatternLead.End;
        }
    }

    private PatternExtent FindExtent(PatternNode node)
    {
        switch (node)
        {
            case SetNode:
                return new PatternExtent(1, 1);
            case ConcatNode concat:
                PatternExtent sum = PatternExtent.Nothing;
                foreach (PatternNode child in concat.Children)
                {
                    sum = sum.Then(Extent(child));
                }

                return sum;
            case AlternateNode alternate:
                return alternate.Children.Select(Extent).Aggregate(static (a, b) => a.Or(b));
            case RepeatNode repeat:
                return Extent(repeat.Child).Times(repeat.Min, repeat.Max);
            case CaptureNode capture:
                return Extent(capture.Child);
            case AtomicNode atomic:
                return Extent(atomic.Child);
            case BackReferenceNode reference:
                return ExtentOf(reference);
            case GraphemeNode:
                return new PatternExtent(1, null);
            default:
                return PatternExtent.Nothing;
        }
    }

    /// <summary>A reference takes what its group took; folding can turn one byte into three and three into one.</summary>
    private PatternExtent ExtentOf(BackReferenceNode reference)
    {
        const int FoldedMax = 3;
        PatternExtent? any = reference.MatchUnset ? PatternExtent.Nothing : null;
        foreach (int group in reference.Groups)
        {
            if (!_groups.TryGetValue(group, out List<CaptureNode>? captures))
            {
                continue;
            }

            if (!_measuring.Add(group))
            {
                return PatternExtent.Unknown;
            }

            foreach (CaptureNode capture in captures)
            {
                PatternExtent extent = Extent(capture.Child);
                any = any is { } so ? so.Or(extent) : extent;
            }

            _measuring.Remove(group);
        }

        PatternExtent exact = any ?? PatternExtent.Nothing;
        return reference.Fold != BackReferenceFold.Unicode ? exact : new PatternExtent(
            (exact.Min + FoldedMax - 1) / FoldedMax,
            exact.Max * FoldedMax);
    }
}
