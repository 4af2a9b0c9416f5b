namespace Outboard.Cli.Vectors;

/// <summary>Names of Unicode properties: general categories have long names in Rust and only short ones in PCRE.</summary>
internal static class RegexRustProperties
{
    private static readonly Dictionary<string, string> s_categories = new(StringComparer.Ordinal)
    {
        ["casedletter"] = "L&",
        ["closepunctuation"] = "Pe",
        ["connectorpunctuation"] = "Pc",
        ["control"] = "Cc",
        ["currencysymbol"] = "Sc",
        ["dashpunctuation"] = "Pd",
        ["decimalnumber"] = "Nd",
        ["enclosingmark"] = "Me",
        ["finalpunctuation"] = "Pf",
        ["format"] = "Cf",
        ["initialpunctuation"] = "Pi",
        ["letter"] = "L",
        ["letternumber"] = "Nl",
        ["lineseparator"] = "Zl",
        ["lowercaseletter"] = "Ll",
        ["mark"] = "M",
        ["mathsymbol"] = "Sm",
        ["modifierletter"] = "Lm",
        ["modifiersymbol"] = "Sk",
        ["nonspacingmark"] = "Mn",
        ["number"] = "N",
        ["openpunctuation"] = "Ps",
        ["other"] = "C",
        ["otherletter"] = "Lo",
        ["othernumber"] = "No",
        ["otherpunctuation"] = "Po",
        ["othersymbol"] = "So",
        ["paragraphseparator"] = "Zp",
        ["privateuse"] = "Co",
        ["punctuation"] = "P",
        ["separator"] = "Z",
        ["spaceseparator"] = "Zs",
        ["spacingmark"] = "Mc",
        ["surrogate"] = "Cs",
        ["symbol"] = "S",
        ["titlecaseletter"] = "Lt",
        ["unassigned"] = "Cn",
        ["uppercaseletter"] = "Lu",
    };

    /// <summary>The name that PCRE has for a property.</summary>
    /// <exception cref="RegexSpellingException">It has none.</exception>
    public static string Spell(string name)
    {
        int sign = name.IndexOfAny(['=', ':']);
        string kind = sign < 0 ? string.Empty : Loose(name[..sign]);
        string value = sign < 0 ? name : name[(sign + 1)..];
        return kind switch
        {
            "" or "gc" or "generalcategory" => s_categories.GetValueOrDefault(Loose(value), value),
            "sc" or "script" => $"sc:{value}",
            "scx" or "scriptextensions" => $"scx:{value}",
            _ => throw new RegexSpellingException($"PCRE has no property {kind}"),
        };
    }

    private static string Loose(string name) =>
        string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
