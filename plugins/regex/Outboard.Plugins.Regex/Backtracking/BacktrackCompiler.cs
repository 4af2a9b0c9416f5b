using System.Numerics;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>
/// Lays a tree down as code. The size of the code is that of the tree: repeats count, they are not unrolled. Every part is laid down
/// knowing how what follows it can begin, which is what saves choices when it runs.
/// </summary>
internal sealed partial class BacktrackCompiler
{
    private const int None = -1;

    /// <summary>The first register is where the match is reported from; three for each group follow.</summary>
    private const int KeepRegister = 0;

    private const int RegistersPerGroup = 3;

    private readonly List<int> _code = [];
    private readonly List<byte> _literals = [];
    private readonly Dictionary<ByteSet, int> _setIndices = [];
    private readonly List<ByteSet> _sets = [];
    private readonly Dictionary<ByteSet, int> _scanIndices = [];
    private readonly List<ByteSet> _scans = [];
    private readonly TreeFacts _facts;
    private int _registers;
    private int _memoCount;

    /// <summary>Whether what can happen from here depends on nothing but instruction and position (and on the guard).</summary>
    private bool _memoAllowed;

    /// <summary>Register of the innermost loop whose round must not be empty here, or -1.</summary>
    private int _guard = None;

    private BacktrackCompiler(PatternNode root)
    {
        _facts = new TreeFacts(root);
        _registers = KeepRegister + 1 + _facts.CaptureCount * RegistersPerGroup;
        _memoAllowed = _facts.CaptureCount == 0;
    }

    public static BacktrackProgram Compile(PatternNode root)
    {
        var compiler = new BacktrackCompiler(root);
        compiler.Lay(root, PatternLead.End);
        compiler.Emit(BacktrackOp.Match);
        PatternLead lead = compiler._facts.Lead(root);
        return new BacktrackProgram(
            [.. compiler._code],
            [.. compiler._literals],
            [.. compiler._sets],
            [.. compiler._scans],
            compiler._registers,
            compiler._memoCount)
        {
            FirstBytes = lead.Through ? null : lead.Set,
            MinLength = compiler._facts.Extent(root).Min,
            CaptureCount = compiler._facts.CaptureCount,
            HasKeep = compiler._facts.HasKeep,
            Start = compiler._facts.Start(root),
        };
    }

    private void Lay(PatternNode node, PatternLead follow)
    {
        switch (node)
        {
            case SetNode set:
                LaySet(set.Set);
                break;
            case AssertNode assert:
                if (assert.Kind is AssertionKind.UnicodeWordBoundary or AssertionKind.NotUnicodeWordBoundary)
                {
                    Utf8Character.LoadTables();
                }

                Emit(BacktrackOp.Assert, (int)assert.Kind);
                break;
            case ConcatNode concat:
                LayConcat(concat, follow);
                break;
            case AlternateNode alternate:
                LayAlternate(alternate, follow);
                break;
            case RepeatNode repeat:
                LayRepeat(repeat, follow);
                break;
            case CaptureNode capture:
                int group = RegisterOf(capture.Index);
                Emit(BacktrackOp.Note, group + 2);
                Lay(capture.Child, follow);
                Emit(BacktrackOp.Capture, group);
                break;
            case BackReferenceNode reference:
                LayReference(reference);
                break;
            case LookNode look:
                LayLook(look);
                break;
            case AtomicNode atomic:
                LayAtomic(atomic);
                break;
            case KeepNode:
                Emit(BacktrackOp.Keep);
                break;
            case GraphemeNode:
                Emit(BacktrackOp.Grapheme);
                break;
        }
    }

    private void LayReference(BackReferenceNode reference)
    {
        if (reference.Fold == BackReferenceFold.Unicode)
        {
            Utf8Character.LoadTables();
        }

        Emit(BacktrackOp.BackReference, (int)reference.Fold, reference.MatchUnset ? 1 : 0, reference.Groups.Count);
        _code.AddRange(reference.Groups.Select(RegisterOf));
    }

