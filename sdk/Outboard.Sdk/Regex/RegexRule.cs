using System.Text;

namespace Outboard.Regex;

/// <summary>One rule: a pattern that reports its id where it matches.</summary>
/// <param name="Id">The id reported, 0 or more; unique in its group.</param>
/// <param name="Pattern">The pattern in PCRE syntax, bytes.</param>
/// <param name="Flags">How the pattern is read.</param>
/// <param name="GroupId">The group, 0 when groups are not used.</param>
public sealed record RegexRule(int Id, ReadOnlyMemory<byte> Pattern, RegexRuleFlags Flags = RegexRuleFlags.None, ushort GroupId = 0)
{
    /// <summary>Creates a rule from text; a pattern with a character above U+00FF is encoded as UTF-8, any other as Latin-1.</summary>
    /// <param name="id">The id reported.</param>
    /// <param name="pattern">The pattern in PCRE syntax.</param>
    /// <param name="flags">How the pattern is read.</param>
    /// <param name="groupId">The group.</param>
    public static RegexRule FromText(
        int id, string pattern, RegexRuleFlags flags = RegexRuleFlags.None, ushort groupId = 0) =>
        new(id, Encode(pattern), flags, groupId);

    private static byte[] Encode(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return pattern.All(c => c <= 0xFF) ? Encoding.Latin1.GetBytes(pattern) : Encoding.UTF8.GetBytes(pattern);
    }
}
