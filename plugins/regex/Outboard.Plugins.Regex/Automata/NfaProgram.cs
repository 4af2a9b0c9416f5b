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

    /// <summary>For each context of the side already passed, the one that the assertions of this program cannot tell from it.</summary>
    public required PositionContext[] Canonical { get; init; }

    /// <summary>Backward only: whether the edge must be remembered to know a newline as the last one.</summary>
    public required bool RemembersEdge { get; init; }

    public int Length => Instructions.Length;

    /// <summary>Bytes of its code, sets and classes.</summary>
    public long ByteCount => Length * 12L + Sets.Length * 32L + 256;

    /// <summary>The context to keep with a state: none where nothing in the state waits for an assertion.</summary>
    public PositionContext ContextOf(ReadOnlySpan<int> state, PositionContext passed)
    {
        if (!HasAssertions)
        {
            return PositionContext.Other;
        }

        foreach (int pc in state)
        {
            if (Instructions[pc].Op == NfaOp.Assert)
            {
                return Canonical[(int)passed];
            }
        }

        return RemembersEdge && passed == PositionContext.Edge ? PositionContext.Edge : PositionContext.Other;
    }
}
