using System.Text;
using Outboard.Plugins.Regex.Backtracking;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Engine;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.Backtracking;

/// <summary>Short ways to matchers and what they find.</summary>
internal static class Backtrackers
{
    public const long Budget = 2_000_000;

    public static BacktrackMatcher Make(int frames = 20_000, int memoBits = 1 << 20) =>
        new(frames, registers: 256, ScannerFactory.ByteScan(ScannerFactory.Widths[^1]), memoBits);

    public static BacktrackMatcher Make(SimdWidth width) => new(frames: 20_000, registers: 256, ScannerFactory.ByteScan(width));

    public static BacktrackProgram Program(string pattern, RuleOptions options = RuleOptions.None) =>
        BacktrackProgram.Compile(PatternParser.Parse(Encoding.UTF8.GetBytes(pattern), options));

    /// <summary>All matches as pcre2demo finds them, or null when the budget was spent.</summary>
    public static List<(int Start, int End)>? FindAll(
        BacktrackMatcher matcher, BacktrackProgram program, byte[] data, bool allowEmpty)
    {
        List<(int, int)> found = [];
        int at = 0;
        bool again = false;
        long steps = Budget;
        while (at <= data.Length)
        {
            BacktrackOutcome outcome = again
                ? matcher.TryMatchAfterEmpty(program, data, at, ref steps, out int start, out int end, out _)
                : matcher.TryFind(program, data, at, data.Length, at, !allowEmpty, ref steps, out start, out end, out _);
            if (outcome == BacktrackOutcome.BudgetSpent)
            {
                return null;
            }

            if (outcome == BacktrackOutcome.Match)
            {
                found.Add((start, end));
                at = end;
                again = allowEmpty && start == end;
            }
            else if (again)
            {
                at++;
                again = false;
            }
            else
            {
                break;
            }
        }

        return found;
    }
}
