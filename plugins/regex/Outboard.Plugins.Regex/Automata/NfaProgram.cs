using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Automata;

/// <summary>A Thompson automaton whose branches are ordered by preference, and the byte classes that it can tell apart.</summary>
internal sealed class NfaProgram
{
    public required NfaInstruction[] Instructions { get; init; }

    public required ByteSet[] Sets { get; init; }

    /// <summary>Where a match that must begin at the current position starts.</summary>
    public required int Start { get; init; }

    /// <summary>Where a search starts that may begin later, at lower preference.</summary>
    public required int SearchStart { get; init; }

    public required bool Reversed { get; init; }

    public required ByteClasses Classes { get; init; }

    /// <summary>Whether any assertion is in it; without one the context of a position says nothing.</summary>
    public required bool HasAssertions { get; init; }

    /// <summary>Whether a newline that is the last byte must be told from other newlines.</summary>
    public required bool TellsLastNewline { get; init; }

    public int Length => Instructions.Length;
}