    private static int RegisterOf(int group) => KeepRegister + 1 + (group - 1) * RegistersPerGroup;

    private void LaySet(ByteSet set)
    {
        if (set.Count == 1)
        {
            Emit(BacktrackOp.Byte, set.First());
        }
        else
        {
            Emit(BacktrackOp.Set, SetIndex(set));
        }
    }

    private void LayConcat(ConcatNode concat, PatternLead follow)
    {
        List<PatternNode> parts = [];
        Flatten(concat, parts);
        var behind = new PatternLead[parts.Count];
        for (int i = parts.Count - 1; i >= 0; i--)
        {
            behind[i] = follow;
            follow = _facts.Lead(parts[i]).Then(follow);
        }

        for (int i = 0; i < parts.Count; i++)
        {
            int length = LiteralLength(parts, i);
            if (length > 1)
            {
                LayLiteral(parts, i, length);
                i += length - 1;
            }
            else
            {
                Lay(parts[i], behind[i]);
            }
        }
    }

    private static void Flatten(ConcatNode concat, List<PatternNode> into)
    {
        foreach (PatternNode child in concat.Children)
        {
            if (child is ConcatNode inner)
            {
                Flatten(inner, into);
            }
            else
            {
                into.Add(child);
            }
        }
    }

    /// <summary>How many parts from one on are bytes that a mask and a value tell.</summary>
    private static int LiteralLength(List<PatternNode> parts, int from)
    {
        int at = from;
        while (at < parts.Count && parts[at] is SetNode set && TryMask(set.Set, out _, out _))
        {
            at++;
        }

        return at - from;
    }

    /// <summary>Whether a set is all bytes that equal a value under a mask: one byte, the two cases of a letter, any byte.</summary>
    private static bool TryMask(ByteSet set, out byte value, out byte mask)
    {
        int all = 0xFF;
        int any = 0;
        foreach (byte member in set.ToArray())
        {
            all &= member;
            any |= member;
        }

        mask = (byte)~(all ^ any);
        value = (byte)(all & mask);
        return set.Count == 1 << BitOperations.PopCount((uint)(all ^ any) & 0xFF);
    }

    private void LayLiteral(List<PatternNode> parts, int from, int length)
    {
        var values = new byte[length];
        var masks = new byte[length];
        for (int i = 0; i < length; i++)
        {
            TryMask(((SetNode)parts[from + i]).Set, out values[i], out masks[i]);
        }

        bool exact = Array.TrueForAll(masks, static m => m == 0xFF);
        Emit(exact ? BacktrackOp.Literal : BacktrackOp.MaskedLiteral, _literals.Count, length);
        _literals.AddRange(values);
        if (!exact)
        {
            _literals.AddRange(masks);
        }
    }

    private void LayAlternate(AlternateNode alternate, PatternLead follow)
    {
        List<int> ends = [];
        PatternLead[] leads = [.. alternate.Children.Select(c => _facts.Lead(c).Then(follow))];
        for (int i = 0; i < alternate.Children.Count - 1; i++)
        {
            int choice = EmitChoice(leads[i], leads.Skip(i + 1).Aggregate(static (a, b) => a.Or(b)));
            PatchFirst(choice);
            Lay(alternate.Children[i], follow);
            ends.Add(Emit(BacktrackOp.Jump, 0));
            PatchSecond(choice);
        }

        Lay(alternate.Children[^1], follow);
        foreach (int end in ends)
        {
            _code[end + 1] = _code.Count;
        }
    }

    private void LayAtomic(AtomicNode atomic)
    {
        if (atomic.Child is RepeatNode { Child: SetNode set } run)
        {
            EmitRun(set.Set, run.Min, run.Greedy ? run.Max : run.Min);
            return;
        }

        int mark = _registers++;
        int position = _registers++;
        Emit(BacktrackOp.Enter, mark, position);
        LayApart(atomic.Child);
        Emit(BacktrackOp.LeaveAtomic, mark);
    }

