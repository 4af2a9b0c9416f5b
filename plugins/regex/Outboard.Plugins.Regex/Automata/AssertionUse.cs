using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Automata;

/// <summary>Which assertions stand in a program, and so which contexts it can tell apart.</summary>
internal readonly struct AssertionUse
{
    private readonly int _kinds;

    private AssertionUse(int kinds) => _kinds = kinds;

    public bool Any => _kinds != 0;

    /// <summary>Whether a newline that is the last byte matters.</summary>
    public bool LastNewline => Has(AssertionKind.SubjectEndOrLastNewline);

    /// <summary>The sets that the byte classes must keep apart for it.</summary>
    public IEnumerable<ByteSet> SetsApart
    {
        get
        {
            if (LastNewline || Has(AssertionKind.LineStart) || Has(AssertionKind.LineEnd))
            {
                yield return ByteSet.Newline;
            }

            if (Word)
            {
                yield return ByteSet.Word;
            }

            if (Has(AssertionKind.CharacterBoundary))
            {
                yield return ByteSet.Range(0x80, 0xBF);
            }
        }
    }

    private bool Word => Has(AssertionKind.WordBoundary) || Has(AssertionKind.NotWordBoundary);

    public static AssertionUse Of(List<NfaInstruction> code)
    {
        int kinds = 0;
        foreach (NfaInstruction i in code)
        {
            kinds |= i.Op == NfaOp.Assert ? 1 << i.Arg : 0;
        }

        return new AssertionUse(kinds);
    }

    /// <summary>Maps contexts of the side already passed to one of those that no assertion here tells from it.</summary>
    public PositionContext[] Canonical(bool reversed)
    {
        var map = new PositionContext[PositionContexts.Count];
        Array.Fill(map, PositionContext.Other);
        Keep(map, PositionContext.Word, Word);
        bool line = Has(AssertionKind.LineStart);
        bool lineEnd = Has(AssertionKind.LineEnd);
        if (!reversed)
        {
            Keep(map, PositionContext.Edge, line || Has(AssertionKind.SubjectStart));
            Keep(map, PositionContext.Newline, line);
            return map;
        }

        Keep(map, PositionContext.Edge, line || lineEnd || LastNewline || Has(AssertionKind.SubjectEnd));
        Keep(map, PositionContext.Newline, lineEnd);
        Keep(map, PositionContext.LastNewline, lineEnd || LastNewline);
        Keep(map, PositionContext.Continuation, Has(AssertionKind.CharacterBoundary));
        return map;
    }

    private static void Keep(PositionContext[] map, PositionContext context, bool apart)
    {
        if (apart)
        {
            map[(int)context] = context;
        }
    }

    private bool Has(AssertionKind kind) => (_kinds >> (int)kind & 1) != 0;
}
