namespace Outboard.Cli.Vectors;

/// <summary>A case could not be put to the device.</summary>
internal sealed class CryptoMismatchException(string message) : Exception(message);
