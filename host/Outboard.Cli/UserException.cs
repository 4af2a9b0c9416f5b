namespace Outboard.Cli;

/// <summary>A person's mistake: what and where, in one line. Exit code 2.</summary>
internal sealed class UserException(string message, Exception? inner = null) : Exception(message, inner);
