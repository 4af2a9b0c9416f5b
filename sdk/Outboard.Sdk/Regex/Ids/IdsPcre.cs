namespace Outboard.Regex.Ids;

/// <summary>A <c>pcre</c>: a pattern to find, or not to find.</summary>
/// <param name="BufferName">The buffer, in the words of the rule; empty for the payload.</param>
/// <param name="Pattern">What stands between the delimiters.</param>
/// <param name="Flags">The flags that every engine of patterns knows.</param>
public sealed record IdsPcre(string BufferName, ReadOnlyMemory<byte> Pattern, RegexRuleFlags Flags) : IdsItem(BufferName)
{
    /// <summary>Whether the pattern must not be found.</summary>
    public bool IsNegated { get; init; }

    /// <summary>Whether it is searched for behind the previous match only.</summary>
    public bool IsRelative { get; init; }

    /// <summary>Whether <c>$</c> is the very end only.</summary>
    public bool IsDollarEnd { get; init; }
}
