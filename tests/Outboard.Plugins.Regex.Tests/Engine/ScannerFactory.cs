using System.Text;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Kernels.ByteScan;
using Outboard.Plugins.Regex.Kernels.WindowHash;
using Outboard.Plugins.Regex.Kernels.WindowShuffle;
using Outboard.Plugins.Regex.Literals;
using Outboard.Plugins.Regex.Rules;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.Engine;

/// <summary>Short ways to databases and scanners.</summary>
internal static class ScannerFactory
{
    /// <summary>The widths that this processor has, narrowest first.</summary>
    public static readonly SimdWidth[] Widths =
        [.. ByteScanTable.Rows.Where(static r => r.IsSupported).Select(static r => r.Width).Reverse()];

    public static ByteScanKernel ByteScan(SimdWidth width) => Kernels(width).ByteScan;

    public static RegexKernels Kernels(SimdWidth width) => new()
    {
        WindowShuffle = WindowShuffleTable.At(Row(WindowShuffleTable.Rows, width)),
        WindowHash = WindowHashTable.At(Row(WindowHashTable.Rows, width)),
        ByteScan = ByteScanTable.At(Row(ByteScanTable.Rows, width)),
    };

    public static RuleSource Rule(uint id, string pattern, RuleOptions options = RuleOptions.None, ushort group = 0) =>
        new(id, group, Encoding.Latin1.GetBytes(pattern), options);

    public static RegexDatabase Database(MatchMode mode, params RuleSource[] rules)
    {
        RegexDatabase? database = DatabaseCompiler.Compile(
            rules, mode, PayloadModel.Default, before: null, out IReadOnlyList<RuleRefusal> refusals);
        Assert.True(database is not null, string.Join("; ", refusals.Select(static r => r.ToString())));
        return database;
    }

    public static RegexScanner Scanner(RegexDatabase database, SimdWidth width, int capacity = 100_000) =>
        new(database, Kernels(width), capacity, new ScanStatistics());

    /// <summary>What a scanner found last.</summary>
    public static MatchRecord[] Found(RegexScanner scanner) => [.. Enumerable.Range(0, scanner.MatchCount).Select(scanner.GetMatch)];

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
        foreach (MatchRecord match in Found(scanner))
        {
            found.Add((database.Rules[match.Rule].Source.Id, match.Start, match.End));
        }

        return found;
    }

    /// <summary>The widest row at or below a width, as a device chooses it.</summary>
    private static int Row(KernelDescriptor[] rows, SimdWidth width) =>
        Array.FindIndex(rows, row => row.IsSupported && row.Width <= width);
}
