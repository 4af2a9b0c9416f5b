namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>
/// The instructions of a <see cref="BacktrackProgram"/>, each followed by its operands in the code. What backtracking may undo is kept
/// in registers; marks and the positions of looks and atomic groups are registers too, but are only read by the way that wrote them.
/// </summary>
internal enum BacktrackOp : byte
{
    /// <summary>The pattern matches here.</summary>
    Match,

    /// <summary>Takes one byte: value.</summary>
    Byte,

    /// <summary>Takes one byte out of a set: set.</summary>
    Set,

    /// <summary>Takes a fixed string: offset and length in the literals.</summary>
    Literal,

    /// <summary>Takes bytes that equal a string under a mask: offset and length; the masks lie behind the string.</summary>
    MaskedLiteral,

    /// <summary>A condition on the position: an assertion kind.</summary>
    Assert,

    /// <summary>A look at one byte: set, whether behind, whether negative.</summary>
    Peek,

    /// <summary>Goes on elsewhere: target.</summary>
    Jump,

    /// <summary>
    /// Two ways, the first preferred: target, target, then for each way the set that its first byte is out of, or -1 where it may take none;
    /// then the memo and its guard (see <see cref="BacktrackProgram.MemoCount"/>).
    /// </summary>
    Choice,

    /// <summary>As many bytes of a set as there are, then fewer: set, least, most (-1: no bound), set of the byte behind or -1, scan for the
    /// first byte outside or -1, memo, guard.</summary>
    RunGreedy,

    /// <summary>As few bytes of a set as do, then more; operands as before, but the scan also stops at the byte behind.</summary>
    RunLazy,

    /// <summary>As many bytes of a set as there are and never fewer: set, least, most, scan.</summary>
    RunPossessive,

    /// <summary>Notes the position: register.</summary>
    Note,

    /// <summary>Starts a counter: register.</summary>
    Zero,

    /// <summary>Leaves a loop whose round took nothing: register of the round's start, target.</summary>
    LeaveIfEmpty,

    /// <summary>
    /// Ends a counted round: counter, register of the round's start or -1, least, most or -1, body, whether greedy, whether an empty round
    /// ends the loop below the least count too; then the sets of the first byte of another round and of what follows, or -1.
    /// </summary>
    CountRound,

    /// <summary>Ends a group: its register base, behind which lie start, end and where it was opened.</summary>
    Capture,

    /// <summary>What a group took: fold, whether unset groups match, count of groups, register bases.</summary>
    BackReference,

    /// <summary>Begins a part that ends in <see cref="LeaveAtomic"/> or <see cref="LeaveLook"/>: mark, register of the position.</summary>
    Enter,

    /// <summary>Forgets the choices since the mark: mark.</summary>
    LeaveAtomic,

    /// <summary>Forgets the choices since the mark and goes back: mark, register of the position.</summary>
    LeaveLook,

    /// <summary>Begins a negative look: mark, register of the position, where to go on when it finds nothing.</summary>
    EnterNegative,

    /// <summary>A negative look found something: mark.</summary>
    LeaveNegative,

    /// <summary>Goes back some bytes: count.</summary>
    Back,

    /// <summary>Goes back some bytes, then more: least, most or -1.</summary>
    BackRange,

    /// <summary>Whether a look behind ends where it began: register of the position.</summary>
    EndsAt,

    /// <summary>The match is reported from here.</summary>
    Keep,

    /// <summary>Takes one extended grapheme cluster.</summary>
    Grapheme,
}
