using System.Text;
using CsCheck;
using Outboard.Plugins.Regex.Automata;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Engine;

namespace Outboard.Plugins.Regex.Tests.Automata;

public sealed class TableAutomataTests
{
    private static readonly DfaBudget s_large = new(1 << 12, 1 << 18, 1 << 20);

    /// <summary>Tables and lazy automata, with shared memory for a handful of states, find what the direct run finds.</summary>
    [Fact]
    public void EveryFormFindsWhatTheDirectRunFinds()
    {
        var random = new PCG(stream: 31, seed: 20261122);
        var tables = new TableBuilder();
        ulong clears = 0;
        int found = 0;
        for (int round = 0; round < 120; round++)
        {
            PatternNode[] roots = [.. Enumerable.Range(0, 12).Select(_ => Pattern(random))];
            NfaProgram[] forward = [.. roots.Select(static r => NfaBuilder.Ordered(r, allowEmpty: true))];
            NfaProgram[] backward = [.. roots.Select(static r => NfaBuilder.Unordered(r, reversed: true, allowEmpty: true))];
            int longest = forward.Concat(backward).Max(static p => p.Length);
            var stepper = new StateStepper(longest);
            var matcher = new NfaMatcher(longest);
            var cache = new LazyDfaCache(3 << 10);
            LazyDfa[] lazy = [.. forward.Select(p => new LazyDfa(p, stepper, p.SearchStart, ordered: true, cache))];
            LazyDfa[] lazyBack = [.. backward.Select(p => new LazyDfa(p, stepper, p.Start, ordered: false, cache))];
            for (int i = 0; i < roots.Length; i++)
            {
                if (tables.TryBuild(forward[i], forward[i].SearchStart, DfaMode.Preferred, s_large) is not { } search
                    || tables.TryBuild(backward[i], backward[i].Start, DfaMode.Every, s_large) is not { } reverse)
                {
                    continue;
                }

                for (int n = 0; n < 6; n++)
                {
                    byte[] payload = PatternGenerator.Payload.Generate(random, null, out _);
                    int from = (int)random.Next((uint)payload.Length + 1);
                    long work = 0;
                    bool any = matcher.TryFind(forward[i], payload, from, anchored: false, out int start, out int end, out _, ref work);
                    string where = $"{roots[i]} on {Convert.ToHexString(payload)} from {from}";
                    Assert.True((any ? end : -1) == search.FindEnd(payload, from, ref work, out bool open), where);
                    int made = lazy[i].FindEnd(payload, from, ref work, out bool lazyOpen);
                    Assert.True(made == LazyDfa.GaveUp || (made == (any ? end : -1) && lazyOpen == open), where);
                    if (any)
                    {
                        found++;
                        Assert.True(start == reverse.FindStart(payload, end, from, ref work, out open), where);
                        made = lazyBack[i].FindStart(payload, end, from, ref work, out lazyOpen);
                        Assert.True(made == LazyDfa.GaveUp || (made == start && lazyOpen == open), where);
                    }
                }
            }

            clears += cache.Clears;
            Assert.True(cache.ByteCount < 32 << 10, $"{cache.ByteCount} bytes");
        }

        Assert.True(found > 2000 && clears > 10, $"{found} found, {clears} clears");
    }

    /// <summary>What a run says is settled stays as it is whatever more bytes follow.</summary>
    [Fact]
    public void AClosedAnswerStandsWhateverFollows()
    {
        var random = new PCG(stream: 33, seed: 20261122);
        var tables = new TableBuilder();
        int closed = 0;
        for (int i = 0; i < 3000; i++)
        {
            PatternNode root = Pattern(random);
            NfaProgram program = NfaBuilder.Ordered(root, allowEmpty: false);
            NfaProgram back = NfaBuilder.Unordered(root, reversed: true, allowEmpty: false);
            if (tables.TryBuild(program, program.Start, DfaMode.Preferred, s_large) is not { } anchored
                || tables.TryBuild(back, back.Start, DfaMode.Every, s_large) is not { } reverse)
            {
                continue;
            }

            byte[] payload = PatternGenerator.Payload.Generate(random, null, out _);
            byte[] more = PatternGenerator.Payload.Generate(random, null, out _);
            long work = 0;
            int end = anchored.FindEnd(payload, 0, ref work, out bool open);
            if (!open)
            {
                closed++;
                Assert.True(end == anchored.FindEnd([.. payload, .. more], 0, ref work), $"{root} {Convert.ToHexString(payload)}");
            }

            if (payload.Length > 0 && payload[^1] != '\n')
            {
                int start = reverse.FindStart(payload, payload.Length, 0, ref work, out open);
                int later = reverse.FindStart([.. more, .. payload], more.Length + payload.Length, 0, ref work);
                Assert.True(open || (start < 0 ? later < 0 : later == start + more.Length), $"{root} {Convert.ToHexString(payload)}");
            }
        }

        Assert.True(closed > 1000, $"{closed}");
    }

