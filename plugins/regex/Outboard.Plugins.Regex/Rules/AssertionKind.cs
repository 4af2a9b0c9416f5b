namespace Outboard.Plugins.Regex.Rules;

/// <summary>The conditions on a position that the subset knows.</summary>
internal enum AssertionKind : byte
{
    /// <summary>^ without multiline, and \A.</summary>
    SubjectStart,

    /// <summary>^ with multiline: also after a newline that is not the last byte.</summary>
    LineStart,

    /// <summary>$ without multiline, and \Z: also before a newline that is the last byte.</summary>
    SubjectEndOrLastNewline,

    /// <summary>$ with multiline.</summary>
    LineEnd,

    /// <summary>\z, and $ under dollar-end-only.</summary>
    SubjectEnd,

    /// <summary>\b.</summary>
    WordBoundary,

    /// <summary>\B.</summary>
    NotWordBoundary,

    /// <summary>\G: where the search for this match began. Only the backtracker knows it.</summary>
    SearchStart,

    /// <summary>\b where words are of Unicode characters. Only the backtracker knows it.</summary>
    UnicodeWordBoundary,

    /// <summary>\B where words are of Unicode characters. Only the backtracker knows it.</summary>
    NotUnicodeWordBoundary,

    /// <summary>Not inside a UTF-8 character: the next byte is no continuation byte.</summary>
    CharacterBoundary,
}
