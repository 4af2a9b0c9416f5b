namespace Outboard.Regex.Ids;

/// <summary>What a rule asks of one buffer.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="Steps">The steps, in the order of the rule.</param>
internal sealed record IdsBufferPlan(IdsBuffer Buffer, IdsStep[] Steps);
