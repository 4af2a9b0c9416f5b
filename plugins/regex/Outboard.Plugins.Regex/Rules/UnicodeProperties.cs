namespace Outboard.Plugins.Regex.Rules;

/// <summary>
/// Finds the sets behind \p{name}: general categories, scripts, bidi classes, binary properties and PCRE2's own names
/// (pcre2pattern, "Unicode character properties"). Keeps what was asked for, so each set is made once.
/// </summary>
internal sealed class UnicodeProperties
{
    private static readonly Lazy<Dictionary<string, (Kind Kind, int Value)>> s_names = new(MakeNames);

    private readonly Dictionary<(Kind Kind, int Value), CodePointSet> _sets = [];

    private enum Kind
    {
        Any,
        Categories,
        Script,
        ScriptExtensions,
        BidiClass,
        Binary,
        Own,
    }

    private enum Own
    {
        Alphanumeric,
        Space,
        Universal,
        Word,
    }

    /// <summary>Whether the text is one of the words that say "of which kind", as in \p{sc=Greek}.</summary>
    public static bool IsKind(string kind) =>
        kind is "script" or "sc" or "scriptextensions" or "scx" or "bidiclass" or "bc";

    /// <summary>
    /// The set of a name, or null when there is none. Names are in lower case without spaces, hyphens and underscores.
    /// </summary>
    public CodePointSet? Find(string? kind, string name)
    {
        bool script = kind is "script" or "sc";
        bool extensions = kind is "scriptextensions" or "scx";
        if (!s_names.Value.TryGetValue(kind is "bidiclass" or "bc" ? "bidi" + name : name, out (Kind Kind, int Value) found)
            || ((script || extensions) && found.Kind != Kind.ScriptExtensions))
        {
            return null;
        }

        found = script ? (Kind.Script, found.Value) : found;
        if (!_sets.TryGetValue(found, out CodePointSet? set))
        {
            set = Make(found.Kind, found.Value);
            _sets.Add(found, set);
        }

        return set;
    }

    /// <summary>The general categories that start with one of some letters, or are one of some names, as bits.</summary>
    public static uint CategoryMask(params ReadOnlySpan<string> names)
    {
        uint mask = 0;
        string[] all = UnicodeNames.Categories.Split(',');
        for (int i = 0; i < all.Length; i++)
        {
            foreach (string name in names)
            {
                mask |= all[i].StartsWith(name, StringComparison.Ordinal) ? 1U << i : 0;
            }
        }

        return mask;
    }

    private static CodePointSet Make(Kind kind, int value) => kind switch
    {
        Kind.Categories => UnicodeData.Shared.Categories((uint)value),
        Kind.Script => UnicodeData.Shared.Script(value),
        Kind.ScriptExtensions => UnicodeData.Shared.ScriptExtensions(value),
        Kind.BidiClass => UnicodeData.Shared.BidiClass(value),
        Kind.Binary => UnicodeData.Shared.Binary(value),
        Kind.Own => (Own)value switch
        {
            Own.Alphanumeric => CharacterClasses.UnicodeAlphanumeric,
            Own.Space => CharacterClasses.UnicodeSpace,
            Own.Word => CharacterClasses.UnicodeWord,
            _ => CharacterClasses.UniversalName,
        },
        _ => CodePointSet.All,
    };

    private static Dictionary<string, (Kind Kind, int Value)> MakeNames()
    {
        Dictionary<string, (Kind, int)> names = new()
        {
            ["any"] = (Kind.Any, 0),
            ["xan"] = (Kind.Own, (int)Own.Alphanumeric),
            ["xps"] = (Kind.Own, (int)Own.Space),
            ["xsp"] = (Kind.Own, (int)Own.Space),
            ["xuc"] = (Kind.Own, (int)Own.Universal),
            ["xwd"] = (Kind.Own, (int)Own.Word),
            ["l&"] = (Kind.Categories, (int)CategoryMask("Lu", "Ll", "Lt")),
            ["lc"] = (Kind.Categories, (int)CategoryMask("Lu", "Ll", "Lt")),
        };
        foreach (string category in UnicodeNames.Categories.Split(','))
        {
            names[Plain(category)] = (Kind.Categories, (int)CategoryMask(category));
            names[Plain(category[..1])] = (Kind.Categories, (int)CategoryMask(category[..1]));
        }

        Add(UnicodeNames.BidiClasses, Kind.BidiClass, "bidi");
        Add(UnicodeNames.Scripts, Kind.ScriptExtensions, string.Empty);
        Add(UnicodeNames.Binary, Kind.Binary, string.Empty);
        return names;

        void Add(string list, Kind kind, string prefix)
        {
            string[] values = list.Split(',');
            for (int i = 0; i < values.Length; i++)
            {
                foreach (string name in values[i].Split(' '))
                {
                    names[prefix + Plain(name)] = (kind, i);
                }
            }
        }
    }

    private static string Plain(string name) => name.Replace("_", string.Empty, StringComparison.Ordinal).ToLowerInvariant();
}
