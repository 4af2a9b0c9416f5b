using System.Diagnostics;
using System.Text;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Oracle;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Tests.Engine;

/// <summary>Rules made to cost: a clear error or a bounded answer comes, and the states stay within their limits.</summary>
public sealed class HostileRulesTests(ITestOutputHelper output)
{
    /// <summary>No rule, however bad, may hold up compiling or searching for longer; a hundred times what is seen.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Costly =>
    [
        "(a|b)*a(a|b){200}", "(?:a?){500}a{500}", "((((((((a*)*)*)*)*)*)*)*)*", "(?:[a-f]+[0-9]+){0,100}x", "[^\\n]{1000,2000}end",
        "(.*)(.*)(.*)(.*)(.*)[^a]", "^(?:.?){900}$", "(x+x+)+y", "(a+)+$", "(?:a|aa)+$", "(?:a|a?)+$", "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(?i)(\\w+\\s?)+$", "(.*?,){12}P", "(a|ab|b)*(c|$)!", "(?:(?:(?:a{0,9}){0,9}){0,9}){0,9}b", "(?s)(?:.{1,50}){1,50}z", "a.*b.*c.*d.*e.*f.*g",

        // Counted to the limit, and beyond any memory.
        "a{65535}", ".{65535}", "[^x]{65535}y", "(a{65535}){65535}", "((a{65535}){65535}){65535}", "(.{1,65535}){1,65535}", "(?:a{1000}){1000}",
        "(?:(?:[ab]{0,300}c){0,300}d){0,300}", "(?:){65535}", "((|a){65535}){65535}", "(?:a{0}){65535}b", "a{65536}", "a{99999999999999999999}",

        // Only a backtracker takes these.
        "(a+)+\\1b", "(?=(a+))\\1*b", "(a*)*\\1\\1\\1x", "(?<!a)(a+)+b", "(?>a+)+b", "(?:a++)++b", "(?=.*x)(?=.*y)(?=.*z).*!", "(?:(?=a)a)*b",
        "(?<=(?<=(?<=a)a)a)a*x", "(?!(?:a|a?)*b)(?:a|a?)*c", "((?:a|a?)+)\\1+x", "(?|(a+)|(b+))+\\1!", "\\X*\\X*\\X*z", "(?:\\R*)*x",
        "(\\w+)\\s(\\w+)\\s\\2\\s\\1", "(?:(a)|(b)|(?:c))*\\1\\2x", "a*\\Ka*\\Ka*\\Kb", "(?=(a|a?)+$)\\1*",
    ];

    [Theory]
    [MemberData(nameof(Costly))]
    public void ACostlyRuleIsSearchedWithinABudgetOrRefused(string pattern)
    {
        RegexConfigurationFlags[] modes =
            [RegexConfigurationFlags.None, RegexConfigurationFlags.MatchAsEnd, RegexConfigurationFlags.MatchAll];

        // A device without a backtracker has no steps to count in the other modes.
        foreach (RegexConfigurationFlags mode in DeviceBench.Can(RegexCapabilities.LookAround) ? modes : modes[..1])
        {
            using var bench = new DeviceBench(string.Empty, mode, matchesMax: 16);
            if (IsTaken(bench, RegexRule.FromText(1, pattern)))
            {
                foreach (int length in (int[])[30, 4000, 65536])
                {
                    foreach (char fill in "ax0\n")
                    {
                        Search(bench, Encoding.ASCII.GetBytes(new string(fill, length - 1) + '!'), pattern);
                    }
                }
            }
        }
    }

    [Fact]
    public void LongAndDeepPatternsAreTakenOrRefused()
    {
        (string What, string Pattern)[] patterns =
        [
            ("a literal of 65535", new string('a', 65535)),
            ("a literal of 65536", new string('a', 65536)),
            ("alternatives", string.Concat(Enumerable.Repeat("ab|", 21_000)) + "c"),
            ("different alternatives", string.Join('|', Enumerable.Range(10_000, 9_000))),
            ("dots", new string('.', 60_000)),
            ("optional letters", string.Concat(Enumerable.Repeat("a?", 30_000))),
            ("stars", string.Concat(Enumerable.Repeat("a*", 30_000)) + "b"),
            ("sets", string.Concat(Enumerable.Repeat("[^a-f]", 10_000))),
            ("one set", $"[{new string('a', 65_000)}]"),
            ("open parentheses", new string('(', 65_000)),
            ("nested groups", new string('(', 30_000) + new string(')', 30_000)),
            ("nested to the limit", new string('(', 240) + "a" + new string(')', 240)),
            ("nested repeats", new string('(', 200) + "a" + string.Concat(Enumerable.Repeat(")*", 200))),
            ("nested options", string.Concat(Enumerable.Repeat("(?:a", 200)) + string.Concat(Enumerable.Repeat(")?", 200))),
            ("groups", string.Concat(Enumerable.Repeat("()", 32_000))),
            ("captures and a reference", string.Concat(Enumerable.Repeat("(a)", 9_999)) + "\\9999"),
            ("nested looks", string.Concat(Enumerable.Repeat("(?=", 200)) + "a" + new string(')', 200)),
            ("nested looks behind", string.Concat(Enumerable.Repeat("(?<=a", 200)) + new string(')', 200) + "b"),
            ("nested atoms", string.Concat(Enumerable.Repeat("(?>a*", 200)) + new string(')', 200) + "b"),
            ("names", string.Concat(Enumerable.Range(0, 5_000).Select(static i => $"(?<n{i}>a)"))),
            ("assertions", string.Concat(Enumerable.Repeat("\\b", 30_000)) + "a"),
            ("comments", string.Concat(Enumerable.Repeat("(?#a)", 12_000)) + "a"),
            ("flags", string.Concat(Enumerable.Repeat("(?i)(?-i)", 7_000)) + "a"),
        ];
        using var bench = new DeviceBench(matchesMax: 16);
        foreach ((string what, string pattern) in patterns)
        {
            if (IsTaken(bench, RegexRule.FromText(1, pattern)))
            {
                Search(bench, Encoding.ASCII.GetBytes(new string('a', 4000)), what);
                Search(bench, Encoding.ASCII.GetBytes(new string('b', 4000)), what);
            }
        }
    }

