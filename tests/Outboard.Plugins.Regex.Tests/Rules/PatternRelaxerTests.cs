using System.Text;
using Outboard.Plugins.Regex.Automata;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Oracle;

namespace Outboard.Plugins.Regex.Tests.Rules;

public sealed class PatternRelaxerTests
{
    private static readonly string[] s_pieces =
    [
        "a", "b", "c", "ab", "[ab]", "[^a]", ".", "\\w", "\\W", "(a)", "(b|ab)", "(c?)", "\\1", "\\2", "(?i:\\1)", "(?=a)", "(?!b)", "(?<=a)", "(?<!b)",
        "(?=(b))", "(?>a|ab)", "(?>[ab]+)", "(?>b*?)", "\\b", "\\B", "$", "^", "\\R", "\\n", "|", "\\X", "\\G", "(?>\\w+|c)", "(?<=(a))",
    ];

    private static readonly string[] s_atomic =
    [
        "a", "b", "c", "ab", "[ab]", "[^a]", ".", "\\w", "\\W", "(?>a|ab)", "(?>ab|a)", "(?>[ab]+)", "(?>b*?)", "(?>a|b)", "(?>a{2})", "$", "\\z", "\\b",
        "\\R", "\\n", "\\r", "|", "(?:a|b)", "(?>(?>a+)b?)", "(?>c*)",
    ];

    private static readonly string[] s_quantifiers = ["", "", "", "", "", "?", "*", "+", "*?", "++", "*+", "?+", "{2}", "{1,2}+"];

    [Fact]
    public void EveryMatchIsAmongThoseOfTheRelaxedTree()
    {
        Pcre2.SkipIfAbsent();
        var random = new Random(8);
        int compared = 0;
        for (int i = 0; i < 8000; i++)
        {
            string pattern = Pattern(random, s_pieces);
            bool unset = i % 4 == 0;
            byte[] bytes = Encoding.Latin1.GetBytes(pattern);
            using Pcre2? theirs = Pcre2.TryCompile(bytes, unset ? 0x200U : 0, out _, out _);
            if (theirs is null)
            {
                continue;
            }

            PatternNode tree = PatternParser.Parse(bytes, unset ? RuleOptions.MatchUnsetBackReference : RuleOptions.None);
            PatternNode relaxed = PatternRelaxer.Relax(tree, out _);
            Assert.True(PatternRelaxer.IsRegular(relaxed));
            for (int k = 0; k < 3; k++)
            {
                byte[] payload = Payload(random);
                foreach ((int start, int end) in theirs.FindAll(payload, allowEmpty: true) ?? [])
                {
                    Assert.True(
                        TreeWalker.Ends(relaxed, payload, start).Contains(end),
                        $"/{pattern}/ {start}-{end} on '{Encoding.Latin1.GetString(payload)}'");
                    compared++;
                }
            }
        }

        Assert.True(compared > 2000, $"only {compared} matches");
    }

    [Fact]
    public void WhatIsCalledExactMatchesAsPcre2Does()
    {
        Pcre2.SkipIfAbsent();
        var random = new Random(9);
        int compared = 0;
        int reduced = 0;
        for (int i = 0; i < 4000; i++)
        {
            string pattern = Pattern(random, s_atomic);
            byte[] bytes = Encoding.Latin1.GetBytes(pattern);
            using Pcre2? theirs = Pcre2.TryCompile(bytes, 0, out _, out _);
            if (theirs is null)
            {
                continue;
            }

            RuleOptions options = i % 2 == 0 ? RuleOptions.AllowEmpty : RuleOptions.None;
            PatternNode tree = PatternParser.Parse(bytes, options);
            PatternNode relaxed = PatternRelaxer.Relax(tree, out bool exact);
            if (!exact || PatternRelaxer.IsRegular(tree))
            {
                continue;
            }

            reduced++;
            NfaProgram program = NfaBuilder.Ordered(relaxed, allowEmpty: i % 2 == 0);
            var matcher = new NfaMatcher(program.Length);
            for (int k = 0; k < 4; k++)
            {
                byte[] payload = Payload(random);
                if (theirs.FindAll(payload, allowEmpty: i % 2 == 0) is not { } expected)
                {
                    continue;
                }

                long work = 0;
                bool any = matcher.TryFind(program, payload, 0, anchored: false, out int start, out int end, out _, ref work);
                Assert.True(
                    any == expected.Count > 0 && (!any || expected[0] == (start, end)),
                    $"/{pattern}/ on '{Encoding.Latin1.GetString(payload)}' expected {string.Join(' ', expected)} found {any} {start}-{end}");
                compared += any ? 1 : 0;
            }
        }

        Assert.True(reduced > 300, $"only {reduced} patterns were reduced");
        Assert.True(compared > 500, $"only {compared} matches");
    }

