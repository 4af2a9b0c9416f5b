using System.Text;

namespace Outboard.Plugins.Regex.Rules;

internal sealed partial class PatternParser
{
    private readonly UnicodeProperties _properties = new();

    /// <summary>\p or \P with its name; the position is at the backslash.</summary>
    private CodePointSet ReadProperty()
    {
        int start = _at;
        bool negated = _pattern[_at + 1] == 'P';
        _at += 2;
        var name = new StringBuilder();
        int split = -1;
        if (Peek(0) == '{')
        {
            _at++;
            if (Peek(0) == '^')
            {
                negated = !negated;
                _at++;
            }

            split = ReadPropertyName(start, name);
        }
        else if (Peek(0) is >= 'A' and <= 'Z' or >= 'a' and <= 'z')
        {
            name.Append(char.ToLowerInvariant((char)_pattern[_at++]));
        }
        else
        {
            throw Syntax(start, "\\p and \\P must be followed by one letter, or by a name in braces");
        }

        string all = name.ToString();
        string? kind = split < 0 ? null : all[..split];
        string value = all[(split + 1)..];
        if (kind is not null && !UnicodeProperties.IsKind(kind))
        {
            throw Syntax(start, $"'{kind}' is no kind of property; sc, scx and bc are (Script, Script_Extensions, Bidi_Class)");
        }

        CodePointSet set = _properties.Find(kind, value)
            ?? throw Syntax(
                start,
                $"'{all}' is no property that is known; known are general categories (Lu), scripts (Greek), bidi classes (bc=AL) and binary properties (Alphabetic) of Unicode 14");
        if (!negated)
        {
            return set;
        }

        string key = $"\\p^{all}";
        if (!_classes.TryGetValue(key, out CodePointSet? opposite))
        {
            opposite = ~set;
            _classes.Add(key, opposite);
        }

        return opposite;
    }

    /// <summary>Reads up to the closing brace, and says where the name has its first : or =. Case, spaces, hyphens and underscores do not count.</summary>
    private int ReadPropertyName(int start, StringBuilder name)
    {
        const int NameLengthMax = 48;
        int split = -1;
        while (Peek(0) != '}')
        {
            if (AtEnd || _pattern[_at] == 0 || name.Length > NameLengthMax)
            {
                throw Syntax(start, "the name of the property is too long or has no closing brace");
            }

            char c = char.ToLowerInvariant((char)_pattern[_at++]);
            if (c is '_' or '-' or ' ' or (>= '\t' and <= '\r'))
            {
                continue;
            }

            split = split < 0 && c is ':' or '=' ? name.Length : split;
            name.Append(c);
        }

        _at++;
        return split;
    }
}
