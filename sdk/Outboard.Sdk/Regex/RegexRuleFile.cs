using System.Globalization;
using System.Text;

namespace Outboard.Regex;

/// <summary>Reads plain rule files: one rule a line, <c>id:/pattern/flags</c>.</summary>
/// <remarks>
/// The file is bytes: a pattern is taken as it stands, from the first slash to the last of its line. Lines that are empty or begin
/// with <c>#</c> are skipped. The flags are i (caseless), m (multi-line), s (dot matches newlines), x (extended), A (anchored),
/// U (ungreedy), J (duplicate names), n (no automatic capture), u (UTF), V (empty matches are reported).
/// </remarks>
public static class RegexRuleFile
{
    private const string KnownFlags = "i m s x A U J n u V";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="groupId">The group that the rules belong to.</param>
    /// <returns>The rules in the order of the file; at least one.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">A line is malformed; the message names the file and the line.</exception>
    public static IReadOnlyList<RegexRule> Read(string path, ushort groupId = 0)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Parse(File.ReadAllBytes(path), path, groupId);
    }

    /// <summary>Reads the content of a file.</summary>
    /// <param name="content">The content.</param>
    /// <param name="name">The file's name, for errors.</param>
    /// <param name="groupId">The group that the rules belong to.</param>
    /// <returns>The rules in the order of the file; at least one.</returns>
    /// <exception cref="FormatException">A line is malformed; the message names the file and the line.</exception>
    public static IReadOnlyList<RegexRule> Parse(ReadOnlySpan<byte> content, string name, ushort groupId = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        List<RegexRule> rules = [];
        Dictionary<int, int> lineOf = [];
        int number = 0;
        while (!content.IsEmpty)
        {
            int end = content.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? content : content[..end];
            content = end < 0 ? default : content[(end + 1)..];
            number++;
            line = line.TrimStart(" \t"u8).TrimEnd(" \t\r"u8);
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            RegexRule rule = ParseLine(line, $"{name}:{number}", groupId);
            if (!lineOf.TryAdd(rule.Id, number))
            {
                throw new FormatException($"{name}:{number}: rule id {rule.Id} is taken by line {lineOf[rule.Id]}; ids are unique.");
            }

            rules.Add(rule);
        }

        return rules.Count != 0
            ? rules
            : throw new FormatException($"{name}: there is no rule in it; a rule is a line such as 7:/GET \\/admin/i.");
    }

    private static RegexRule ParseLine(ReadOnlySpan<byte> line, string place, ushort groupId)
    {
        int colon = line.IndexOf((byte)':');
        int close = line.LastIndexOf((byte)'/');
        if (colon < 1 || colon + 1 >= line.Length || line[colon + 1] != '/' || close <= colon + 2)
        {
            throw new FormatException($"{place}: not a rule; a rule is id:/pattern/flags, such as 7:/GET \\/admin/i.");
        }

        if (!int.TryParse(line[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out int id))
        {
            string text = Encoding.Latin1.GetString(line[..Math.Min(colon, 20)]);
            throw new FormatException($"{place}: '{text}' is not a rule id; ids are 0 to {int.MaxValue}.");
        }

        RegexRuleFlags flags = RegexRuleFlags.None;
        foreach (byte letter in line[(close + 1)..])
        {
            flags |= letter switch
            {
                (byte)'i' => RegexRuleFlags.Caseless,
                (byte)'m' => RegexRuleFlags.MultiLine,
                (byte)'s' => RegexRuleFlags.DotAll,
                (byte)'x' => RegexRuleFlags.Extended,
                (byte)'A' => RegexRuleFlags.Anchored,
                (byte)'U' => RegexRuleFlags.Ungreedy,
                (byte)'J' => RegexRuleFlags.DuplicateNames,
                (byte)'n' => RegexRuleFlags.NoAutoCapture,
                (byte)'u' => RegexRuleFlags.Utf,
                (byte)'V' => RegexRuleFlags.AllowEmpty,
                _ => throw new FormatException(
                    $"{place}: rule {id} has the unknown flag '{(char)letter}'; the flags are {KnownFlags}."),
            };
        }

        return new RegexRule(id, line[(colon + 2)..close].ToArray(), flags, groupId);
    }
}
