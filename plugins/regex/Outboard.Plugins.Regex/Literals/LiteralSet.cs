namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// Literals of which every match of a rule holds at least one.
/// </summary>
/// <param name="Literals">The literals; none is empty.</param>
/// <param name="MinOffset">Least count of bytes from the start of the match to the start of the literal.</param>
/// <param name="MaxOffset">The greatest, null when unbounded. Where both agree a hit says where the match starts.</param>
/// <param name="IsWholeMatch">Whether each literal is all of a match, with no condition around it.</param>
internal sealed record LiteralSet(
    IReadOnlyList<MaskedByte[]> Literals, int MinOffset, int? MaxOffset, bool IsWholeMatch)
{
    /// <summary>Whether a hit says where the match starts.</summary>
    public bool IsFixed => MaxOffset == MinOffset;

    /// <summary>The same set with more before it.</summary>
    public LiteralSet Behind(int min, int? max) => this with
    {
        MinOffset = MinOffset + min,
        MaxOffset = MaxOffset + max,
        IsWholeMatch = IsWholeMatch && min == 0 && max == 0,
    };
}