    [Theory]
    [InlineData("abc", "abc", 3, false)]
    [InlineData("abc", "ab", -1, true)]
    [InlineData("abc", "xabc", -1, false)]
    [InlineData("a+", "aa", 2, true)]
    [InlineData("a+", "aab", 2, false)]
    [InlineData("a+?", "aa", 1, false)]
    [InlineData("ab$", "ab", 2, true)]
    [InlineData("ab$", "ab\n", 2, true)]
    [InlineData("a\\b", "a", 1, true)]
    [InlineData("a.*b", "ab..", 2, true)]
    public void ARunSaysWhetherMoreBytesCouldChangeItsAnswer(string pattern, string text, int end, bool open)
    {
        NfaProgram program = NfaBuilder.Ordered(Parse(pattern), allowEmpty: false);
        byte[] data = Encoding.Latin1.GetBytes(text);
        long work = 0;
        Dfa table = new TableBuilder().TryBuild(program, program.Start, DfaMode.Preferred, s_large)!;
        var lazy = new LazyDfa(program, new StateStepper(program.Length), program.Start, ordered: true, new LazyDfaCache(1 << 14));
        Assert.Equal((end, open), (table.FindEnd(data, 0, ref work, out bool tableOpen), tableOpen));
        Assert.Equal((end, open), (lazy.FindEnd(data, 0, ref work, out bool lazyOpen), lazyOpen));
    }

    /// <summary>Every end, as the set of instructions stepped without a table gives them.</summary>
    [Fact]
    public void EveryEndIsReportedOnce()
    {
        var random = new PCG(stream: 35, seed: 20261122);
        var tables = new TableBuilder();
        int reported = 0;
        for (int round = 0; round < 1500; round++)
        {
            NfaProgram program = NfaBuilder.Unordered(Pattern(random), reversed: false, allowEmpty: false);
            var stepper = new StateStepper(program.Length);
            var lazy = new LazyDfa(program, stepper, program.SearchStart, ordered: false, new LazyDfaCache(2 << 10));
            byte[] payload = PatternGenerator.Payload.Generate(random, null, out _);
            List<int> expected = [];
            var state = new int[program.Length];
            var target = new int[program.Length];
            int length = stepper.Begin(program, program.SearchStart, state, ordered: false);
            for (int i = 0; i <= payload.Length; i++)
            {
                length = stepper.Advance(
                    program,
                    state.AsSpan(0, length),
                    PositionContexts.Before(payload, i),
                    PositionContexts.After(payload, i),
                    i == payload.Length ? -1 : payload[i],
                    target,
                    out bool matched);
                (state, target) = (target, state);
                if (matched)
                {
                    expected.Add(i);
                }
            }

            long work = 0;
            var made = new Sink([]);
            lazy.FindEnds(payload, 0, ref made, ref work, out bool lazyOpen);
            Assert.Equal(expected, made.Ends);
            if (tables.TryBuild(program, program.SearchStart, DfaMode.Every, s_large) is { } table)
            {
                var sink = new Sink([]);
                table.FindEnds(payload, 0, ref sink, ref work, out bool open);
                Assert.Equal(expected, sink.Ends);
                Assert.Equal(open, lazyOpen);
            }

            reported += expected.Count;
        }

        Assert.True(reported > 1500, $"{reported}");
    }

