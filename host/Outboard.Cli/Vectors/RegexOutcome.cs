namespace Outboard.Cli.Vectors;

/// <summary>What became of a case at one width: both null when it passed.</summary>
/// <param name="Failed">What came instead of the known answer.</param>
/// <param name="Skipped">What the device does not offer.</param>
internal readonly record struct RegexOutcome(string? Failed, string? Skipped)
{
    public static RegexOutcome Pass => default;

    public static RegexOutcome Fail(string detail) => new(detail, null);

    public static RegexOutcome Skip(string reason) => new(null, reason);
}
