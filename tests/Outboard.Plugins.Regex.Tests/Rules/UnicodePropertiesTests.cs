using System.Text;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Oracle;

namespace Outboard.Plugins.Regex.Tests.Rules;

public sealed class UnicodePropertiesTests
{
    private const uint Utf = 0x00080000;
    private const uint Ucp = 0x00020000;

    public static TheoryData<string> Escapes => new(
        "\\d", "\\w", "\\s", "\\h", "\\v", "\\D", "\\W", "\\S", "\\H", "\\V", "[[:alnum:]]", "[[:alpha:]]", "[[:ascii:]]", "[[:blank:]]",
        "[[:cntrl:]]", "[[:digit:]]", "[[:graph:]]", "[[:lower:]]", "[[:print:]]", "[[:punct:]]", "[[:space:]]", "[[:upper:]]", "[[:word:]]",
        "[[:xdigit:]]", "[[:^graph:]]", "[[:^xdigit:]]", "[^\\d]", "[\\W\\d]", "(?i)[[:lower:]]", "(?i)[[:^upper:]]", "(?s).", ".", "\\N");

    [Fact]
    public void EveryPropertyHasTheCharactersOfPcre2()
    {
        Pcre2.SkipIfAbsent();
        int[] points = Points();
        byte[] subject = Subject(points, out int[] offsets);
        string[] names =
        [
            .. UnicodeNames.Categories.Split(','), "C", "L", "M", "N", "P", "S", "Z", "L&", "LC", "Any", "Xan", "Xps", "Xsp", "Xwd", "Xuc",
            .. UnicodeNames.Scripts.Split(',').SelectMany(static s => new[] { s.Split(' ')[^1], "sc=" + s.Split(' ')[0] }),
            .. UnicodeNames.BidiClasses.Split(',').Select(static s => "bc:" + s),
            .. UnicodeNames.Binary.Split(',').Select(static s => s.Split(' ')[0]),
        ];
        Assert.All(names, name => Compare($"\\p{{{name}}}", 0, points, subject, offsets));
    }

    [Theory]
    [MemberData(nameof(Escapes))]
    public void EveryClassHasTheCharactersOfPcre2(string pattern)
    {
        Pcre2.SkipIfAbsent();
        int[] points = Points();
        byte[] subject = Subject(points, out int[] offsets);
        Compare(pattern, 0, points, subject, offsets);
        Compare(pattern, Ucp, points, subject, offsets);
    }

    [Theory]
    [InlineData("\\w")]
    [InlineData("\\W")]
    [InlineData("[[:lower:]]")]
    [InlineData("[[:punct:]]")]
    [InlineData("[^[:graph:]]")]
    [InlineData("\\p{Lu}")]
    [InlineData("(?i)\\xe9")]
    [InlineData("(?i)[\\xe0-\\xe9]")]
    [InlineData("(?i)\\xb5")]
    [InlineData("(?i)[^k]")]
    [InlineData("(?i)\\xff")]
    public void BytesWithUnicodePropertiesAreTheFirstCodePoints(string pattern)
    {
        Pcre2.SkipIfAbsent();
        byte[] subject = [.. Enumerable.Range(0, 256).Select(static i => (byte)i)];
        foreach (uint options in (uint[])[0, Ucp])
        {
            using Pcre2? theirs = Pcre2.TryCompile(Encoding.Latin1.GetBytes(pattern), options, out string error, out _);
            Assert.True(theirs is not null, error);
            RuleOptions ours = options == 0 ? RuleOptions.None : RuleOptions.UnicodeProperties;
            var set = Assert.IsType<SetNode>(PatternParser.Parse(Encoding.Latin1.GetBytes(pattern), ours));
            Assert.Equal(theirs.FindAll(subject, allowEmpty: false)!.Select(static m => (byte)m.Start), set.Set.ToArray());
        }
    }

    [Fact]
    public void EveryNameIsFoundInAnySpelling()
    {
        Pcre2.SkipIfAbsent();
        IEnumerable<string> all =
        [
            .. UnicodeNames.Scripts.Split(',', ' '), .. UnicodeNames.Scripts.Split(',', ' ').Select(static s => "scx=" + s),
            .. UnicodeNames.Binary.Split(',', ' '), .. UnicodeNames.BidiClasses.Split(',').Select(static s => "bidi" + s), "bc=control",
            " l u ", "^Lu", "^ l-u", "Script: Greek", "script_extensions = greek", "Bidi_Class:al", "S C:Gr-Ek", "l_&",
            "sc=Lu", "sc=Any", "gc=L", "Letter", "Assigned", "Hrkt", "Hyphen", "x", "", "^", "sc=", "=Greek", "Greek=", "IsGreek", "InGreek",
        ];
        Assert.All(all, static name =>
        {
            byte[] pattern = Encoding.Latin1.GetBytes($"\\p{{{name}}}");
            using Pcre2? theirs = Pcre2.TryCompile(pattern, 0, out string error, out _);
            Assert.True(theirs is not null == Accepts(pattern), $"{name}: {error}");
        });
    }

