namespace Outboard.Cli.Vectors;

/// <summary>What became of a case: passed when both are null.</summary>
/// <param name="Failed">What came instead.</param>
/// <param name="Skipped">What the device does not offer.</param>
internal readonly record struct CryptoOutcome(string? Failed, string? Skipped)
{
    public static CryptoOutcome Passed => default;

    public static CryptoOutcome Fail(string detail) => new(detail, null);

    public static CryptoOutcome Skip(string reason) => new(null, reason);
}