    [Fact]
    public void RandomBytesAreTakenOrRefusedAtAPlaceInThem()
    {
        var random = new Random(FuzzSettings.Seed);
        using var bench = new DeviceBench(matchesMax: 64);
        RegexRuleFlags known = DeviceBench.DeviceInfo.RuleFlags;
        byte[] payload = [.. Enumerable.Range(0, 256).Select(static b => (byte)b)];
        int taken = 0;
        for (int i = 0; i < 2000 * FuzzSettings.Times; i++)
        {
            byte[] pattern = new byte[random.Next(1, i % 10 == 0 ? 400 : 24)];
            random.NextBytes(pattern);
            var rule = new RegexRule(1, pattern, (RegexRuleFlags)random.Next(1 << 13) & known);
            if (IsTaken(bench, rule))
            {
                taken++;
                Search(bench, payload, Convert.ToHexString(pattern));
            }
        }

        Assert.True(taken > 100);
    }

    /// <summary>Strings of what means something in a pattern, most of them wrong in some way: the same are taken as by PCRE2.</summary>
    [Fact]
    public void JumbledSyntaxIsTakenAndRefusedAsByPcre2()
    {
        Pcre2.SkipIfAbsent();
        string[] pieces =
        [
            "(", ")", "[", "]", "{", "}", "|", "*", "+", "?", "^", "$", ".", "\\", "a", "b", "1", "2", ",", "-", "(?", "(?:", "(?i", ")",
            "\\x", "\\x{", "\\d", "[^", "[[:alpha:]", ":]", "{1,", "{2}", "{,3}", "\\1", "\\b", "\\z", "n", "i", "-", "<", ">", "'", "\\o{7}", "\\c", "\\0",
            "(?|", "(?s-m:", "\\h", "\\N", "[a-", "]-z]", "#", " ", "&", "0", "9",
        ];
        string[] more =
        [
            "(?#", "\\Q", "\\E",
            "(?=", "(?!", "(?<=", "(?<!", "(?>", "\\K", "\\G", "\\R", "\\X", "\\k<n>", "(?<n>", "(?P=n)", "\\g{1}", "\\g{-1}", "++", "\\p{L}", "\\pN", "(?P<n>",
        ];
        bool all = DeviceBench.Can(RegexCapabilities.BackReferences | RegexCapabilities.LookAround | RegexCapabilities.AtomicGroups);
        string[] used = all ? [.. pieces, .. more] : pieces;
        var random = new Random(FuzzSettings.Seed + 1);
        List<string> differences = [];
        int taken = 0;
        for (int i = 0; i < 30_000 * FuzzSettings.Times && differences.Count < 20; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => used[random.Next(used.Length)]));
            RegexRuleFlags flags = random.Next(4) == 0 ? RegexRuleFlags.Extended : RegexRuleFlags.None;
            var pattern = new WrittenPattern(text, flags);
            PatternRefusal? refusal = Refusal(pattern);
            using Pcre2? oracle = Pcre2.TryCompile(pattern.Bytes, pattern.Pcre2Options, out string error, out _, out int number);
            taken += refusal is null ? 1 : 0;
            if (oracle is null && refusal is null && number != Pcre2.ErrorLookbehindLength)
            {
                differences.Add($"taken, but PCRE2 refuses it ({error}): {pattern}");
            }
            else if (oracle is not null && refusal == PatternRefusal.Syntax)
            {
                differences.Add($"refused, but PCRE2 takes it: {pattern}");
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.True(taken > 3000, $"only {taken} were taken");
    }

