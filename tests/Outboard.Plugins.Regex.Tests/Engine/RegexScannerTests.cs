using System.Text;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Rules;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.Engine;

public sealed class RegexScannerTests
{
    [Fact]
    public void MatchesComeByStartThenByRule()
    {
        RegexDatabase database = ScannerFactory.Database(
            MatchMode.FindAll,
            ScannerFactory.Rule(9, "abcd"),
            ScannerFactory.Rule(2, "bcd"),
            ScannerFactory.Rule(5, "a.c"),
            ScannerFactory.Rule(1, "d$"));
        List<(uint, int, int)> found = ScannerFactory.Matches(database, SimdWidth.Scalar, "xabcd"u8.ToArray());
        Assert.Equal([(5u, 1, 4), (9u, 1, 5), (2u, 2, 5), (1u, 4, 5)], found);
    }

    [Fact]
    public void ACapKeepsTheFirstMatchesAndCountsTheRest()
    {
        RegexDatabase database = ScannerFactory.Database(
            MatchMode.FindAll, ScannerFactory.Rule(1, "b"), ScannerFactory.Rule(2, "needle"), ScannerFactory.Rule(3, "[a-z]"));
        byte[] payload = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("needle b ", 50)));
        foreach (SimdWidth width in ScannerFactory.Widths)
        {
            RegexScanner scanner = ScannerFactory.Scanner(database, width);
            List<(uint, int, int)> all = ScannerFactory.Matches(database, scanner, payload);
            List<(uint, int, int)> few = ScannerFactory.Matches(database, scanner, payload, capacity: 7);
            Assert.Equal(all[..7], few);
            Assert.Equal(all.Count, scanner.MatchTotal);
        }
    }

    [Fact]
    public void TheHighestPriorityMatchIsThatOfTheSmallestRule()
    {
        RegexDatabase database = ScannerFactory.Database(
            MatchMode.FindAll, ScannerFactory.Rule(8, "first"), ScannerFactory.Rule(3, "second"));
        RegexScanner scanner = ScannerFactory.Scanner(database, SimdWidth.Scalar);
        scanner.Scan("first second second"u8, GroupSelection.All, capacity: 1, byRule: true);
        MatchRecord only = Assert.Single(ScannerFactory.Found(scanner));
        Assert.Equal((3u, 6, 12), (database.Rules[only.Rule].Source.Id, only.Start, only.End));
    }

    [Fact]
    public void OnlyRulesOfTheChosenGroupsMatch()
    {
        RuleSource[] rules =
        [
            ScannerFactory.Rule(1, "abcd", group: 1), ScannerFactory.Rule(1, "[a-d]{4}", group: 2),
            ScannerFactory.Rule(3, "^ab", group: 3), ScannerFactory.Rule(4, "b*", RuleOptions.AllowEmpty, group: 4),
        ];
        RegexDatabase database = ScannerFactory.Database(MatchMode.FindAll, rules);
        RegexScanner scanner = ScannerFactory.Scanner(database, SimdWidth.Scalar);
        for (ushort group = 1; group <= 4; group++)
        {
            scanner.Scan("abcd"u8, new GroupSelection(1, group, 0, 0, 0), 100, byRule: false);
            Assert.NotEqual(0, scanner.MatchCount);
            foreach (MatchRecord match in ScannerFactory.Found(scanner))
            {
                Assert.Equal(group, database.Rules[match.Rule].Source.Group);
            }
        }

        scanner.Scan("abcd"u8, new GroupSelection(2, 1, 3, 0, 0), 100, byRule: false);
        Assert.Equal(2, scanner.MatchCount);
    }

    [Fact]
    public void AFloodOfPartialMatchesEndsInABudgetAndSaysSo()
    {
        RegexDatabase database = ScannerFactory.Database(MatchMode.FindAll, ScannerFactory.Rule(1, "aaaa(?:.*b)?", RuleOptions.DotAll));
        RegexScanner scanner = ScannerFactory.Scanner(database, SimdWidth.Scalar, capacity: 16);
        var payload = new byte[65535];
        payload.AsSpan().Fill((byte)'a');
        scanner.Scan(payload, GroupSelection.All, 16, byRule: false);
        Assert.True(scanner.BudgetSpent);
        Assert.Equal(16, scanner.MatchCount);
    }

    [Fact]
    public void ANestedRepeatTakesLinearTime()
    {
        RegexDatabase database = ScannerFactory.Database(
            MatchMode.FindAll, ScannerFactory.Rule(1, "(a+)+$"), ScannerFactory.Rule(2, "(?:a|aa)*c"), ScannerFactory.Rule(3, "(a*)*b"));
        RegexScanner scanner = ScannerFactory.Scanner(database, SimdWidth.Scalar);
        var payload = new byte[60_000];
        payload.AsSpan().Fill((byte)'a');
        payload[^1] = (byte)'!';
        scanner.Scan(payload, GroupSelection.All, 16, byRule: false);
        Assert.Equal(0, scanner.MatchCount);
        Assert.True(scanner.Statistics.VerifiedBytes < 10 * (ulong)payload.Length);
    }

    [Fact]
    public void AScanAllocatesNothing()
    {
        RegexDatabase database = ScannerFactory.Database(
            MatchMode.FindAll,
            ScannerFactory.Rule(1, "needle"),
            ScannerFactory.Rule(2, "n[a-z]+e\\b"),
            ScannerFactory.Rule(3, "^GET [^ ]+"),
            ScannerFactory.Rule(4, "\\d{3}-\\d+"),
            ScannerFactory.Rule(5, "foo[ab].*[ab]{18}x"),
            ScannerFactory.Rule(6, "x*", RuleOptions.AllowEmpty));
        byte[] payload = Encoding.ASCII.GetBytes("GET /needle 123-4567 foob ababababababababababab nice");
        foreach (SimdWidth width in ScannerFactory.Widths)
        {
            RegexScanner scanner = ScannerFactory.Scanner(database, width);
            for (int i = 0; i < 100; i++)
            {
                scanner.Scan(payload, GroupSelection.All, 100, byRule: false);
            }

            Assert.True(AllocationFree.Once(() =>
            {
                for (int i = 0; i < 100; i++)
                {
                    scanner.Scan(payload, GroupSelection.All, 100, byRule: false);
                }
            }));
            Assert.NotEqual(0, scanner.MatchCount);
        }
    }

    /// <summary>PCRE2 10.42 takes the assertion in the group that never runs for one of the whole pattern; the definition does not.</summary>
    [Fact]
    public void AGroupRepeatedNoTimesSaysNothingAboutTheRest()
    {
        RegexDatabase database = ScannerFactory.Database(MatchMode.FindAll, ScannerFactory.Rule(1, "(?s)(?:|\\A$){0}b"));
        Assert.Equal([(1u, 3, 4)], ScannerFactory.Matches(database, SimdWidth.Scalar, "foobar"u8.ToArray()));
    }

    [Fact]
    public void ARefusedRuleIsNamed()
    {
        Assert.Null(DatabaseCompiler.Compile(
            [ScannerFactory.Rule(7, "ok"), ScannerFactory.Rule(8, "a(*SKIP)b", group: 2), ScannerFactory.Rule(9, "(")],
            MatchMode.FindAll,
            out IReadOnlyList<RuleRefusal> refusals));
        Assert.Equal([(8u, (ushort)2, 1), (9u, (ushort)0, 1)], refusals.Select(static r => (r.Id, r.Group, r.Offset)));
    }

    [Fact]
    public void ARuleWithTooManyStatesForAutomataIsBacktracked()
    {
        RegexDatabase database = ScannerFactory.Database(MatchMode.FindAll, ScannerFactory.Rule(7, "x((a{1,1000}){1,1000}){1,1000}y"));
        Assert.NotNull(database.Rules[0].Backtrack);
        Assert.Equal([(7u, 1, 5)], ScannerFactory.Matches(database, SimdWidth.Scalar, "yxaay"u8.ToArray()));
    }
}
