using System.Text;
using CsCheck;
using Outboard.Plugins.Regex.Automata;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Oracle;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.Engine;

public sealed class Pcre2DifferentialTests
{
    /// <summary>Pairs a run compares.</summary>
    private static readonly int s_iterations = 15_000 * FuzzSettings.Times;

    private static readonly uint s_seed = (uint)FuzzSettings.Seed;

    [Fact]
    public void RandomPatternsMatchAsPcre2DoesAtEveryWidth()
    {
        Pcre2.SkipIfAbsent();
        var random = new PCG(stream: 7, seed: s_seed);
        Gen<(string, byte[], int)> cases = Gen.Select(PatternGenerator.Pattern, PatternGenerator.Payload, Gen.Int[0, 63]);
        int compared = 0;
        int matched = 0;
        for (int i = 0; i < s_iterations; i++)
        {
            (string pattern, byte[] payload, int bits) = cases.Generate(random, null, out _);
            int matches = Compare(pattern, payload, bits);
            compared += matches >= 0 ? 1 : 0;
            matched += matches > 0 ? 1 : 0;
        }

        Assert.True(compared > s_iterations / 2, $"only {compared} of {s_iterations} pairs could be compared");
        Assert.True(matched > s_iterations / 5, $"only {matched} of {s_iterations} pairs matched");
    }

    [Fact]
    public void ManyRulesTogetherMatchAsEachAlone()
    {
        Pcre2.SkipIfAbsent();
        const int RulesPerSet = 60;
        var random = new PCG(stream: 9, seed: s_seed);
        Gen<(string, int)> rules = Gen.Select(PatternGenerator.Pattern, Gen.Int[0, 63]);
        for (int set = 0; set < s_iterations / 300; set++)
        {
            List<RuleSource> sources = [];
            List<Pcre2> oracles = [];
            while (sources.Count < RulesPerSet)
            {
                (string pattern, int bits) = rules.Generate(random, null, out _);
                byte[] bytes = Encoding.Latin1.GetBytes(pattern);
                (RuleOptions options, uint theirs) = Options(bits);
                if (Pcre2.TryCompile(bytes, theirs, out _, out _) is { } oracle)
                {
                    oracles.Add(oracle);
                    sources.Add(new RuleSource((uint)(1000 - sources.Count * 3), 0, bytes, options));
                }
            }

            RegexDatabase? database = DatabaseCompiler.Compile(sources, MatchMode.FindAll, out _);
            Assert.NotNull(database);
            for (int i = 0; i < 12; i++)
            {
                byte[] payload = PatternGenerator.Payload.Generate(random, null, out _);
                CompareSet(database, sources, oracles, payload);
            }

            oracles.ForEach(static o => o.Dispose());
        }
    }

    /// <summary>Tables of two states are never enough, so every rule runs on a lazy automaton, with room for so few states that it often starts over.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1 << 14)]
    public void LazyAutomataMatchAsPcre2Does(int bytesOfStates)
    {
        Pcre2.SkipIfAbsent();
        var random = new PCG(stream: 11, seed: s_seed);
        Gen<(string, byte[], int)> cases = Gen.Select(PatternGenerator.Pattern, PatternGenerator.Payload, Gen.Int[0, 63]);
        ulong clears = 0;
        int matched = 0;
        for (int i = 0; i < s_iterations / 4; i++)
        {
            (string pattern, byte[] payload, int bits) = cases.Generate(random, null, out _);
            (RuleOptions options, uint theirs) = Options(bits);
            byte[] bytes = Encoding.Latin1.GetBytes(pattern);
            using Pcre2? oracle = Pcre2.TryCompile(bytes, theirs, out _, out _);
            RegexDatabase? database = DatabaseCompiler.Compile(
                [new RuleSource(1, 0, bytes, options)], MatchMode.FindAll, out _, new DfaBudget(2, int.MaxValue, int.MaxValue));
            if (oracle is null || database is null
                || oracle.FindAll(payload, options.HasFlag(RuleOptions.AllowEmpty)) is not { } expected)
            {
                continue;
            }

            SimdWidth width = ScannerFactory.Widths[i % ScannerFactory.Widths.Length];
            var scanner = new RegexScanner(
                database, ScannerFactory.Kernels(width), 4096, new ScanStatistics(), lazyByteMax: bytesOfStates);
            List<(int, int)> found = [.. ScannerFactory.Matches(database, scanner, payload, 4096).Select(static m => (m.Start, m.End))];
            Assert.True(
                expected.SequenceEqual(found),
                $"/{pattern}/ {options} on {Convert.ToHexString(payload)} expected {string.Join(" ", expected)} found {string.Join(" ", found)}");
            matched += expected.Count > 0 ? 1 : 0;
            clears += scanner.CacheClears;
        }

        Assert.True(matched > s_iterations / 20);
        Assert.True(bytesOfStates > 1 || clears > 0, "no automaton ever started over");
    }

