namespace Outboard.Conformance;

/// <summary>The result of one check.</summary>
/// <param name="Check">The check's name.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Detail">What was seen, empty when it passed.</param>
public sealed record ConformanceResult(string Check, ConformanceOutcome Outcome, string Detail);
