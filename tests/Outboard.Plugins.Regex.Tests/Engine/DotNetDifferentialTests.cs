using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Rules;
using DotNetRegex = System.Text.RegularExpressions.Regex;

namespace Outboard.Plugins.Regex.Tests.Engine;

/// <summary>The runtime's own engine as a second oracle, on ASCII, where its meaning is PCRE's.</summary>
public sealed class DotNetDifferentialTests
{
    private const int Iterations = 8000;

    [Fact]
    public void TheFirstMatchIsThatOfTheRuntime()
    {
        var random = new PCG(stream: 21, seed: 5);
        Gen<(string, byte[], int)> cases = Gen.Select(PatternGenerator.Pattern, PatternGenerator.Payload, Gen.Int[0, 7]);
        int compared = 0;
        for (int i = 0; i < Iterations; i++)
        {
            (string pattern, byte[] payload, int bits) = cases.Generate(random, null, out _);
            payload = [.. payload.Where(static b => b < 0x80).Take(32)];
            bool multiline = (bits & 4) != 0 || pattern.Contains("(?m)", StringComparison.Ordinal);

            // Places where the two differ by design: ungreedy, POSIX classes, \z's kin \Z, and ^ behind a last newline.
            if (pattern.Contains("(?U)", StringComparison.Ordinal) || pattern.Contains("[[:", StringComparison.Ordinal)
                || (multiline && payload.AsSpan().EndsWith("\n"u8)))
            {
                continue;
            }

            RuleOptions ours = RuleOptions.AllowEmpty;
            RegexOptions theirs = RegexOptions.CultureInvariant;
            Add(1, RuleOptions.Caseless, RegexOptions.IgnoreCase);
            Add(2, RuleOptions.DotAll, RegexOptions.Singleline);
            Add(4, RuleOptions.Multiline, RegexOptions.Multiline);
            RegexDatabase? database = DatabaseCompiler.Compile(
                [ScannerFactory.Rule(1, pattern, ours)], MatchMode.FindAll, out _);
            if (database is null)
            {
                continue;
            }

            if (!TryFind(pattern, theirs, payload, out (int, int)? expected))
            {
                continue;
            }

            compared++;
            (int, int)? found = ScannerFactory.Matches(database, ScannerFactory.Widths[^1], payload, 4096)
                .Select(static m => ((int, int)?)(m.Start, m.End)).FirstOrDefault();
            Assert.True(
                expected == found, $"/{pattern}/ {ours} on {Convert.ToHexString(payload)}: expected {expected}, found {found}");

            void Add(int bit, RuleOptions option, RegexOptions flag)
            {
                if ((bits & bit) != 0)
                {
                    ours |= option;
                    theirs |= flag;
                }
            }
        }

        Assert.True(compared > Iterations / 3, $"only {compared} were compared");
    }

    /// <summary>The runtime's engine backtracks; where that explodes there is nothing to compare.</summary>
    private static bool TryFind(string pattern, RegexOptions options, byte[] payload, out (int, int)? span)
    {
        span = null;
        try
        {
            var engine = new DotNetRegex(pattern, options, TimeSpan.FromMilliseconds(50));
            Match match = engine.Match(Encoding.ASCII.GetString(payload));
            span = match.Success ? (match.Index, match.Index + match.Length) : null;
            return true;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
