using CsCheck;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Oracle;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.Engine;

public sealed class EndsAndAllTests
{
    private const int Iterations = 4000;

    [Fact]
    public void EveryEndIsReportedOnce() => Run(MatchMode.Ends);

    [Fact]
    public void EveryStartIsReportedWithEveryEnd() => Run(MatchMode.All);

    private static void Run(MatchMode mode)
    {
        var random = new PCG(stream: 3, seed: 77);
        Gen<(string, byte[], int)> cases = Gen.Select(PatternGenerator.Pattern, PatternGenerator.Payload, Gen.Int[0, 31]);
        int compared = 0;
        for (int i = 0; i < Iterations; i++)
        {
            (string pattern, byte[] payload, int bits) = cases.Generate(random, null, out _);
            payload = payload[..Math.Min(payload.Length, 40)];
            RuleOptions options = RuleOptions.None;
            options |= (bits & 1) != 0 ? RuleOptions.Caseless : 0;
            options |= (bits & 2) != 0 ? RuleOptions.DotAll : 0;
            options |= (bits & 4) != 0 ? RuleOptions.Multiline : 0;
            options |= (bits & 8) != 0 ? RuleOptions.AllowEmpty : 0;
            RuleSource source = ScannerFactory.Rule(1, pattern, options);
            RegexDatabase? database = DatabaseCompiler.Compile([source], mode, out _);
            if (database is null)
            {
                continue;
            }

            compared++;
            List<(int, int)> expected = Expected(source, payload, mode);
            foreach (SimdWidth width in ScannerFactory.Widths)
            {
                List<(int, int)> found =
                    [.. ScannerFactory.Matches(database, width, payload, 4096).Select(static m => (m.Start, m.End))];
                Assert.True(
                    expected.SequenceEqual(found),
                    $"{width} /{pattern}/ {options} on {Convert.ToHexString(payload)}: "
                    + $"expected {string.Join(' ', expected)} found {string.Join(' ', found)}");
            }
        }

        Assert.True(compared > Iterations / 2);
    }

    private static List<(int Start, int End)> Expected(RuleSource source, byte[] payload, MatchMode mode)
    {
        PatternNode root = PatternParser.Parse(source.Pattern, source.Options);
        SortedSet<(int, int)> all = [];
        for (int start = 0; start <= payload.Length; start++)
        {
            foreach (int end in TreeWalker.Ends(root, payload, start))
            {
                if (end > start || source.Options.HasFlag(RuleOptions.AllowEmpty))
                {
                    all.Add(mode == MatchMode.Ends ? (0, end) : (start, end));
                }
            }
        }

        return [.. all];
    }
}
