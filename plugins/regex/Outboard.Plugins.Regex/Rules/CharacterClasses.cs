namespace Outboard.Plugins.Regex.Rules;

/// <summary>What the class escapes and the POSIX classes take, as code points.</summary>
internal static class CharacterClasses
{
    private static readonly CodePointSet s_digit = CodePointSet.Of(ByteSet.Digits);

    private static readonly CodePointSet s_word = CodePointSet.Of(ByteSet.Word);

    private static readonly CodePointSet s_space = CodePointSet.Of(ByteSet.Space);

    /// <summary>Format characters that change direction, and a separator without width: neither graphic nor printing.</summary>
    private static readonly CodePointSet s_unseen =
        CodePointSet.FromRanges([(0x061C, 0x061C), (0x180E, 0x180E), (0x2066, 0x2069)]);

    private static readonly Lazy<CodePointSet> s_unicodeLetter = new(static () => OfCategories("L"));

    private static readonly Lazy<CodePointSet> s_unicodeDigit = new(static () => OfCategories("Nd"));

    private static readonly Lazy<CodePointSet> s_unicodeAlphanumeric = new(static () => OfCategories("L", "N"));

    private static readonly Lazy<CodePointSet> s_unicodeWord =
        new(static () => UnicodeAlphanumeric | CodePointSet.Of('_'));

    private static readonly Lazy<CodePointSet> s_unicodeSpace =
        new(static () => AllSpace());

    public static CodePointSet NotNewline { get; } = ~CodePointSet.Of('\n');

    public static CodePointSet HorizontalSpace { get; } = CodePointSet.FromRanges(
    [
        (0x09, 0x09), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x180E, 0x180E), (0x2000, 0x200A), (0x202F, 0x202F),
        (0x205F, 0x205F), (0x3000, 0x3000),
    ]);

    public static CodePointSet VerticalSpace { get; } = CodePointSet.FromRanges([(0x0A, 0x0D), (0x85, 0x85), (0x2028, 0x2029)]);

    public static CodePointSet UnicodeLetter => s_unicodeLetter.Value;

    public static CodePointSet UnicodeDigit => s_unicodeDigit.Value;

    public static CodePointSet UnicodeAlphanumeric => s_unicodeAlphanumeric.Value;

    /// <summary>What \w takes with Unicode properties: letters, numbers and the underscore.</summary>
    public static CodePointSet UnicodeWord => s_unicodeWord.Value;

    public static CodePointSet UnicodeSpace => s_unicodeSpace.Value;

    /// <summary>What can be written as a universal character name in C and its relatives.</summary>
    public static CodePointSet UniversalName { get; } = CodePointSet.FromRanges(
        [('$', '$'), ('@', '@'), ('`', '`'), (0xA0, 0xD7FF), (0xE000, CodePointSet.Limit - 1)]);

    /// <summary>\d, \w, \s, \h, \v and their opposites; null for any other letter.</summary>
    public static CodePointSet? OfEscape(byte letter, bool unicode) => letter switch
    {
        (byte)'d' => Digit(unicode),
        (byte)'D' => ~Digit(unicode),
        (byte)'w' => Word(unicode),
        (byte)'W' => ~Word(unicode),
        (byte)'s' => Space(unicode),
        (byte)'S' => ~Space(unicode),
        (byte)'h' => HorizontalSpace,
        (byte)'H' => ~HorizontalSpace,
        (byte)'v' => VerticalSpace,
        (byte)'V' => ~VerticalSpace,
        _ => null,
    };

    public static bool IsEscape(int letter) =>
        letter is 'd' or 'D' or 'w' or 'W' or 's' or 'S' or 'h' or 'H' or 'v' or 'V';

    public static CodePointSet Word(bool unicode) => unicode ? UnicodeWord : s_word;

    /// <summary>A POSIX class by its name; null when there is none.</summary>
    public static CodePointSet? OfPosix(string name, bool unicode, bool caseless)
    {
        CodePointSet? set = unicode ? OfUnicodePosix(name) : null;
        if (set is not null)
        {
            return set;
        }

        ByteSet letters = ByteSet.Upper | ByteSet.Lower;
        ByteSet? bytes = name switch
        {
            "alnum" => letters | ByteSet.Digits,
            "alpha" => letters,
            "ascii" => ByteSet.Range(0, 127),
            "blank" => ByteSet.Of(9) | ByteSet.Of(32),
            "cntrl" => ByteSet.Range(0, 31) | ByteSet.Of(127),
            "digit" => ByteSet.Digits,
            "graph" => ByteSet.Range(33, 126),
            "lower" => caseless ? letters : ByteSet.Lower,
            "print" => ByteSet.Range(32, 126),
            "punct" => ByteSet.Range(33, 126) & ~(letters | ByteSet.Digits),
            "space" => ByteSet.Space,
            "upper" => caseless ? letters : ByteSet.Upper,
            "word" => ByteSet.Word,
            "xdigit" => ByteSet.Digits | ByteSet.Range((byte)'A', (byte)'F') | ByteSet.Range((byte)'a', (byte)'f'),
            _ => null,
        };
        return bytes is { } found ? CodePointSet.Of(found) : null;
    }

    /// <summary>The POSIX classes that Unicode properties change (pcre2pattern, "POSIX character classes").</summary>
    private static CodePointSet? OfUnicodePosix(string name) => name switch
    {
        "alnum" => UnicodeAlphanumeric,
        "alpha" => UnicodeLetter,
        "blank" => HorizontalSpace,
        "cntrl" => OfCategories("Cc"),
        "digit" => UnicodeDigit,
        "graph" => OfCategories("L", "M", "N", "P", "S") | (OfCategories("Cf") & ~s_unseen),
        "lower" => OfCategories("Ll"),
        "print" => OfCategories("L", "M", "N", "P", "S", "Zs") | (OfCategories("Cf") & ~(s_unseen & ~CodePointSet.Of(0x180E))),
        "punct" => OfCategories("P") | (OfCategories("S") & CodePointSet.Range(0, 0x7F)),
        "space" => UnicodeSpace,
        "upper" => OfCategories("Lu"),
        "word" => UnicodeWord,
        _ => null,
    };

    private static CodePointSet OfCategories(params ReadOnlySpan<string> names) =>
        UnicodeData.Shared.Categories(UnicodeProperties.CategoryMask(names));

    private static CodePointSet AllSpace() => OfCategories("Z") | HorizontalSpace | VerticalSpace;

    private static CodePointSet Digit(bool unicode) => unicode ? UnicodeDigit : s_digit;

    private static CodePointSet Space(bool unicode) => unicode ? UnicodeSpace : s_space;
}
