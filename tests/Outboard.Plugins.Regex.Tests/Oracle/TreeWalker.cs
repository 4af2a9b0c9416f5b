using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Tests.Oracle;

/// <summary>
/// Every end of a tree from a start, straight from the definition: sets of offsets, no automaton. Slow, and shares nothing with the
/// engine but the tree.
/// </summary>
internal static class TreeWalker
{
    public static HashSet<int> Ends(PatternNode node, byte[] data, int at)
    {
        switch (node)
        {
            case EmptyNode:
                return [at];
            case SetNode set:
                return at < data.Length && set.Set.Contains(data[at]) ? [at + 1] : [];
            case AssertNode assert:
                return Holds(assert.Kind, data, at) ? [at] : [];
            case ConcatNode concat:
                HashSet<int> here = [at];
                foreach (PatternNode child in concat.Children)
                {
                    here = [.. here.SelectMany(p => Ends(child, data, p))];
                }

                return here;
            case AlternateNode alternate:
                return [.. alternate.Children.SelectMany(c => Ends(c, data, at))];
            case RepeatNode repeat:
                return Repeat(repeat, data, at);
            default:
                throw new InvalidOperationException();
        }
    }

    private static HashSet<int> Repeat(RepeatNode repeat, byte[] data, int at)
    {
        HashSet<int> here = [at];
        for (int i = 0; i < repeat.Min; i++)
        {
            here = [.. here.SelectMany(p => Ends(repeat.Child, data, p))];
        }

        HashSet<int> all = [.. here];
        for (int i = repeat.Min; here.Count > 0 && (repeat.Max is null || i < repeat.Max); i++)
        {
            here = [.. here.SelectMany(p => Ends(repeat.Child, data, p)).Where(p => !all.Contains(p))];
            all.UnionWith(here);
        }

        return all;
    }

    private static bool Holds(AssertionKind kind, byte[] data, int at)
    {
        bool left = at > 0 && (char.IsAsciiLetterOrDigit((char)data[at - 1]) || data[at - 1] == '_');
        bool right = at < data.Length && (char.IsAsciiLetterOrDigit((char)data[at]) || data[at] == '_');
        return kind switch
        {
            AssertionKind.SubjectStart => at == 0,
            AssertionKind.LineStart => at == 0 || (at < data.Length && data[at - 1] == '\n'),
            AssertionKind.SubjectEnd => at == data.Length,
            AssertionKind.SubjectEndOrLastNewline =>
                at == data.Length || (at == data.Length - 1 && data[at] == '\n'),
            AssertionKind.LineEnd => at == data.Length || data[at] == '\n',
            AssertionKind.WordBoundary => left != right,
            _ => left == right,
        };
    }
}