    private static void CompareSet(
        RegexDatabase database, List<RuleSource> sources, List<Pcre2> oracles, byte[] payload)
    {
        List<(uint Id, int Start, int End)> expected = [];
        HashSet<uint> uncertain = [];
        for (int i = 0; i < sources.Count; i++)
        {
            List<(int Start, int End)>? all = oracles[i].FindAll(
                payload, sources[i].Options.HasFlag(RuleOptions.AllowEmpty));
            if (all is null)
            {
                uncertain.Add(sources[i].Id);
                continue;
            }

            expected.AddRange(all.Select(m => (sources[i].Id, m.Start, m.End)));
        }

        expected = [.. expected.OrderBy(static m => m.Start).ThenBy(static m => m.Id)];
        foreach (SimdWidth width in ScannerFactory.Widths)
        {
            List<(uint Id, int Start, int End)> found = ScannerFactory.Matches(database, width, payload, capacity: 65536);
            found.RemoveAll(m => uncertain.Contains(m.Id));
            if (!expected.SequenceEqual(found))
            {
                uint wrong = expected.Except(found).Concat(found.Except(expected)).Select(static m => m.Id).FirstOrDefault();
                RuleSource? rule = sources.Find(s => s.Id == wrong);
                Assert.Fail(
                    $"{width}: rule {wrong} /{Encoding.Latin1.GetString(rule?.Pattern ?? [])}/ {rule?.Options} on "
                    + $"{Convert.ToHexString(payload)}: expected {Text(expected, wrong)} found {Text(found, wrong)}");
            }
        }

        static string Text(List<(uint Id, int Start, int End)> all, uint id) =>
            string.Join(' ', all.Where(m => m.Id == id).Select(static m => $"{m.Start}-{m.End}"));
    }

    /// <summary>Count of matches on which all agreed, or -1 where there was nothing to compare.</summary>
    private static int Compare(string pattern, byte[] payload, int bits)
    {
        (RuleOptions options, uint theirs) = Options(bits);
        byte[] bytes = Encoding.Latin1.GetBytes(pattern);
        using Pcre2? oracle = Pcre2.TryCompile(bytes, theirs, out string error, out _);
        RegexDatabase? database = DatabaseCompiler.Compile(
            [new RuleSource(1, 0, bytes, options)], MatchMode.FindAll, out IReadOnlyList<RuleRefusal> refusals);
        if (oracle is null)
        {
            Assert.True(database is null, $"PCRE2 refuses: {error} {Describe()}");
            return -1;
        }

        if (database is null)
        {
            Assert.True(refusals[0].Kind != PatternRefusal.Syntax, $"{refusals[0]} {Describe()}");
            return -1;
        }

        List<(int Start, int End)>? expected = oracle.FindAll(payload, options.HasFlag(RuleOptions.AllowEmpty));
        if (expected is null)
        {
            return -1;
        }

        if (database.Rules[0].Search is { } search)
        {
            long work = 0;
            bool any = new NfaMatcher(search.Program.Length).TryFind(
                search.Program, payload, 0, anchored: false, out int start, out int end, out _, ref work);
            Assert.True(
                any == expected.Count > 0 && (!any || expected[0] == (start, end)),
                $"direct run: {Describe()} expected {string.Join(" ", expected)} found {start} {end}");
        }

        foreach (SimdWidth width in ScannerFactory.Widths)
        {
            List<(int, int)> found =
                [.. ScannerFactory.Matches(database, width, payload, capacity: 4096).Select(static m => (m.Start, m.End))];
            Assert.True(
                expected.SequenceEqual(found),
                $"{width}: {Describe()} expected {string.Join(" ", expected)} found {string.Join(' ', found)}");
        }

        return expected.Count;

        string Describe() =>
            $"/{pattern}/ {options} on {Convert.ToHexString(payload)} '{Encoding.Latin1.GetString(payload)}'";
    }

    private static (RuleOptions Ours, uint Theirs) Options(int bits)
    {
        (RuleOptions Ours, uint Theirs)[] flags =
        [
            (RuleOptions.Caseless, Pcre2.Caseless),
            (RuleOptions.DotAll, Pcre2.DotAll),
            (RuleOptions.Multiline, Pcre2.Multiline),
            (RuleOptions.Ungreedy, Pcre2.Ungreedy),
            (RuleOptions.AllowEmpty, 0),
            (RuleOptions.DollarEndOnly, Pcre2.DollarEndOnly),
        ];
        RuleOptions ours = RuleOptions.None;
        uint theirs = 0;
        for (int bit = 0; bit < flags.Length; bit++)
        {
            if ((bits >> bit & 1) != 0)
            {
                ours |= flags[bit].Ours;
                theirs |= flags[bit].Theirs;
            }
        }

        return (ours, theirs);
    }
}
