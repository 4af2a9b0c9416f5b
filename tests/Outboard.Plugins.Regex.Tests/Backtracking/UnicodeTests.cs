using System.Globalization;
using System.Text;
using Outboard.Plugins.Regex.Backtracking;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Oracle;

namespace Outboard.Plugins.Regex.Tests.Backtracking;

public sealed class UnicodeTests
{
    /// <summary>Characters of one text: PCRE2 checks a whole text before each match.</summary>
    private const int ChunkLength = 50;

    private const uint Utf = 0x0008_0000;
    private const uint Properties = 0x0002_0000;

    /// <summary>Every character that tells anything, but for those that the two sides know from different editions of Unicode.</summary>
    private static readonly Lazy<int[]> s_characters = new(CommonCharacters);

    [Fact]
    public void WordsAreOfLettersNumbersAndUnderscores()
    {
        Pcre2.SkipIfAbsent();
        using Pcre2 oracle = Oracle("\\b(?s:.)");
        bool touched = false;
        int count = 0;
        foreach (int[] chunk in s_characters.Value.Chunk(ChunkLength))
        {
            byte[] text = Encode(chunk.SelectMany(static c => new[] { c, ' ' }));
            HashSet<int> boundaries = [.. Matches(oracle, text).Select(static m => m.Start)];
            count += boundaries.Count;
            for (int at = 0; at < text.Length; at++)
            {
                if ((text[at] & 0xC0) != 0x80)
                {
                    bool found = Positions.Holds(AssertionKind.UnicodeWordBoundary, text, at, 0, ref touched);
                    Assert.True(found == boundaries.Contains(at), $"at {at} of {string.Join(' ', chunk.Select(static c => $"{c:X}"))}");
                }
            }
        }

        Assert.True(count > 10_000, $"{count}");
    }

    [Fact]
    public void ClustersEndWherePcre2EndsThem()
    {
        Pcre2.SkipIfAbsent();
        int[][] surroundings = [[' ', -1, 'a', '\n'], [0x1100, -1, 0x1161, -1, 0x11A8], [0x2764, 0x200D, -1, 0x200D, 0x2764, '\n'],
            ['a', -1, 0x0301, -1, 0x200D, '\n'], [0x1F1E6, 0x1F1E7, -1, 0x1F1E8, '\n'], [-1, 0xAC00, -1, 0xAC01, 0x0903, '\n'],
            [0x2764, -1, 0x200D, 0x2764, '\n']];
        using Pcre2 oracle = Oracle("\\X");
        foreach (int[] surrounding in surroundings)
        {
            foreach (int[] chunk in s_characters.Value.Chunk(ChunkLength))
            {
                AssertClusters(oracle, Encode(chunk.SelectMany(c => surrounding.Select(s => s < 0 ? c : s))));
            }
        }
    }

    [Fact]
    public void ClustersOfRandomTextEndWherePcre2EndsThem()
    {
        Pcre2.SkipIfAbsent();
        int[] pool =
        [
            '\r', '\n', 0, 'a', 0x301, 0x200D, 0x1F1E6, 0x1F1E7, 0x600, 0x903, 0x1100, 0x1161, 0x11A8, 0xAC00, 0xAC01, 0x2764, 0x1F3FB, 0x1F468,
            0x200C, 0xAD, 0xE0061,
        ];
        var random = new Random(3);
        using Pcre2 oracle = Oracle("\\X");
        for (int i = 0; i < 4000; i++)
        {
            AssertClusters(oracle, Encode(Enumerable.Range(0, random.Next(60)).Select(_ => pool[random.Next(pool.Length)])));
        }
    }

    [Fact]
    public void ReferencesFoldCaseAsPcre2Does()
    {
        Pcre2.SkipIfAbsent();
        int[] cased = [.. s_characters.Value.Where(static c => IsCased(c))];
        var tree = new ConcatNode(
        [
            new CaptureNode(1, new RepeatNode(new SetNode(~ByteSet.Of((byte)' ')), 1, null, Greedy: true)),
            new SetNode(ByteSet.Of((byte)' ')),
            new BackReferenceNode([1], BackReferenceFold.Unicode, MatchUnset: false),
        ]);
        BacktrackProgram program = BacktrackProgram.Compile(tree);
        BacktrackMatcher matcher = Backtrackers.Make();
        List<string> wrong = [];
        Dictionary<int, List<int>> folded = [];
        foreach (int character in cased)
        {
            int key = GroupOf(character);
            folded[key] = [.. folded.GetValueOrDefault(key, []), character];
        }

        // Whatever either side could take for the same letter: close neighbours by any of .NET's mappings, and the well-known strays.
        int[] strays = ['k', 'K', 0x212A, 's', 'S', 0x17F, 0xE5, 0xC5, 0x212B, 'i', 'I', 0x130, 0x131, 0xB5, 0x3BC, 0x39C, 0xDF, 0x1E9E, 0x345, 0x399,
            0x3B9, 0x1FBE];
        foreach (int a in cased)
        {
            int[] candidates = [.. folded[GroupOf(a)], .. Array.IndexOf(strays, a) >= 0 ? strays : []];
            using Pcre2 oracle = Oracle($"(?i)\\x{{{a:X}}}");
            foreach (int b in candidates.Distinct())
            {
                byte[] data = Encode([a, ' ', b]);
                long steps = 1000;
                BacktrackOutcome outcome = matcher.TryMatch(program, data, 0, 0, notEmpty: false, ref steps, out _, out int end, out _);
                bool found = outcome == BacktrackOutcome.Match && end == data.Length;
                if (found != Matches(oracle, Encode([b])).Count > 0)
                {
                    wrong.Add($"{a:X}-{b:X}:{found}");
                }
            }
        }

        Assert.True(cased.Length > 2500);
        Assert.True(wrong.Count == 0, string.Join(' ', wrong));
    }

