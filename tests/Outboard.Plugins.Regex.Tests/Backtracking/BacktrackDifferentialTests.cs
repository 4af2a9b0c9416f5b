using System.Text;
using Outboard.Plugins.Regex.Backtracking;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Oracle;

namespace Outboard.Plugins.Regex.Tests.Backtracking;

public sealed class BacktrackDifferentialTests
{
    /// <summary>Pairs a run compares; the environment can ask for a longer hunt, with another seed.</summary>
    private static readonly int s_iterations = Setting("OUTBOARD_FUZZ_ITERATIONS", 12_000);

    private static readonly int s_seed = Setting("OUTBOARD_FUZZ_SEED", 20261122);

    /// <summary>
    /// What the oracle leaves out: its guesses before a match (10.42 takes the byte that a look ahead asks for and the last byte of the pattern
    /// for two), possessive repeats and implied anchors of its own making.
    /// </summary>
    private const uint Plain = 0x0001_0000 | 0x0000_4000 | 0x0000_8000;

    /// <summary>Trees as the generator makes them, without and with a memo, and trees as the parser makes them.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1 << 20, false)]
    [InlineData(1 << 20, true)]
    public void RandomPatternsMatchAsPcre2Does(int memoBits, bool parsed)
    {
        Pcre2.SkipIfAbsent();
        var random = new Random(s_seed + memoBits + (parsed ? 1 : 0));
        var generator = new PatternPairGenerator(random);
        BacktrackMatcher matcher = Backtrackers.Make(memoBits: memoBits);
        int compared = 0;
        int matched = 0;
        for (int i = 0; i < s_iterations; i++)
        {
            PatternPair pair = generator.Next();
            using Pcre2? oracle = Pcre2.TryCompile(Encoding.Latin1.GetBytes(pair.Text), Plain, out string error, out _);
            Assert.True(oracle is not null, $"PCRE2 refuses /{pair.Text}/: {error}");
            PatternNode tree = parsed ? PatternParser.Parse(Encoding.Latin1.GetBytes(pair.Text), RuleOptions.None) : pair.Tree;
            BacktrackProgram program = BacktrackProgram.Compile(tree);
            for (int round = 0; round < 3; round++)
            {
                byte[] payload = generator.Payload();
                bool allowEmpty = random.Next(2) == 0;
                List<(int, int)>? expected = oracle.FindAll(payload, allowEmpty);
                List<(int, int)>? found = Backtrackers.FindAll(matcher, program, payload, allowEmpty);
                if (expected is null || found is null)
                {
                    continue;
                }

                compared++;
                matched += expected.Count > 0 ? 1 : 0;
                Assert.True(
                    expected.SequenceEqual(found),
                    $"/{pair.Text}/ {allowEmpty} on '{Encoding.Latin1.GetString(payload)}' {Convert.ToHexString(payload)}: "
                    + $"expected {string.Join(' ', expected)} found {string.Join(' ', found)}");
            }
        }

        Assert.True(compared > s_iterations * 5 / 2, $"only {compared} could be compared");
        Assert.True(matched > s_iterations / 2, $"only {matched} matched");
    }

    /// <summary>
    /// An end can be reached when PCRE2 matches with a look behind that asks for exactly that end. Groups of the pattern keep their numbers.
    /// </summary>
    [Fact]
    public void EveryEndIsOneThatPcre2CanReach()
    {
        Pcre2.SkipIfAbsent();
        var random = new Random(s_seed);
        var generator = new PatternPairGenerator(random);
        BacktrackMatcher matcher = Backtrackers.Make();
        var ends = new int[100];
        int many = 0;
        for (int i = 0; i < s_iterations / 10; i++)
        {
            PatternPair pair = generator.Next();
            BacktrackProgram program = BacktrackProgram.Compile(pair.Tree);
            byte[] payload = generator.Payload();
            long steps = Backtrackers.Budget;
            BacktrackOutcome outcome = matcher.FindEnds(
                program, payload, 0, 0, notEmpty: false, ref steps, ends, out int count, out _);
            if (outcome == BacktrackOutcome.BudgetSpent)
            {
                continue;
            }

            List<int> expected = [];
            bool limited = false;
            for (int end = 0; end <= payload.Length && !limited; end++)
            {
                string text = $"\\A(?:{pair.Text})(?<=\\A(?s:.{{{end}}}))";
                using Pcre2? oracle = Pcre2.TryCompile(Encoding.Latin1.GetBytes(text), Plain, out string error, out _);
                Assert.True(oracle is not null, $"PCRE2 refuses /{text}/: {error}");
                List<(int Start, int End)>? all = oracle.FindAll(payload, allowEmpty: true);
                limited = all is null;
                if (all is { Count: > 0 })
                {
                    expected.Add(end);
                }
            }

            List<int> found = [.. ends.AsSpan(0, count)];
            found.Sort();
            many += count > 1 ? 1 : 0;
            Assert.True(
                limited || expected.SequenceEqual(found),
                $"/{pair.Text}/ on '{Encoding.Latin1.GetString(payload)}' {Convert.ToHexString(payload)}: "
                + $"expected {string.Join(' ', expected)} found {string.Join(' ', found)}");
        }

        Assert.True(many > s_iterations / 200, $"only {many} had several ends");
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : fallback;
}
