using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>The conditions on a position (pcre2pattern, "Circumflex and dollar", "Simple assertions").</summary>
internal static class Positions
{
    private const byte Newline = (byte)'\n';

    /// <summary>Whether a condition holds; touched is set when bytes behind the data could change that.</summary>
    public static bool Holds(
        AssertionKind kind, ReadOnlySpan<byte> data, int at, int searchFrom, ref bool touched)
    {
        bool atEnd = at == data.Length;
        switch (kind)
        {
            case AssertionKind.SubjectStart:
                return at == 0;
            case AssertionKind.SearchStart:
                return at == searchFrom;
            case AssertionKind.LineStart:
                if (at == 0)
                {
                    return true;
                }

                bool behindNewline = data[at - 1] == Newline;
                touched |= behindNewline && atEnd;
                return behindNewline && !atEnd;
            case AssertionKind.SubjectEnd:
                touched |= atEnd;
                return atEnd;
            case AssertionKind.SubjectEndOrLastNewline:
                bool last = atEnd || (at == data.Length - 1 && data[at] == Newline);
                touched |= last;
                return last;
            case AssertionKind.LineEnd:
                touched |= atEnd;
                return atEnd || data[at] == Newline;
            case AssertionKind.WordBoundary:
            case AssertionKind.NotWordBoundary:
                touched |= atEnd;
                bool before = at > 0 && IsWordByte(data[at - 1]);
                bool after = !atEnd && IsWordByte(data[at]);
                return (before != after) == (kind == AssertionKind.WordBoundary);
            case AssertionKind.UnicodeWordBoundary:
            case AssertionKind.NotUnicodeWordBoundary:
                bool isBoundary = Utf8Character.IsWordBefore(data, at) != Utf8Character.IsWordAfter(data, at, ref touched);
                return isBoundary == (kind == AssertionKind.UnicodeWordBoundary);
            default:
                touched |= atEnd;
                return atEnd || (data[at] & 0xC0) != 0x80;
        }
    }

    private static bool IsWordByte(byte value) => char.IsAsciiLetterOrDigit((char)value) || value == '_';
}