    [Fact]
    public void ThousandsOfRulesCompileTogether()
    {
        RuleSource[] rules =
        [
            .. Enumerable.Range(0, 5000).Select(static i => ScannerFactory.Rule((uint)i, $"lit{i * 7919 % 100003}x[a-f]+{i}")),
        ];
        var watch = Stopwatch.StartNew();
        RegexDatabase database = ScannerFactory.Database(MatchMode.FindAll, rules);
        List<(uint Id, int Start, int End)> found = ScannerFactory.Matches(
            database, ScannerFactory.Widths[^1], Encoding.ASCII.GetBytes($"..lit{4999L * 7919 % 100003}xabc4999"));
        Assert.Contains(found, static m => m.Id == 4999);
        output.WriteLine($"5000 rules: {watch.Elapsed.TotalSeconds:F1} s, {database.ByteCount / 1024} KiB");
    }

    [Fact]
    public void AHundredThousandRulesCompileInBoundedMemoryAndEachIsFound()
    {
        const int Count = 100_000;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        using var bench = new DeviceBench(string.Empty, matchesMax: 64);
        bench.SetRules([.. Enumerable.Range(0, Count).Select(static i => RegexRule.FromText(i, Text(i)))]);
        TimeSpan compile = watch.Elapsed;
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{Count} rules: {compile.TotalSeconds:F1} s, {grown >> 20} MiB");
        foreach (int rule in (int[])[0, 1, 255, 256, 32_767, 32_768, 65_535, 65_536, Count - 1])
        {
            byte[] payload = Encoding.ASCII.GetBytes($"..{Text(rule).Replace("\\d+", "7", StringComparison.Ordinal)}");
            Assert.Equal([(rule, 2, payload.Length)], bench.Search(payload));
        }

        Assert.True(compile < TimeSpan.FromMinutes(2), $"{compile.TotalSeconds:F0} s");
        Assert.True(grown < 2L << 30, $"{grown >> 20} MiB");

        static string Text(int i) => $"k{(i * 7919L) % 1_000_003:x5}{i:x5}" + (i % 10 == 0 ? "z\\d+y" : string.Empty);
    }

    [Fact]
    public void DamagedAndForeignDatabasesAreRefusedAndTheRulesStay()
    {
        using var bench = new DeviceBench(matchesMax: 16);
        bench.SetRules([.. Enumerable.Range(0, 30).Select(static i => RegexRule.FromText(i, $"rule{i:d2}[a-c]+"))]);
        byte[] image = bench.Device.ExportRules();
        var random = new Random(FuzzSettings.Seed);
        for (int length = 0; length < image.Length; length++)
        {
            Refused(image.AsMemory(0, length));
        }

        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. image];
            for (int n = random.Next(1, 5); n > 0; n--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            if (!damaged.AsSpan().SequenceEqual(image))
            {
                Refused(damaged);
            }
        }

        byte[] noise = new byte[4096];
        random.NextBytes(noise);
        Refused(noise);
        Refused(new byte[image.Length]);
        Refused(Enumerable.Repeat((byte)0xFF, 1000).ToArray());
        Refused((byte[])[.. image, .. image]);
        Refused((byte[])[.. image, 0]);
        Refused("1:/abc/i\n"u8.ToArray());
        Assert.Equal([(7, 0, 8)], bench.Search("rule07bb"u8));

        void Refused(ReadOnlyMemory<byte> database)
        {
            FormatException e = Assert.Throws<FormatException>(() => bench.Device.ImportRules(database));
            Assert.NotEmpty(e.Message);
            Assert.True(e.Message.Length < 1000);
        }
    }

    private static PatternRefusal? Refusal(WrittenPattern pattern)
    {
        try
        {
            PatternParser.Parse(pattern.Bytes, pattern.EngineOptions);
            return null;
        }
        catch (PatternException e)
        {
            return e.Refusal;
        }
    }

    /// <summary>Whether the device takes the rule; a refusal must be prompt and say where and why.</summary>
    private static bool IsTaken(DeviceBench bench, RegexRule rule)
    {
        var watch = Stopwatch.StartNew();
        IReadOnlyList<RegexRuleError> errors = bench.TrySetRules(rule);
        Assert.True(watch.Elapsed < s_patience, $"compiling took {watch.Elapsed.TotalSeconds:F0} s");
        if (errors.Count == 0)
        {
            ulong bytes = bench.Device.GetExtendedStatistics().First(static s => s.Name == "database_bytes").Value;
            Assert.True(bytes < 64 << 20, $"the database has {bytes} bytes");
            return true;
        }

        RegexRuleError error = Assert.Single(errors);
        Assert.Equal(rule.Id, error.RuleId);
        Assert.InRange(error.Offset, 0, rule.Pattern.Length);
        Assert.InRange(error.Reason.Length, 5, 300);
        return false;
    }

    private static void Search(DeviceBench bench, byte[] payload, string what)
    {
        var watch = Stopwatch.StartNew();
        List<(int Rule, int Start, int End)> found = bench.Search(payload);
        Assert.True(watch.Elapsed < s_patience, $"{what}: the search took {watch.Elapsed.TotalSeconds:F0} s");
        Assert.All(found, m => Assert.True(m.Start >= 0 && m.Start <= m.End && m.End <= payload.Length, $"{what}: {m}"));
        Assert.True(found.Count <= bench.ActualMatchCount);
    }
}
