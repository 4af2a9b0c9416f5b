using System.Text;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Kernels.ByteScan;
using Outboard.Plugins.Regex.Kernels.LiteralScan;
using Outboard.Plugins.Regex.Rules;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.Engine;

/// <summary>Short ways to databases and scanners.</summary>
internal static class ScannerFactory
{
    /// <summary>The widths that this processor has, narrowest first.</summary>
    public static readonly SimdWidth[] Widths =
        [.. LiteralScanTable.Rows.Where(static r => r.IsSupported).Select(static r => r.Width).Reverse()];

    public static LiteralScanKernel LiteralScan(SimdWidth width) =>
        LiteralScanTable.At(Array.FindIndex(LiteralScanTable.Rows, r => r.Width == width));

    public static ByteScanKernel ByteScan(SimdWidth width) =>
        ByteScanTable.At(Array.FindIndex(ByteScanTable.Rows, r => r.Width == width));

    public static RuleSource Rule(uint id, string pattern, RuleOptions options = RuleOptions.None, ushort group = 0) =>
        new(id, group, Encoding.Latin1.GetBytes(pattern), options);

    public static RegexDatabase Database(MatchMode mode, params RuleSource[] rules)
    {
        RegexDatabase? database = DatabaseCompiler.Compile(rules, mode, out IReadOnlyList<RuleRefusal> refusals);
        Assert.True(database is not null, string.Join("; ", refusals.Select(static r => r.ToString())));
        return database;
    }

    public static RegexScanner Scanner(RegexDatabase database, SimdWidth width, int capacity = 100_000) =>
        new(database, LiteralScan(width), ByteScan(width), capacity, new ScanStatistics());

    /// <summary>Matches as id, start, end.</summary>
    public static List<(uint Id, int Start, int End)> Matches(
        RegexDatabase database, SimdWidth width, byte[] payload, int capacity = 100_000)
    {
        RegexScanner scanner = Scanner(database, width, capacity);
        return Matches(database, scanner, payload, capacity);
    }

    public static List<(uint Id, int Start, int End)> Matches(
        RegexDatabase database, RegexScanner scanner, ReadOnlySpan<byte> payload, int capacity = 100_000)
    {
        scanner.Scan(payload, GroupSelection.All, capacity, byRule: false);
        List<(uint, int, int)> found = [];
        foreach (MatchRecord match in scanner.Matches)
        {
            found.Add((database.Rules[match.Rule].Source.Id, match.Start, match.End));
        }

        return found;
    }
}
