using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Automata;

/// <summary>
/// Turns trees into an <see cref="NfaProgram"/>.
/// </summary>
/// <remarks>
/// A loop whose body can match nothing needs care: PCRE leaves the loop after an iteration that took no byte, before it tries the
/// other branches of that iteration. A set of visited states alone would try those branches first. So such a body is laid
/// down twice: the first copy stands for "this iteration has taken nothing yet" and ends behind the loop, the second for "it has
/// taken a byte" and ends at the loop's head. Taking a byte in the first copy leads to the same place in the second. The same
/// device, with the first copy ending nowhere, gives a whole pattern that reports no empty match.
/// </remarks>
internal sealed class NfaBuilder
{
    /// <summary>Instructions that one program may have.</summary>
    public const int LengthMax = 1 << 16;

    private readonly List<NfaInstruction> _code = [];
    private readonly Dictionary<ByteSet, int> _sets = [];
    private readonly List<ByteSet> _setList = [];
    private readonly bool _reversed;
    private readonly bool _ordered;
    private readonly int _lengthMax;

    private NfaBuilder(bool reversed, bool ordered, int lengthMax)
    {
        _reversed = reversed;
        _ordered = ordered;
        _lengthMax = lengthMax;
    }

    /// <summary>A program of one rule that finds the preferred match.</summary>
    public static NfaProgram Ordered(PatternNode root, bool allowEmpty)
    {
        var builder = new NfaBuilder(reversed: false, ordered: true, LengthMax);
        int match = builder.Emit(NfaOp.Match, 0, 0);
        return builder.Finish(builder.Whole(root, match, allowEmpty));
    }

    /// <summary>A program of one rule that finds every match; with <paramref name="reversed"/> it reads from the end of one.</summary>
    public static NfaProgram Unordered(PatternNode root, bool reversed, bool allowEmpty)
    {
        var builder = new NfaBuilder(reversed, ordered: false, LengthMax);
        int match = builder.Emit(NfaOp.Match, 0, 0);
        return builder.Finish(builder.Whole(root, match, allowEmpty));
    }

    /// <summary>A program that tells which of several rules match somewhere, or null when it would be too large.</summary>
    public static NfaProgram? Union(IReadOnlyList<(PatternNode Root, int Rule)> rules, int lengthMax)
    {
        var builder = new NfaBuilder(reversed: false, ordered: false, lengthMax);
        try
        {
            int start = builder.Emit(NfaOp.Fail, 0, 0);
            foreach ((PatternNode root, int rule) in rules)
            {
                int match = builder.Emit(NfaOp.Match, 0, rule);
                start = builder.Emit(NfaOp.Split, builder.Whole(root, match, allowEmpty: false), start);
            }

            return builder.Finish(start);
        }
        catch (PatternException)
        {
            return null;
        }
    }

    private NfaProgram Finish(int start)
    {
        int loop = Emit(NfaOp.Split, start, 0);
        int any = Emit(NfaOp.Set, loop, SetIndex(ByteSet.All));
        _code[loop] = new NfaInstruction(NfaOp.Split, start, any);
        AssertionUse use = AssertionUse.Of(_code);
        return new NfaProgram
        {
            Instructions = [.. _code],
            Sets = [.. _setList],
            Start = start,
            SearchStart = loop,
            Reversed = _reversed,
            Classes = ByteClasses.Of(_setList.Concat(use.SetsApart)),
            HasAssertions = use.Any,
            TellsLastNewline = !_reversed && use.LastNewline,
            Canonical = use.Canonical(_reversed),
            RemembersEdge = _reversed && use.LastNewline,
        };
    }

    private int Whole(PatternNode root, int match, bool allowEmpty)
    {
        if (allowEmpty || PatternMeasure.Of(root).Min > 0)
        {
            return Compile(root, match);
        }

        int fail = Emit(NfaOp.Fail, 0, 0);
        return Twice(root, emptyEnd: fail, takenEnd: match);
    }

