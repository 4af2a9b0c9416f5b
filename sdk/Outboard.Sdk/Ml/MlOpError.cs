namespace Outboard.Ml;

/// <summary>Why an op failed.</summary>
/// <param name="Code">The driver's code; 0 when the op did not fail.</param>
/// <param name="Message">In words.</param>
public readonly record struct MlOpError(uint Code, string Message);
