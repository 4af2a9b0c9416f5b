using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Tests.Backtracking;

/// <summary>
/// Random patterns over a small alphabet with every construct that the backtracker runs. Text and tree are made side by side, so that no
/// parser stands between the backtracker and PCRE2.
/// </summary>
internal sealed class PatternPairGenerator(Random random)
{
    private static readonly ByteSet s_any = ~ByteSet.Newline;

    private readonly List<int> _referenced = [];
    private int _groups;
    private bool _inLook;

    /// <summary>A pattern; groups that nothing refers to keep their capture only now and then, as a parser would drop it.</summary>
    public PatternPair Next()
    {
        _groups = 0;
        _inLook = false;
        _referenced.Clear();
        PatternPair pair = Alternation(depth: 3);
        return random.Next(4) == 0 ? pair : pair with { Tree = WithoutIdleGroups(pair.Tree) };
    }

    public byte[] Payload()
    {
        const string Letters = "aaaabbbccA\nB_ x1";
        var payload = new byte[random.Next(random.Next(4) == 0 ? 60 : 14)];
        int kinds = random.Next(2, Letters.Length);
        for (int i = 0; i < payload.Length; i++)
        {
            payload[i] = (byte)Letters[random.Next(kinds)];
        }

        return payload;
    }

    private PatternPair Alternation(int depth)
    {
        int count = random.Next(3) switch { 0 => random.Next(2, 4), _ => 1 };
        PatternPair[] ways = [.. Enumerable.Range(0, count).Select(_ => Sequence(depth))];
        return ways.Length == 1 ? ways[0] : new PatternPair(
            string.Join('|', ways.Select(static w => w.Text)), new AlternateNode([.. ways.Select(static w => w.Tree)]));
    }

    private PatternPair Sequence(int depth)
    {
        PatternPair[] parts = [.. Enumerable.Range(0, random.Next(0, 5)).Select(_ => Item(depth))];
        return parts.Length == 0
            ? new PatternPair(string.Empty, EmptyNode.Instance)
            : new PatternPair(string.Concat(parts.Select(static p => p.Text)), new ConcatNode([.. parts.Select(static p => p.Tree)]));
    }

    private PatternPair Item(int depth)
    {
        int kind = random.Next(depth == 0 ? 14 : 24);
        return kind switch
        {
            < 9 => Quantified(Byte()),
            < 12 => Condition(),
            12 => Reference(),
            13 when !_inLook => new PatternPair("\\K", KeepNode.Instance),
            13 => Byte(),
            < 17 => Quantified(Group(depth)),
            < 20 => Quantified(Capture(depth)),
            20 => Quantified(Atomic(depth)),
            < 23 => Ahead(depth),
            _ => Behind(),
        };
    }

    private PatternPair Byte() => random.Next(11) switch
    {
        < 3 => Set("a", ByteSet.Of((byte)'a')),
        < 5 => Set("b", ByteSet.Of((byte)'b')),
        5 => Set("c", ByteSet.Of((byte)'c')),
        6 => Set(".", s_any),
        7 => Set("[ab]", ByteSet.Range((byte)'a', (byte)'b')),
        8 => Set("[^a]", ~ByteSet.Of((byte)'a')),
        9 => Set("(?i:b)", ByteSet.Of((byte)'b').FoldCase()),
        _ => Set("\\w", ByteSet.Word),
    };

    private static PatternPair Set(string text, ByteSet set) => new(text, new SetNode(set));

    private PatternPair Condition()
    {
        (string Text, AssertionKind Kind)[] all =
        [
            ("\\A", AssertionKind.SubjectStart), ("(?m:^)", AssertionKind.LineStart), ("$", AssertionKind.SubjectEndOrLastNewline),
            ("(?m:$)", AssertionKind.LineEnd), ("\\z", AssertionKind.SubjectEnd), ("\\b", AssertionKind.WordBoundary),
            ("\\B", AssertionKind.NotWordBoundary), ("\\G", AssertionKind.SearchStart),
        ];
        (string text, AssertionKind kind) = all[random.Next(all.Length)];
        return new PatternPair(text, new AssertNode(kind));
    }

