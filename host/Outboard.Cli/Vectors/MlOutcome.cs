namespace Outboard.Cli.Vectors;

/// <summary>What became of a data set: passed when both are null.</summary>
/// <param name="Failed">What came instead.</param>
/// <param name="Skipped">What the device does not offer.</param>
internal readonly record struct MlOutcome(string? Failed, string? Skipped)
{
    public static MlOutcome Fail(string detail) => new(detail, null);

    public static MlOutcome Skip(string reason) => new(null, reason);
}