    private static void AssertClusters(Pcre2 oracle, byte[] text)
    {
        List<int> expected = [.. Matches(oracle, text).Select(static m => m.End)];
        int at = 0;
        bool touched = false;
        long budget = long.MaxValue;
        foreach (int wanted in expected)
        {
            int end = GraphemeCluster.End(text, at, ref budget, ref touched);
            Assert.True(
                end == wanted,
                $"from {at}: expected {wanted} found {end} in "
                + string.Join(' ', Encoding.UTF8.GetString(text[Math.Max(0, at - 12)..Math.Min(text.Length, wanted + 8)]).EnumerateRunes()
                    .Select(static r => $"{r.Value:X}")));
            at = end;
        }

        Assert.Equal(text.Length, at);
    }

    private static Pcre2 Oracle(string pattern)
    {
        Pcre2? oracle = Pcre2.TryCompile(Encoding.UTF8.GetBytes(pattern), Utf | Properties, out string error, out _);
        Assert.True(oracle is not null, error);
        return oracle;
    }

    private static List<(int Start, int End)> Matches(Pcre2 oracle, byte[] text)
    {
        List<(int Start, int End)>? all = oracle.FindAll(text, allowEmpty: false);
        Assert.NotNull(all);
        return all;
    }

    /// <summary>A coarse group: characters whose mappings meet anywhere.</summary>
    private static int GroupOf(int c)
    {
        var rune = new Rune(c);
        return Rune.ToLowerInvariant(Rune.ToUpperInvariant(Rune.ToLowerInvariant(rune))).Value;
    }

    /// <summary>Of the many letters without case, and of what is not assigned, a sample will do.</summary>
    private static bool IsTelling(int c) => c is < 0x3000 or (>= 0xFFF0 and < 0x10000) or (>= 0x1F000 and < 0x20000) or (>= 0xE0000 and < 0xE1000)
        || c % 61 == 0
        || CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.OtherLetter or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.PrivateUse);

    private static bool IsCased(int c) => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.UppercaseLetter
        or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.LetterNumber or UnicodeCategory.OtherSymbol
        || c == 0x345;

    private static byte[] Encode(IEnumerable<int> characters)
    {
        List<byte> bytes = [];
        Span<byte> one = stackalloc byte[4];
        foreach (int character in characters)
        {
            bytes.AddRange(one[..new Rune(character).EncodeToUtf8(one)]);
        }

        return [.. bytes];
    }

    private static int[] CommonCharacters()
    {
        int[] all = [.. Enumerable.Range(0, 0x110000).Where(static c => Rune.IsValid(c) && IsTelling(c))];
        (string Name, UnicodeCategory Category)[] telling =
        [
            ("Cn", UnicodeCategory.OtherNotAssigned), ("Mn", UnicodeCategory.NonSpacingMark), ("Mc", UnicodeCategory.SpacingCombiningMark),
            ("Cf", UnicodeCategory.Format), ("Lo", UnicodeCategory.OtherLetter),
        ];
        HashSet<int> common = [.. all];
        foreach ((string name, UnicodeCategory category) in telling)
        {
            using Pcre2 oracle = Oracle($"\\p{{{name}}}");
            foreach (int[] chunk in all.Chunk(ChunkLength))
            {
                HashSet<int> members = [.. Matches(oracle, Encode(chunk)).Select(static m => m.Start)];
                int at = 0;
                foreach (int character in chunk)
                {
                    if ((CharUnicodeInfo.GetUnicodeCategory(character) == category) != members.Contains(at))
                    {
                        common.Remove(character);
                    }

                    at += new Rune(character).Utf8SequenceLength;
                }
            }
        }

        return [.. common.Order()];
    }
}