    [Fact]
    public void ProgramsThatAreAlikeShareATable()
    {
        var share = new DfaShare();
        NfaProgram one = NfaBuilder.Ordered(Parse("ab+c"), allowEmpty: false);
        NfaProgram same = NfaBuilder.Ordered(Parse("ab+c"), allowEmpty: false);
        NfaProgram other = NfaBuilder.Ordered(Parse("ab+d"), allowEmpty: false);
        Dfa? made = share.Get(one, one.Start, DfaMode.Preferred, s_large);
        Assert.Same(made, share.Get(same, same.Start, DfaMode.Preferred, s_large));
        Assert.NotSame(made, share.Get(other, other.Start, DfaMode.Preferred, s_large));
        Assert.NotSame(made, share.Get(one, one.SearchStart, DfaMode.Preferred, s_large));
        Assert.Equal(1, share.Shared);
    }

    [Fact]
    public void ACharacterBoundaryIsBeforeEveryByteButContinuations()
    {
        PatternNode any = new SetNode(ByteSet.All);
        PatternNode root = new ConcatNode([new AssertNode(AssertionKind.CharacterBoundary), any]);
        PatternNode last = new ConcatNode([any, new AssertNode(AssertionKind.CharacterBoundary)]);
        NfaProgram first = NfaBuilder.Ordered(root, allowEmpty: false);
        NfaProgram then = NfaBuilder.Ordered(last, allowEmpty: false);
        NfaProgram back = NfaBuilder.Unordered(last, reversed: true, allowEmpty: false);
        var tables = new TableBuilder();
        Dfa firstTable = tables.TryBuild(first, first.Start, DfaMode.Preferred, s_large)!;
        Dfa thenTable = tables.TryBuild(then, then.Start, DfaMode.Preferred, s_large)!;
        Dfa backTable = tables.TryBuild(back, back.Start, DfaMode.Every, s_large)!;
        for (int value = 0; value < 256; value++)
        {
            bool continues = value is >= 0x80 and <= 0xBF;
            byte[] data = ["a"u8[0], (byte)value];
            long work = 0;
            Assert.Equal(continues ? -1 : 2, firstTable.FindEnd(data, 1, ref work));
            Assert.Equal(continues ? -1 : 1, thenTable.FindEnd(data, 0, ref work));
            Assert.Equal(continues ? -1 : 0, backTable.FindStart(data, 1, 0, ref work));
            Assert.Equal(2, thenTable.FindEnd(data, 1, ref work));
        }
    }

    [Fact]
    public void WhatOnlyABacktrackerKnowsIsRefused()
    {
        Assert.Throws<ArgumentException>(() => NfaBuilder.Ordered(new AssertNode(AssertionKind.SearchStart), allowEmpty: true));
        Assert.Throws<ArgumentException>(() => NfaBuilder.Ordered(KeepNode.Instance, allowEmpty: true));
    }

    [Fact]
    public void ABudgetIsKept()
    {
        NfaProgram program = NfaBuilder.Ordered(Parse("a.{40}b"), allowEmpty: false);
        var tables = new TableBuilder();
        Assert.Null(tables.TryBuild(program, program.SearchStart, DfaMode.Preferred, new DfaBudget(500, 1 << 16, 1 << 20)));
        Assert.NotNull(tables.TryBuild(program, program.Start, DfaMode.Preferred, new DfaBudget(500, 1 << 16, 1 << 20)));
    }

    private static PatternNode Pattern(PCG random)
    {
        while (true)
        {
            (string pattern, int bits) = Gen.Select(PatternGenerator.Pattern, Gen.Int[0, 15]).Generate(random, null, out _);
            RuleOptions options = ((bits & 1) != 0 ? RuleOptions.Multiline : 0) | ((bits & 2) != 0 ? RuleOptions.DotAll : 0)
                | ((bits & 4) != 0 ? RuleOptions.Ungreedy : 0) | ((bits & 8) != 0 ? RuleOptions.DollarEndOnly : 0);
            try
            {
                return PatternParser.Parse(Encoding.Latin1.GetBytes(pattern), options);
            }
            catch (PatternException)
            {
                // Not every generated pattern is one.
            }
        }
    }

    private static PatternNode Parse(string pattern) => PatternParser.Parse(Encoding.Latin1.GetBytes(pattern), RuleOptions.None);

    private readonly struct Sink(List<int> ends) : IEndSink
    {
        public List<int> Ends => ends;

        public void Add(int end) => ends.Add(end);
    }
}
