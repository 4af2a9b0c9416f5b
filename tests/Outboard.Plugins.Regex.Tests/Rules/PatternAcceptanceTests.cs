using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Oracle;
using Outboard.Plugins.Regex.Tests.Vectors;

namespace Outboard.Plugins.Regex.Tests.Rules;

/// <summary>The parser takes what PCRE2 takes, but for what is refused by name.</summary>
public sealed class PatternAcceptanceTests(ITestOutputHelper output)
{
    private const uint Utf = 0x00080000;
    private const uint Ucp = 0x00020000;

    private static readonly string[] s_parts =
    [
        "a", "b", "k", "é", "\u212A", "ß", "😀", ".", "^", "$", "|", "(", ")", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?|", "(?i)", "(?i:", "(?x)",
        "(?<n>", "(?<é>", "\\k<n>", "\\k<é>", "(?P=n)", "\\1", "\\g{-1}", "[", "]", "[^", "-", "[:alpha:]", "[:^word:]", "\\d", "\\W", "\\s", "\\h", "\\V",
        "\\p{L}", "\\P{Lu}", "\\p{^Greek}", "\\p{scx:Han}", "\\pN", "\\x{e9}", "\\x{1f600}", "\\x{d800}", "\\xe9", "\\N{U+e9}", "\\o{351}", "\\351",
        "\\b", "\\B", "\\X", "\\R", "\\C", "\\K", "\\G", "\\A", "\\Z", "*", "+", "?", "*+", "{2}", "{1,3}?", "(*F)", "(*nla:", "\\Q", "\\E", "#", " ",
        "\u0085", "\u2028", "[[:<:]]", "\\", "}", "{",
    ];

    [Theory]
    [InlineData(0u)]
    [InlineData(Utf)]
    [InlineData(Ucp)]
    [InlineData(Utf | Ucp)]
    public void RandomTextIsTakenAsPcre2TakesIt(uint modes)
    {
        Pcre2.SkipIfAbsent();
        var random = new Random(14);
        int taken = 0;
        for (int i = 0; i < 30_000; i++)
        {
            var text = new StringBuilder();
            for (int n = random.Next(1, 9); n > 0; n--)
            {
                text.Append(s_parts[random.Next(s_parts.Length)]);
            }

            uint options = modes | (i % 3 == 0 ? Pcre2.Extended : 0) | (i % 5 == 0 ? Pcre2.Caseless : 0);
            taken += Agrees(Encoding.UTF8.GetBytes(text.ToString()), options, Ours(options)) ? 1 : 0;
        }

        Assert.True(taken > 5000, $"only {taken} were taken");
    }

    [Theory]
    [InlineData("pcre2.jsonl")]
    [InlineData("re2.jsonl")]
    [InlineData("hyperscan.jsonl")]
    [InlineData("recog.jsonl")]
    [InlineData("crs-patterns.jsonl")]
    [InlineData("ids-patterns.jsonl")]
    [InlineData("bad-patterns.jsonl")]
    public void EveryPublishedPatternIsTakenAsPcre2TakesIt(string name)
    {
        Pcre2.SkipIfAbsent();
        int all = 0;
        int taken = 0;
        int exact = 0;
        foreach (JsonElement test in JsonVectors.Read(name))
        {
            if (!test.TryGetProperty("pattern", out _) && !test.TryGetProperty("pattern_hex", out _))
            {
                continue;
            }

            uint options = Options(test);
            byte[] pattern = JsonVectors.Bytes(test, "pattern");
            all++;
            if (Agrees(pattern, options, Ours(options)))
            {
                taken++;
                PatternNode relaxed = PatternRelaxer.Relax(PatternParser.Parse(pattern, Ours(options)), out bool same);
                Assert.True(PatternRelaxer.IsRegular(relaxed));
                exact += same ? 1 : 0;
            }
        }

        output.WriteLine($"{name}: {all} patterns, {taken} taken, {exact} of them exactly regular");
        Assert.True(taken > 0 || name == "bad-patterns.jsonl");
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(Utf)]
    [InlineData(Utf | Ucp | Pcre2.Caseless)]
    [InlineData(Ucp | Pcre2.Extended)]
    public void RandomBytesAreReadInBoundedTime(uint modes)
    {
        RuleOptions options = Ours(modes);
        var random = new Random(77);
        var watch = Stopwatch.StartNew();
        int taken = 0;
        for (int i = 0; i < 20_000; i++)
        {
            var pattern = new byte[random.Next(0, 40)];
            random.NextBytes(pattern);
            for (int k = 0; k < pattern.Length; k++)
            {
                if (options.HasFlag(RuleOptions.Utf) || random.Next(3) > 0)
                {
                    pattern[k] = (byte)"()[]{}?*+|\\^$.:=!<>-,#&PpQEaAbBdDgGkKnNrRuvVwWxXzZ0123456789 \n"[random.Next(62)];
                }
            }

            try
            {
                PatternRelaxer.Relax(PatternParser.Parse(pattern, options), out _);
                taken++;
            }
            catch (PatternException e)
            {
                Assert.InRange(e.Offset, 0, pattern.Length);
                Assert.NotEmpty(e.Message);
            }
        }

        Assert.True(taken > 100);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
    }

    /// <summary>Long patterns made of one costly piece.</summary>
    [Theory]
    [InlineData("[^a]")]
    [InlineData("\\pL")]
    [InlineData("[\\pL\\w[:alpha:]]")]
    [InlineData("[\\x{0}-\\x{10ffff}]")]
    [InlineData("(?=a)")]
    [InlineData("(a)\\1")]
    [InlineData("\\X")]
    [InlineData("(?<=a{9})")]
    [InlineData("(?>a|b)")]
    [InlineData("a{1,60000}")]
    [InlineData("(?:a{1000}){1000}")]
    [InlineData("\\R+")]
    [InlineData("(?i:k)")]
    [InlineData("(|)*")]
    public void AFullLengthPatternIsReadInBoundedTime(string piece)
    {
        const int LengthMax = 65535;
        byte[] pattern = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, LengthMax / piece.Length)));
        var watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            PatternNode root = PatternParser.Parse(pattern, RuleOptions.Utf | RuleOptions.UnicodeProperties | RuleOptions.Caseless);
            PatternRelaxer.Relax(root, out _);
        }
        catch (PatternException e)
        {
            Assert.Equal(PatternRefusal.TooLarge, e.Refusal);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        output.WriteLine($"{piece}: {watch.ElapsedMilliseconds} ms, {allocated >> 20} MiB");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
        Assert.True(allocated < 1L << 30, $"{allocated >> 20} MiB");
    }

    /// <summary>Whether both take it; fails when only one does and that is no refusal by name.</summary>
    private static bool Agrees(byte[] pattern, uint options, RuleOptions ours)
    {
        using Pcre2? theirs = Pcre2.TryCompile(pattern, options, out string error, out _);
        PatternException? refusal = null;
        try
        {
            PatternParser.Parse(pattern, ours);
        }
        catch (PatternException e)
        {
            refusal = e;
        }

        string text = $"'{Encoding.UTF8.GetString(pattern)}' ({ours})";
        if (theirs is null)
        {
            Assert.True(refusal is not null || error.Contains("too large", StringComparison.Ordinal), $"PCRE2 refuses {text}: {error}");
            return false;
        }

        Assert.True(refusal?.Refusal != PatternRefusal.Syntax, $"PCRE2 takes {text}, not we: {refusal?.Message}");
        return refusal is null;
    }

    private static RuleOptions Ours(uint options) =>
        (HasFlag(options, Utf) ? RuleOptions.Utf : RuleOptions.None)
        | (HasFlag(options, Ucp) ? RuleOptions.UnicodeProperties : RuleOptions.None)
        | (HasFlag(options, Pcre2.Extended) ? RuleOptions.Extended : RuleOptions.None)
        | (HasFlag(options, Pcre2.Caseless) ? RuleOptions.Caseless : RuleOptions.None)
        | (HasFlag(options, Pcre2.DupNames) ? RuleOptions.DuplicateNames : RuleOptions.None);

    private static bool HasFlag(uint options, uint flag) => (options & flag) != 0;

    private static uint Options(JsonElement test)
    {
        uint options = test.TryGetProperty("utf", out JsonElement utf) && utf.GetBoolean() ? Utf : 0;
        foreach (JsonElement flag in test.GetProperty("flags").EnumerateArray())
        {
            options |= flag.GetString() switch
            {
                "ucp" => Ucp,
                "extended" or "extended_more" => Pcre2.Extended,
                "caseless" => Pcre2.Caseless,
                "dupnames" => Pcre2.DupNames,
                _ => 0,
            };
        }

        return options;
    }
}