    /// <summary>Lays a tree down twice (see the remarks) and returns the entry of the copy that has taken nothing.</summary>
    private int Twice(PatternNode node, int emptyEnd, int takenEnd)
    {
        int takenBase = _code.Count;
        Compile(node, takenEnd);
        int emptyBase = _code.Count;
        int entry = Compile(node, emptyEnd);
        int shift = takenBase - emptyBase;
        for (int pc = emptyBase; pc < _code.Count; pc++)
        {
            NfaInstruction i = _code[pc];
            if (i.Op == NfaOp.Set)
            {
                _code[pc] = i with { Next = i.Next >= emptyBase ? i.Next + shift : takenEnd };
            }
        }

        return entry;
    }

    private int Compile(PatternNode node, int next)
    {
        switch (node)
        {
            case SetNode set:
                return Emit(NfaOp.Set, next, SetIndex(set.Set));
            case AssertNode { Kind: AssertionKind.SearchStart }:
            case AssertNode { Kind: AssertionKind.UnicodeWordBoundary or AssertionKind.NotUnicodeWordBoundary }:
                throw new ArgumentException("an automaton does not know this assertion", nameof(node));
            case AssertNode assert:
                return Emit(NfaOp.Assert, next, (int)assert.Kind);
            case ConcatNode concat:
                for (int i = 0; i < concat.Children.Count; i++)
                {
                    next = Compile(concat.Children[_reversed ? i : concat.Children.Count - 1 - i], next);
                }

                return next;
            case AlternateNode alternate:
                int entry = Compile(alternate.Children[^1], next);
                for (int i = alternate.Children.Count - 2; i >= 0; i--)
                {
                    entry = Emit(NfaOp.Split, Compile(alternate.Children[i], next), entry);
                }

                return entry;
            case RepeatNode repeat:
                return CompileRepeat(repeat, next);
            case CaptureNode capture:
                return Compile(capture.Child, next);
            case EmptyNode:
                return next;
            default:
                throw new ArgumentException($"an automaton does not know {node.GetType().Name}", nameof(node));
        }
    }

    private int CompileRepeat(RepeatNode repeat, int next)
    {
        int copies = repeat.Min;
        if (repeat.Max is { } max)
        {
            int exit = next;
            for (int i = repeat.Min; i < max; i++)
            {
                next = Branch(Compile(repeat.Child, next), exit, repeat.Greedy);
            }
        }
        else
        {
            (int head, int body) = CompileLoop(repeat, next);
            next = repeat.Min == 0 ? head : body;
            copies = Math.Max(0, repeat.Min - 1);
        }

        for (int i = 0; i < copies; i++)
        {
            next = Compile(repeat.Child, next);
        }

        return next;
    }

    /// <summary>Lays down x* and returns where x* and where x+ starts.</summary>
    private (int Head, int Body) CompileLoop(RepeatNode repeat, int exit)
    {
        int head = Emit(NfaOp.Split, 0, 0);
        int body = _ordered && PatternMeasure.Of(repeat.Child).Min == 0
            ? Twice(repeat.Child, emptyEnd: exit, takenEnd: head)
            : Compile(repeat.Child, head);
        _code[head] = repeat.Greedy
            ? new NfaInstruction(NfaOp.Split, body, exit)
            : new NfaInstruction(NfaOp.Split, exit, body);
        return (head, body);
    }

    private int Branch(int body, int exit, bool greedy) =>
        greedy ? Emit(NfaOp.Split, body, exit) : Emit(NfaOp.Split, exit, body);

    private int Emit(NfaOp op, int next, int arg)
    {
        if (_code.Count >= _lengthMax)
        {
            throw new PatternException(
                PatternRefusal.TooLarge,
                0,
                $"the pattern needs more than {_lengthMax} automaton states; use smaller repeat bounds");
        }

        _code.Add(new NfaInstruction(op, next, arg));
        return _code.Count - 1;
    }

    private int SetIndex(ByteSet set)
    {
        if (!_sets.TryGetValue(set, out int index))
        {
            index = _setList.Count;
            _sets.Add(set, index);
            _setList.Add(set);
        }

        return index;
    }
}
