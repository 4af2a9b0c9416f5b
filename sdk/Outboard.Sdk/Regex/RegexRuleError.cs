namespace Outboard.Regex;

/// <summary>Why a rule was refused.</summary>
/// <param name="RuleId">The rule.</param>
/// <param name="GroupId">Its group.</param>
/// <param name="Offset">Where in the pattern, in bytes from 0.</param>
/// <param name="Reason">What is wrong or not supported, and what would be accepted.</param>
public sealed record RegexRuleError(int RuleId, ushort GroupId, int Offset, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"rule {RuleId} (group {GroupId}), offset {Offset}: {Reason}";
}
