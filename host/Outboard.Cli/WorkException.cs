namespace Outboard.Cli;

/// <summary>The work could not be done although nothing was wrong with what was asked; one line. Exit code 1.</summary>
internal sealed class WorkException(string message, Exception? inner = null) : Exception(message, inner);
