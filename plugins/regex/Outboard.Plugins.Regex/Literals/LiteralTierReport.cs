namespace Outboard.Plugins.Regex.Literals;

/// <summary>What one pass of the literal index does.</summary>
/// <param name="Name">Kind of filter, stride and window.</param>
/// <param name="Operation">The kernel operation that runs it.</param>
/// <param name="LiteralCount">Literals that it finds.</param>
/// <param name="PassRate">Estimated candidates for each byte of payload.</param>
/// <param name="ByteCount">Bytes of its tables.</param>
internal sealed record LiteralTierReport(string Name, string Operation, int LiteralCount, double PassRate, long ByteCount);
