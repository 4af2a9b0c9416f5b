namespace Outboard.Plugins.Regex.Rules;

/// <summary>
/// What the parser leaves until the whole pattern is known; <see cref="PatternResolver"/> replaces all of it, so no other code
/// sees these nodes.
/// </summary>
internal abstract record SyntaxNode : PatternNode;

/// <summary>One character of UTF-8 text out of a set.</summary>
internal sealed record CharacterNode(CodePointSet Set) : SyntaxNode;

/// <summary>\C in UTF-8 text: one byte, whatever it is.</summary>
internal sealed record AnyByteNode : SyntaxNode
{
    public static readonly AnyByteNode Instance = new();
}

/// <summary>\R.</summary>
internal sealed record NewlineNode : SyntaxNode
{
    public static readonly NewlineNode Instance = new();
}

/// <summary>(*FAIL).</summary>
internal sealed record FailNode : SyntaxNode
{
    public static readonly FailNode Instance = new();
}

/// <summary>A back reference by number, or by name when there is one. Its place tells which groups it stands in.</summary>
internal sealed record ReferenceNode(int Group, string? Name, bool Caseless, int Offset, OpenGroup? Inside) : SyntaxNode;

/// <summary>A look-around; a look-behind has a length to be checked, and its place is named when it has none.</summary>
internal sealed record AssertionNode(PatternNode Child, bool Behind, bool Negative, bool Atomic, int Offset) : SyntaxNode;

/// <summary>The capturing groups around a place, the innermost first.</summary>
internal sealed record OpenGroup(int Index, OpenGroup? Outer)
{
    public bool Has(int index)
    {
        for (OpenGroup? group = this; group is not null; group = group.Outer)
        {
            if (group.Index == index)
            {
                return true;
            }
        }

        return false;
    }
}
