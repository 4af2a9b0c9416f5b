namespace Outboard.Regex.Ids;

/// <summary>Cuts what stands in a rule's parentheses into options.</summary>
/// <remarks>Options end with a semicolon that is neither in quotes nor behind a backslash.</remarks>
internal sealed class IdsOptionScanner(string text)
{
    private const int OptionsMax = 1024;

    /// <summary>Adds the options.</summary>
    /// <exception cref="FormatException">The last option has no end, or a quote is open.</exception>
    public void ReadTo(List<IdsOption> options)
    {
        bool isQuoted = false;
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\\')
            {
                i++;
            }
            else if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == ';' && !isQuoted)
            {
                Add(options, text.AsSpan(start, i - start));
                start = i + 1;
            }
        }

        if (isQuoted)
        {
            throw new FormatException("not a rule: a quote is not closed");
        }

        if (!text.AsSpan(start).Trim().IsEmpty)
        {
            throw new FormatException("not a rule: the last option does not end with a semicolon");
        }
    }

    private static void Add(List<IdsOption> options, ReadOnlySpan<char> option)
    {
        option = option.Trim();
        if (option.IsEmpty)
        {
            return;
        }

        if (options.Count == OptionsMax)
        {
            throw new FormatException($"not a rule: it has more than {OptionsMax} options");
        }

        int colon = option.IndexOf(':');
        int space = option.IndexOfAny(' ', '\t');
        int end = colon < 0 ? (space < 0 ? option.Length : space) : colon;
        string name = option[..end].Trim().ToString();
        string value = end == option.Length ? string.Empty : option[(end + 1)..].Trim().ToString();
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-'))
            {
                throw new FormatException($"not a rule: '{name}' is no name of an option");
            }
        }

        options.Add(new IdsOption(name, value));
    }
}