    private void LayLook(LookNode look)
    {
        if (look.Child is SetNode set)
        {
            Emit(BacktrackOp.Peek, SetIndex(set.Set), look.Behind ? 1 : 0, look.Negative ? 1 : 0);
            return;
        }

        int mark = _registers++;
        int position = _registers++;
        int enter = look.Negative
            ? Emit(BacktrackOp.EnterNegative, mark, position, 0)
            : Emit(BacktrackOp.Enter, mark, position);
        if (look.Behind)
        {
            LayBehind(look.Child, position);
        }
        else
        {
            LayApart(look.Child);
        }

        if (look.Negative)
        {
            Emit(BacktrackOp.LeaveNegative, mark);
            _code[enter + 3] = _code.Count;
        }
        else
        {
            Emit(BacktrackOp.LeaveLook, mark, position);
        }
    }

    /// <summary>Each alternative goes back by its own length.</summary>
    private void LayBehind(PatternNode child, int position)
    {
        IReadOnlyList<PatternNode> ways = child is AlternateNode alternate ? alternate.Children : [child];
        List<int> ends = [];
        for (int i = 0; i < ways.Count; i++)
        {
            int choice = i < ways.Count - 1 ? EmitApartChoice() : None;
            PatternExtent extent = _facts.Extent(ways[i]);
            if (extent.Max == extent.Min)
            {
                Emit(BacktrackOp.Back, extent.Min);
                LayApart(ways[i]);
            }
            else
            {
                Emit(BacktrackOp.BackRange, extent.Min, extent.Max ?? None);
                LayApart(ways[i]);
                Emit(BacktrackOp.EndsAt, position);
            }

            if (choice != None)
            {
                ends.Add(Emit(BacktrackOp.Jump, 0));
                PatchSecond(choice);
            }
        }

        foreach (int end in ends)
        {
            _code[end + 1] = _code.Count;
        }
    }

    /// <summary>Lays down what is through for good once it is through: nothing behind it may be looked at, and no memo helps.</summary>
    private void LayApart(PatternNode node)
    {
        bool allowed = _memoAllowed;
        _memoAllowed = false;
        Lay(node, PatternLead.End);
        _memoAllowed = allowed;
    }

    private int EmitApartChoice()
    {
        int choice = Emit(BacktrackOp.Choice, 0, 0, None, None, None, None);
        PatchFirst(choice);
        return choice;
    }

    private int EmitChoice(PatternLead first, PatternLead second) =>
        Emit(BacktrackOp.Choice, 0, 0, LeadSet(first), LeadSet(second), NextMemo(), _guard);

    private void PatchFirst(int choice) => _code[choice + 1] = _code.Count;

    private void PatchSecond(int choice) => _code[choice + 2] = _code.Count;

    private int NextMemo() => _memoAllowed ? _memoCount++ : None;

    private int LeadSet(PatternLead lead) => lead.Through ? None : SetIndex(lead.Set);

    private int Emit(BacktrackOp op, params ReadOnlySpan<int> operands)
    {
        int at = _code.Count;
        _code.Add((int)op);
        foreach (int operand in operands)
        {
            _code.Add(operand);
        }

        return at;
    }

    private int SetIndex(ByteSet set) => IndexIn(_setIndices, _sets, set);

    private int ScanIndex(ByteSet set) => set.IsEmpty ? None : IndexIn(_scanIndices, _scans, set);

    private static int IndexIn(Dictionary<ByteSet, int> indices, List<ByteSet> list, ByteSet set)
    {
        if (!indices.TryGetValue(set, out int index))
        {
            index = list.Count;
            indices.Add(set, index);
            list.Add(set);
        }

        return index;
    }
}
