namespace Outboard.Plugins.Regex.Rules;

/// <summary>
/// The tree of a parsed pattern. Groups leave no trace unless a back reference needs what they took: the class reports no captures.
/// The nodes up to <see cref="AssertNode"/> are regular: automata run them. The others need the backtracker, and automata
/// see their regular superset.
/// </summary>
internal abstract record PatternNode;

/// <summary>Matches the empty string.</summary>
internal sealed record EmptyNode : PatternNode
{
    public static readonly EmptyNode Instance = new();
}

/// <summary>One byte out of a set; an empty set never matches.</summary>
internal sealed record SetNode(ByteSet Set) : PatternNode;

/// <summary>One after the other.</summary>
internal sealed record ConcatNode(IReadOnlyList<PatternNode> Children) : PatternNode;

/// <summary>The first of these that leads to a match.</summary>
internal sealed record AlternateNode(IReadOnlyList<PatternNode> Children) : PatternNode;

/// <summary>Between Min and Max times; no upper bound when Max is null.</summary>
internal sealed record RepeatNode(PatternNode Child, int Min, int? Max, bool Greedy) : PatternNode;

/// <summary>A condition on the position.</summary>
internal sealed record AssertNode(AssertionKind Kind) : PatternNode;

/// <summary>A group whose bytes a back reference asks for. Indices count from 1; branches of one alternation may share an index.</summary>
internal sealed record CaptureNode(int Index, PatternNode Child) : PatternNode;

/// <summary>
/// The bytes that a group took last: of several groups (a name used twice) the first that is set. Unset groups make it fail,
/// or match nothing with <see cref="MatchUnset"/>.
/// </summary>
internal sealed record BackReferenceNode(IReadOnlyList<int> Groups, BackReferenceFold Fold, bool MatchUnset) : PatternNode;

/// <summary>A condition on what follows the position, or on what ends at it; it takes nothing.</summary>
internal sealed record LookNode(PatternNode Child, bool Behind, bool Negative) : PatternNode;

/// <summary>Takes what its child takes first and never tries another way; possessive repeats are this round a repeat.</summary>
internal sealed record AtomicNode(PatternNode Child) : PatternNode;

/// <summary>\K: the match is reported from here.</summary>
internal sealed record KeepNode : PatternNode
{
    public static readonly KeepNode Instance = new();
}

/// <summary>\X: one extended grapheme cluster of UTF-8 text.</summary>
internal sealed record GraphemeNode : PatternNode
{
    public static readonly GraphemeNode Instance = new();
}
