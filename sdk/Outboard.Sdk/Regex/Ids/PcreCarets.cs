using System.Text;

namespace Outboard.Regex.Ids;

/// <summary>What the carets of a pattern mean when it is searched for behind a position instead of from a start.</summary>
/// <remarks>
/// In a relative pattern a caret is the position. Behind the bytes that end there it holds and is left out; further on it cannot
/// hold. Both are possible for carets that nothing of the pattern can stand before.
/// </remarks>
internal sealed class PcreCarets
{
    private PcreCarets(bool isKnown, bool hasCaret, bool isAnchored, string atPosition, string later)
    {
        IsKnown = isKnown;
        HasCaret = hasCaret;
        IsAnchored = isAnchored;
        AtPosition = atPosition;
        Later = later;
    }

    /// <summary>Whether the pattern can be taken apart: every caret stands first, and nothing looks back across the position.</summary>
    public bool IsKnown { get; }

    /// <summary>Whether there is a caret.</summary>
    public bool HasCaret { get; }

    /// <summary>Whether every alternative begins with one.</summary>
    public bool IsAnchored { get; }

    /// <summary>The pattern where carets hold.</summary>
    public string AtPosition { get; }

    /// <summary>The pattern where none holds.</summary>
    public string Later { get; }

    /// <summary>Takes a pattern apart.</summary>
    public static PcreCarets Read(string pattern, bool isExtended)
    {
        bool isKnown = !(isExtended && pattern.Contains('#', StringComparison.Ordinal));
        bool hasCaret = false;
        bool hasOptions = false;
        var atPosition = new StringBuilder(pattern.Length);
        var later = new StringBuilder(pattern.Length);
        var groups = new Stack<Group>();
        var current = new Group { IsLeading = true };
        var scanner = new PcreScanner(pattern);
        while (scanner.TryRead())
        {
            ReadOnlySpan<char> text = scanner.Text;
            if (scanner.Kind == PcreTokenKind.Caret)
            {
                hasCaret = true;
                isKnown &= current.IsFirst && !current.IsLook && scanner.Next is not ('*' or '?' or '+' or '{');
                current.IsAlternativeAnchored = true;
                later.Append("(?!)");
                continue;
            }

            atPosition.Append(text);
            later.Append(text);
            switch (scanner.Kind)
            {
                case PcreTokenKind.Escape:
                    // A word boundary behind a character of the match sees nothing that lies before the position.
                    isKnown &= !(text.Length < 2 || text[1] is 'A' or 'G' or 'K' or 'X' || (text[1] is 'b' or 'B' && !current.HasByte));
                    current.HasByte |= !isExtended && !scanner.IsOptional && IsByte(text);
                    current.IsFirst = false;
                    break;
                case PcreTokenKind.OpenOdd:
                    isKnown = false;
                    groups.Push(current);
                    current = current.Enter(isLook: true);
                    break;
                case PcreTokenKind.Open or PcreTokenKind.OpenLook:
                    hasOptions |= text.IndexOfAny('m', 'x') >= 0 && text[^1] == ':';
                    groups.Push(current);
                    current = current.Enter(scanner.Kind == PcreTokenKind.OpenLook);
                    break;
                case PcreTokenKind.Options:
                    hasOptions = true;
                    break;
                case PcreTokenKind.Bar:
                    current.EndAlternative();
                    break;
                case PcreTokenKind.Close when groups.TryPop(out Group? outer):
                    current.EndAlternative();
                    outer.IsAlternativeAnchored |= current.IsLeading && !current.IsLook && current.IsAnchored && scanner.Next is not ('*' or '?' or '{');
                    outer.IsFirst &= current.IsLook;
                    outer.HasByte |= current.HasByteAlways && !current.IsLook && !scanner.IsOptional;
                    current = outer;
                    break;
                case PcreTokenKind.Close:
                    isKnown = false;
                    break;
                default:
                    current.HasByte |= scanner.Kind == PcreTokenKind.Other && !isExtended && !scanner.IsOptional;
                    current.IsFirst = false;
                    break;
            }
        }

        current.EndAlternative();
        isKnown &= groups.Count == 0 && !(hasCaret && hasOptions);
        return new PcreCarets(isKnown, hasCaret, current.IsAnchored && hasCaret, atPosition.ToString(), later.ToString());
    }

    /// <summary>The pattern with every <c>$</c> the very end.</summary>
    public static string WithDollarAtEnd(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 4);
        var scanner = new PcreScanner(pattern);
        while (scanner.TryRead())
        {
            text.Append(scanner.Kind == PcreTokenKind.Dollar ? "\\z" : scanner.Text);
        }

        return text.ToString();
    }

    /// <summary>Whether a pattern refers to groups by number or name, so that it cannot be written twice into another.</summary>
    public static bool RefersToGroups(string pattern)
    {
        var scanner = new PcreScanner(pattern);
        while (scanner.TryRead())
        {
            ReadOnlySpan<char> text = scanner.Text;
            if (scanner.Kind == PcreTokenKind.Reference || (scanner.Kind == PcreTokenKind.Escape && text.Length > 1 && text[1] is (>= '1' and <= '9') or 'g' or 'k')
                || (scanner.Kind == PcreTokenKind.Open && text.Length > 2 && text[^1] != ':'))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsByte(ReadOnlySpan<char> escape) =>
        escape.Length > 1 && (escape[1] is 'd' or 'D' or 'w' or 'W' or 's' or 'S' or 'h' or 'H' or 'v' or 'V' or 'x' or 'n' or 'r' or 't' or 'f' or 'a' or 'e'
            || !char.IsAsciiLetterOrDigit(escape[1]));

    private sealed class Group
    {
        private bool _isEveryAnchored = true;
        private bool _hasByteBefore;

        /// <summary>Whether nothing can stand before the group.</summary>
        public bool IsLeading { get; init; }

        public bool IsLook { get; init; }

        /// <summary>Whether nothing has stood before this place.</summary>
        public bool IsFirst { get; set; } = true;

        public bool IsAlternativeAnchored { get; set; }

        /// <summary>Whether a character of the match lies before this place for certain.</summary>
        public bool HasByte { get; set; }

        /// <summary>Whether every alternative so far ended with one.</summary>
        public bool HasByteAlways { get; private set; } = true;

        public bool IsAnchored => _isEveryAnchored;

        public Group Enter(bool isLook) =>
            new() { IsLeading = IsFirst, IsFirst = IsFirst, IsLook = isLook || IsLook, HasByte = HasByte, _hasByteBefore = HasByte };

        public void EndAlternative()
        {
            _isEveryAnchored &= IsAlternativeAnchored;
            HasByteAlways &= HasByte;
            HasByte = _hasByteBefore;
            IsAlternativeAnchored = false;
            IsFirst = IsLeading;
        }
    }
}
