using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// Literals of which every match of a rule holds at least one.
/// </summary>
/// <param name="Literals">The literals; none is empty.</param>
/// <param name="MinOffset">Least count of bytes from the start of the match to the start of the literal.</param>
/// <param name="MaxOffset">The greatest, null when unbounded. Where both agree a hit says where the match starts.</param>
/// <param name="IsWholeMatch">Whether each literal is all of a match, with no condition around it.</param>
/// <param name="Prefix">
/// What the rule's top level has before the literals, where they are all that one run of its parts can be; a match is then a match of
/// this, one of the literals, and a match of the suffix. Null where the literals come from within a part.
/// </param>
/// <param name="Suffix">The same behind them; null exactly where the prefix is.</param>
internal sealed record LiteralSet(
    IReadOnlyList<MaskedByte[]> Literals,
    int MinOffset,
    int? MaxOffset,
    bool IsWholeMatch,
    PatternNode? Prefix = null,
    PatternNode? Suffix = null)
{
    /// <summary>Whether a hit says where the match starts.</summary>
    public bool IsFixed => MaxOffset == MinOffset;

    /// <summary>The same set with more before it, as part of something greater.</summary>
    public LiteralSet Behind(int min, int? max) => this with
    {
        MinOffset = MinOffset + min,
        MaxOffset = MaxOffset + max,
        IsWholeMatch = IsWholeMatch && min == 0 && max == 0,
        Prefix = null,
        Suffix = null,
    };

    /// <summary>The same set with what is before and behind it.</summary>
    public LiteralSet With(PatternNode prefix, PatternNode suffix) => this with { Prefix = prefix, Suffix = suffix };
}