    /// <summary>Against every way through the tree, tried in order from each start.</summary>
    [Fact]
    public void WhatIsCalledExactForEveryEndHasTheSameEnds()
    {
        var random = new Random(10);
        int compared = 0;
        for (int i = 0; i < 4000; i++)
        {
            PatternNode tree = PatternParser.Parse(Encoding.Latin1.GetBytes(Pattern(random, s_atomic)), RuleOptions.None);
            PatternNode relaxed = PatternRelaxer.Relax(tree, everyEnd: true, out bool exact);
            if (!exact || PatternRelaxer.IsRegular(tree))
            {
                continue;
            }

            byte[] payload = Payload(random);
            for (int at = 0; at <= payload.Length; at++)
            {
                Assert.Equal(Ways(tree, payload, at).ToHashSet().Order(), TreeWalker.Ends(relaxed, payload, at).Order());
                compared++;
            }
        }

        Assert.True(compared > 1000, $"only {compared} positions");
    }

    /// <summary>Pattern, and whether it loses nothing where the preferred match counts, and where every end does.</summary>
    [Theory]
    [InlineData("a++b", true, true)]
    [InlineData("a++", true, false)]
    [InlineData("(?>a*?|b)", false, false)]
    [InlineData("a(?>b*?|c)", true, false)]
    [InlineData("[a-c]*+[^a-c]", true, true)]
    [InlineData("a++a", false, false)]
    [InlineData("a++.", false, false)]
    [InlineData("\\d++(?:x|y)", true, true)]
    [InlineData("\\d++x?1", false, false)]
    [InlineData("\\w++$", true, true)]
    [InlineData("[^b]++$", false, false)]
    [InlineData("(?>ab|a)c", false, false)]
    [InlineData("(?>a|b)c", true, true)]
    [InlineData("(?>ab|a)", true, false)]
    [InlineData("x\\Ry", true, true)]
    [InlineData("x\\R\\n", false, false)]
    [InlineData("(?:a++b)*c", true, true)]
    [InlineData("(?:ba++)*a", false, false)]
    [InlineData("(?>a*?)b", true, true)]
    [InlineData("(?=a)b", false, false)]
    [InlineData("(a)\\1", false, false)]
    [InlineData("a\\Kb++c", false, false)]
    [InlineData("a{3,2000}b", true, true)]
    [InlineData("(?:ab){3,3000}", false, false)]
    public void WhatIsLostIsSaid(string pattern, bool exact, bool exactForEveryEnd)
    {
        PatternNode tree = PatternParser.Parse(Encoding.Latin1.GetBytes(pattern), RuleOptions.None);
        PatternRelaxer.Relax(tree, everyEnd: false, out bool first);
        PatternRelaxer.Relax(tree, everyEnd: true, out bool every);
        Assert.Equal((exact, exactForEveryEnd), (first, every));
    }

    [Theory]
    [InlineData("(?:a{1000}){1000}")]
    [InlineData("(?:(?:[ab]{100}c){100}d){100}")]
    [InlineData("a{65535}b{60000,65535}")]
    [InlineData("((a{50})\\2)\\1(\\1\\2){20}(?:\\1|\\2){30}")]
    public void ARelaxedTreeIsNeverLarge(string pattern)
    {
        PatternNode relaxed = PatternRelaxer.Relax(
            PatternParser.Parse(Encoding.Latin1.GetBytes(pattern), RuleOptions.None), out bool exact);
        Assert.False(exact);
        Assert.InRange(RepeatCap.Positions(relaxed), 1, 4000);
    }

    private static IEnumerable<int> Ways(PatternNode node, byte[] data, int at) => node switch
    {
        ConcatNode concat => concat.Children.Aggregate(
            (IEnumerable<int>)[at], (ends, child) => ends.SelectMany(end => Ways(child, data, end))),
        AlternateNode alternate => alternate.Children.SelectMany(child => Ways(child, data, at)),
        RepeatNode repeat => Rounds(repeat, data, at, 0),
        AtomicNode atomic => Ways(atomic.Child, data, at).Take(1),
        _ => TreeWalker.Ends(node, data, at),
    };

    private static IEnumerable<int> Rounds(RepeatNode repeat, byte[] data, int at, int done)
    {
        IEnumerable<int> more = done == repeat.Max
            ? []
            : Ways(repeat.Child, data, at).SelectMany(
                end => end == at && done >= repeat.Min ? [at] : Rounds(repeat, data, end, done + 1));
        IEnumerable<int> stop = done >= repeat.Min ? [at] : [];
        return repeat.Greedy ? more.Concat(stop) : stop.Concat(more);
    }

    private static string Pattern(Random random, string[] pieces)
    {
        var text = new StringBuilder();
        for (int n = random.Next(1, 6); n > 0; n--)
        {
            string piece = pieces[random.Next(pieces.Length)];
            text.Append(piece);
            if (piece is not ("|" or "$" or "^" or "\\b" or "\\B" or "\\G" or "\\z"))
            {
                text.Append(s_quantifiers[random.Next(s_quantifiers.Length)]);
            }
        }

        return text.ToString();
    }

    private static byte[] Payload(Random random)
    {
        var payload = new byte[random.Next(0, 12)];
        for (int i = 0; i < payload.Length; i++)
        {
            payload[i] = (byte)"aaabbbccA\r\n-"[random.Next(12)];
        }

        return payload;
    }
}