    private PatternPair Reference()
    {
        if (_groups == 0)
        {
            return Byte();
        }

        int group = random.Next(1, _groups + 1);
        _referenced.Add(group);
        return random.Next(3) == 0
            ? Quantified(new PatternPair($"(?i:\\g{{{group}}})", new BackReferenceNode([group], BackReferenceFold.Ascii, MatchUnset: false)))
            : Quantified(new PatternPair($"\\g{{{group}}}", new BackReferenceNode([group], BackReferenceFold.Exact, MatchUnset: false)));
    }

    private PatternPair Group(int depth)
    {
        PatternPair body = Alternation(depth - 1);
        return body with { Text = $"(?:{body.Text})" };
    }

    private PatternPair Capture(int depth)
    {
        int index = ++_groups;
        PatternPair body = Alternation(depth - 1);
        return new PatternPair($"({body.Text})", new CaptureNode(index, body.Tree));
    }

    private PatternPair Atomic(int depth)
    {
        PatternPair body = Alternation(depth - 1);
        return new PatternPair($"(?>{body.Text})", new AtomicNode(body.Tree));
    }

    private PatternPair Ahead(int depth)
    {
        bool negative = random.Next(2) == 0;
        bool outer = _inLook;
        _inLook = true;
        PatternPair body = Alternation(depth - 1);
        _inLook = outer;
        return new PatternPair(
            $"(?{(negative ? '!' : '=')}{body.Text})", new LookNode(body.Tree, Behind: false, negative));
    }

    /// <summary>Alternatives of fixed but different lengths.</summary>
    private PatternPair Behind()
    {
        bool negative = random.Next(2) == 0;
        PatternPair[] ways =
        [
            .. Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
            {
                PatternPair[] parts = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(6) == 0 ? Condition() : Byte())];
                return new PatternPair(
                    string.Concat(parts.Select(static p => p.Text)), new ConcatNode([.. parts.Select(static p => p.Tree)]));
            }),
        ];
        PatternNode body = ways.Length == 1 ? ways[0].Tree : new AlternateNode([.. ways.Select(static w => w.Tree)]);
        return new PatternPair(
            $"(?<{(negative ? '!' : '=')}{string.Join('|', ways.Select(static w => w.Text))})", new LookNode(body, Behind: true, negative));
    }

    private PatternPair Quantified(PatternPair item)
    {
        (string Text, int Min, int? Max)[] all =
        [
            ("*", 0, null), ("+", 1, null), ("?", 0, 1), ("{2}", 2, 2), ("{0,2}", 0, 2), ("{1,3}", 1, 3), ("{2,}", 2, null), ("{3,5}", 3, 5),
            ("{0}", 0, 0),
        ];
        if (random.Next(2) == 0)
        {
            return item;
        }

        // PCRE2 10.42 takes a second alternative under {0} for the start of what follows, so only bytes get that.
        int kinds = item.Tree is SetNode ? all.Length : all.Length - 1;
        (string text, int min, int? max) = all[Math.Min(random.Next(kinds), random.Next(kinds))];
        return random.Next(5) switch
        {
            < 3 => new PatternPair(item.Text + text, new RepeatNode(item.Tree, min, max, Greedy: true)),
            3 => new PatternPair($"{item.Text}{text}?", new RepeatNode(item.Tree, min, max, Greedy: false)),
            _ => new PatternPair($"{item.Text}{text}+", new AtomicNode(new RepeatNode(item.Tree, min, max, Greedy: true))),
        };
    }

    private PatternNode WithoutIdleGroups(PatternNode node) => node switch
    {
        CaptureNode capture => _referenced.Contains(capture.Index)
            ? new CaptureNode(capture.Index, WithoutIdleGroups(capture.Child))
            : WithoutIdleGroups(capture.Child),
        ConcatNode concat => new ConcatNode([.. concat.Children.Select(WithoutIdleGroups)]),
        AlternateNode alternate => new AlternateNode([.. alternate.Children.Select(WithoutIdleGroups)]),
        RepeatNode repeat => repeat with { Child = WithoutIdleGroups(repeat.Child) },
        LookNode look => look with { Child = WithoutIdleGroups(look.Child) },
        AtomicNode atomic => new AtomicNode(WithoutIdleGroups(atomic.Child)),
        _ => node,
    };
}
