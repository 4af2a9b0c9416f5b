using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Regex.Rules;

/// <summary>How a tree can start.</summary>
/// <param name="First">The bytes it can take first.</param>
/// <param name="Through">The bytes that may come next where it takes nothing; empty when it always takes something.</param>
/// <param name="Sure">It matches at every position.</param>
internal readonly record struct TreeStart(ByteSet First, ByteSet Through, bool Sure)
{
    private static TreeStart Nothing => new(ByteSet.Empty, ByteSet.All, Sure: true);

    /// <summary>Of a tree, and of all trees in it, each looked at once.</summary>
    public static TreeStart Of(PatternNode node, Dictionary<PatternNode, TreeStart> known)
    {
        ref TreeStart entry = ref CollectionsMarshal.GetValueRefOrNullRef(known, node);
        if (!Unsafe.IsNullRef(ref entry))
        {
            return entry;
        }

        TreeStart start = Compute(node, known);
        known[node] = start;
        return start;
    }

    private static TreeStart Compute(PatternNode node, Dictionary<PatternNode, TreeStart> known)
    {
        switch (node)
        {
            case EmptyNode or KeepNode:
                return Nothing;
            case SetNode set:
                return new TreeStart(set.Set, ByteSet.Empty, Sure: false);
            case AssertNode assert:
                return new TreeStart(ByteSet.Empty, AllowedBy(assert.Kind), Sure: false);
            case ConcatNode concat:
                TreeStart all = Nothing;
                foreach (PatternNode child in concat.Children)
                {
                    TreeStart next = Of(child, known);
                    all = new TreeStart(
                        all.First | (all.Through & next.First), all.Through & next.Through, all.Sure && next.Sure);
                }

                return all;
            case AlternateNode alternate:
                TreeStart either = default;
                foreach (PatternNode child in alternate.Children)
                {
                    TreeStart one = Of(child, known);
                    either = new TreeStart(either.First | one.First, either.Through | one.Through, either.Sure || one.Sure);
                }

                return either;
            case RepeatNode repeat:
                TreeStart body = Of(repeat.Child, known);
                return repeat.Min == 0 ? Nothing with { First = body.First } : body;
            case CaptureNode capture:
                return Of(capture.Child, known);
            case AtomicNode atomic:
                return Of(atomic.Child, known);
            case LookNode:
                return new TreeStart(ByteSet.Empty, ByteSet.All, Sure: false);
            default:
                return new TreeStart(ByteSet.All, ByteSet.All, Sure: false);
        }
    }

    private static ByteSet AllowedBy(AssertionKind kind) => kind switch
    {
        AssertionKind.SubjectEnd => ByteSet.Empty,
        AssertionKind.SubjectEndOrLastNewline or AssertionKind.LineEnd => ByteSet.Newline,
        _ => ByteSet.All,
    };
}