    [Fact]
    public void EveryCharacterWithAnotherCaseMatchesTheSameAsInPcre2()
    {
        Pcre2.SkipIfAbsent();
        int[] cased = UnicodeData.Shared.Cased.ToArray();
        int[] points = [.. cased.SelectMany(static c => new[] { c - 1, c, c + 1 }).Distinct().Order()];
        byte[] subject = Subject(points, out int[] offsets);
        foreach (int point in cased)
        {
            if (point % 7 == 0 || UnicodeData.Shared.CaseClass(Array.IndexOf(cased, point)).Length > 2)
            {
                Compare($"(?i)\\x{{{point:x}}}", 0, points, subject, offsets);
            }
        }

        Compare("(?i)[a-z]", 0, points, subject, offsets);
        Compare("(?i)[^\\x{3a3}-\\x{3ff}]", 0, points, subject, offsets);
        Compare("(?i)[\\x{100}-\\x{20ff}k]", 0, points, subject, offsets);
        Compare("(?i)[^s\\x{1e9e}]", 0, points, subject, offsets);
    }

    [Fact]
    public void TheTreesOfLargeClassesStaySmall()
    {
        Assert.InRange(Bytes("\\p{L}"u8), 100, 700);
        Assert.InRange(Bytes("(?s)."u8), 8, 24);
        Assert.InRange(Bytes("[^a]"u8), 8, 24);

        static long Bytes(ReadOnlySpan<byte> pattern) => RepeatCap.Positions(PatternParser.Parse(pattern, RuleOptions.Utf));
    }

    private static bool Accepts(byte[] pattern)
    {
        try
        {
            PatternParser.Parse(pattern, RuleOptions.None);
            return true;
        }
        catch (PatternException)
        {
            return false;
        }
    }

    private static void Compare(string pattern, uint options, int[] points, byte[] subject, int[] offsets)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(pattern);
        using Pcre2? theirs = Pcre2.TryCompile(bytes, options | Utf, out string error, out _);
        Assert.True(theirs is not null, $"{pattern}: {error}");
        HashSet<int> expected = [.. theirs.FindAll(subject, allowEmpty: false)!.Select(static m => m.Start)];
        RuleOptions ours = options == 0 ? RuleOptions.Utf : RuleOptions.Utf | RuleOptions.UnicodeProperties;
        PatternNode tree = PatternParser.Parse(bytes, ours);
        Assert.True(PatternRelaxer.IsRegular(tree));
        for (int i = 0; i < points.Length; i++)
        {
            bool match = EndsAt(tree, subject.AsSpan(offsets[i], offsets[i + 1] - offsets[i])) >= 0;
            Assert.True(match == expected.Contains(offsets[i]), $"{pattern} {options:x} U+{points[i]:X4} ours {match}");
        }
    }

    /// <summary>The end of the only way in which a tree of one character can match the start of the data, or -1.</summary>
    private static int EndsAt(PatternNode node, ReadOnlySpan<byte> data)
    {
        switch (node)
        {
            case SetNode set:
                return data.Length > 0 && set.Set.Contains(data[0]) ? 1 : -1;
            case ConcatNode concat:
                int at = 0;
                foreach (PatternNode child in concat.Children)
                {
                    int length = EndsAt(child, data[at..]);
                    if (length < 0)
                    {
                        return -1;
                    }

                    at += length;
                }

                return at == data.Length ? at : -1;
            case AlternateNode alternate:
                foreach (PatternNode child in alternate.Children)
                {
                    int end = EndsAt(child, data);
                    if (end >= 0)
                    {
                        return end;
                    }
                }

                return -1;
            default:
                throw new InvalidOperationException(node.GetType().Name);
        }
    }

    /// <summary>Where any property changes, and the neighbours; between these all characters are alike.</summary>
    private static int[] Points()
    {
        SortedSet<int> points = [.. Enumerable.Range(0, 0x300)];
        foreach (string category in UnicodeNames.Categories.Split(','))
        {
            AddEdges(points, UnicodeData.Shared.Categories(UnicodeProperties.CategoryMask(category)));
        }

        for (int i = 0; i < UnicodeNames.Scripts.Split(',').Length; i++)
        {
            AddEdges(points, UnicodeData.Shared.Script(i));
            AddEdges(points, UnicodeData.Shared.ScriptExtensions(i));
        }

        for (int i = 0; i < UnicodeNames.BidiClasses.Split(',').Length; i++)
        {
            AddEdges(points, UnicodeData.Shared.BidiClass(i));
        }

        for (int i = 0; i < UnicodeNames.Binary.Split(',').Length; i++)
        {
            AddEdges(points, UnicodeData.Shared.Binary(i));
        }

        return [.. points.Where(static c => c is >= 0 and < CodePointSet.Limit and (< 0xD800 or > 0xDFFF))];
    }

    private static void AddEdges(SortedSet<int> points, CodePointSet set)
    {
        for (int i = 0; i < set.RangeCount; i++)
        {
            (int first, int last) = set.RangeAt(i);
            points.UnionWith([first - 1, first, last, last + 1]);
        }
    }

    private static byte[] Subject(int[] points, out int[] offsets)
    {
        var subject = new MemoryStream();
        offsets = new int[points.Length + 1];
        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < points.Length; i++)
        {
            offsets[i] = (int)subject.Length;
            subject.Write(bytes[..new Rune(points[i]).EncodeToUtf8(bytes)]);
        }

        offsets[^1] = (int)subject.Length;
        return subject.ToArray();
    }
}
