namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>How an attempt of a <see cref="BacktrackMatcher"/> ended.</summary>
internal enum BacktrackOutcome : byte
{
    /// <summary>Every way was tried and none matches.</summary>
    NoMatch,

    /// <summary>The preferred match is known.</summary>
    Match,

    /// <summary>Steps or frames ran out before the answer was known.</summary>
    BudgetSpent,
}
