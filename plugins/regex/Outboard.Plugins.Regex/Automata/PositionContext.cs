using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Automata;

/// <summary>What stands on one side of a position, as far as an assertion can tell.</summary>
internal enum PositionContext : byte
{
    /// <summary>The edge of the payload.</summary>
    Edge,

    /// <summary>A newline.</summary>
    Newline,

    /// <summary>A letter, a digit or an underscore.</summary>
    Word,

    /// <summary>Any other byte.</summary>
    Other,

    /// <summary>To the right only: a newline that is the last byte.</summary>
    LastNewline,

    /// <summary>A byte that continues a UTF-8 character, 0x80 to 0xBF.</summary>
    Continuation,
}

/// <summary>The rules of the assertions.</summary>
internal static class PositionContexts
{
    /// <summary>Count of the values; sizes the tables of start states.</summary>
    public const int Count = 6;

    private static readonly PositionContext[] s_ofByte = MakeTable();

    public static PositionContext OfByte(byte value) => s_ofByte[value];

    /// <summary>What is left of an offset.</summary>
    public static PositionContext Before(ReadOnlySpan<byte> data, int offset) =>
        offset == 0 ? PositionContext.Edge : OfByte(data[offset - 1]);

    /// <summary>What is right of an offset.</summary>
    public static PositionContext After(ReadOnlySpan<byte> data, int offset)
    {
        if (offset == data.Length)
        {
            return PositionContext.Edge;
        }

        PositionContext context = OfByte(data[offset]);
        return context == PositionContext.Newline && offset == data.Length - 1 ? PositionContext.LastNewline : context;
    }

    /// <summary>What a step over a symbol leaves on the side already passed, given what was there.</summary>
    public static PositionContext Passed(bool reversed, PositionContext known, PositionContext symbol) =>
        reversed && symbol == PositionContext.Newline && known == PositionContext.Edge ? PositionContext.LastNewline
        : !reversed && symbol == PositionContext.LastNewline ? PositionContext.Newline
        : symbol;

    /// <summary>Whether an assertion holds between two sides (pcre2pattern, "Circumflex and dollar").</summary>
    public static bool Holds(AssertionKind kind, PositionContext before, PositionContext after) => kind switch
    {
        AssertionKind.SubjectStart => before == PositionContext.Edge,
        AssertionKind.LineStart => before == PositionContext.Edge
            || (before == PositionContext.Newline && after != PositionContext.Edge),
        AssertionKind.SubjectEndOrLastNewline => after is PositionContext.Edge or PositionContext.LastNewline,
        AssertionKind.LineEnd => after is PositionContext.Edge or PositionContext.LastNewline or PositionContext.Newline,
        AssertionKind.SubjectEnd => after == PositionContext.Edge,
        AssertionKind.CharacterBoundary => after != PositionContext.Continuation,
        AssertionKind.WordBoundary => (before == PositionContext.Word) != (after == PositionContext.Word),
        _ => (before == PositionContext.Word) == (after == PositionContext.Word),
    };

    private static PositionContext[] MakeTable()
    {
        var table = new PositionContext[256];
        for (int value = 0; value < table.Length; value++)
        {
            table[value] = value == '\n' ? PositionContext.Newline
                : ByteSet.Word.Contains((byte)value) ? PositionContext.Word
                : value is >= 0x80 and <= 0xBF ? PositionContext.Continuation
                : PositionContext.Other;
        }

        return table;
    }
}
