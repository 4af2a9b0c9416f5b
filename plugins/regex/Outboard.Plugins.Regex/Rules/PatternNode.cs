namespace Outboard.Plugins.Regex.Rules;

/// <summary>
/// The tree of a parsed pattern. Groups leave no trace: the class reports no captures, so only precedence remains of them.
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
