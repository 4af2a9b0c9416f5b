using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CsCheck;
using Outboard.Plugins.Regex.Automata;
using Outboard.Plugins.Regex.Automata.Wake;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Rules;
using Outboard.Plugins.Regex.Tests.Engine;
using Outboard.Plugins.Regex.Tests.Vectors;
using Outboard.Simd;
using Outboard.Testing;

namespace Outboard.Plugins.Regex.Tests.Automata;

public sealed unsafe class WakeRunnerTests
{
    private const int PayloadMax = 64;

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(7, false)]
    [InlineData(7, true)]
    [InlineData(40, false)]
    [InlineData(40, true)]
    public void ExactlyTheRulesWithAMatchAreTold(int rulesPerSet, bool pinned)
    {
        var random = new PCG(stream: 21, seed: 20261122);
        int told = 0;
        for (int set = 0; set < 400 / rulesPerSet + 10; set++)
        {
            List<(PatternNode Root, int Rule)> rules = Rules(random, rulesPerSet);
            byte[][] payloads = [.. Enumerable.Range(0, 37).Select(_ => Payload(random))];
            told += Check(rules, payloads, pinned, exact: true);
        }

        Assert.True(told > 300, $"only {told} were told");
    }

    [Theory]
    [InlineData("^a|b$")]
    [InlineData("a\\b")]
    [InlineData("a\\Z")]
    [InlineData("(?m)^a$")]
    [InlineData("\\n\\Z")]
    [InlineData("b\\n?\\z")]
    public void EndsAndNewlinesDecide(string pattern)
    {
        List<(PatternNode, int)> rules = [(Parse(pattern), 5), (Parse("zz"), 3)];
        string[] texts = ["", "a", "b", "ab", "ba", "a\n", "b\n", "b\n\n", "\na", "\na\n", "\n\n", "a b", "cb", "bc", "zz", "z", "a\nzz"];
        byte[][] payloads = [.. texts.Select(Encoding.Latin1.GetBytes)];
        Check(rules, payloads, pinned: false, exact: true);
        Check(rules, payloads, pinned: true, exact: true);
    }

    /// <summary>The rules of the intrusion detection set, all together, on its own payloads.</summary>
    [Fact]
    public void RealRulesAreToldWhereTheyMatch()
    {
        List<(PatternNode, int)> free = [];
        List<(PatternNode, int)> pinned = [];
        foreach (JsonElement test in JsonVectors.Read("ids-patterns.jsonl"))
        {
            if (!test.TryGetProperty("pattern", out _) && !test.TryGetProperty("pattern_hex", out _))
            {
                continue;
            }

            RuleOptions options = JsonVectors.Options(test, out string? unknown);
            if (unknown is not null)
            {
                continue;
            }

            PatternNode root;
            try
            {
                root = PatternParser.Parse(JsonVectors.Bytes(test, "pattern"), options);
                NfaBuilder.Unordered(root, reversed: false, allowEmpty: false);
            }
            catch (Exception e) when (e is PatternException or ArgumentException)
            {
                continue;
            }

            (root is ConcatNode { Children: [AssertNode { Kind: AssertionKind.SubjectStart }, ..] } ? pinned : free)
                .Add((root, free.Count + pinned.Count));
        }

        Assert.True(free.Count > 100 && pinned.Count > 20, $"{free.Count} {pinned.Count}");
        byte[][] payloads = [.. JsonVectors.Read("ids-cases.jsonl").Take(30).Select(static t => JsonVectors.Bytes(t, "haystack"))];
        Check(free, payloads, pinned: false, exact: false);
        Check(pinned, payloads, pinned: true, exact: false);
    }

    [Fact]
    public void ARuleTooLargeForItsBudgetIsToldWhereverItMatches()
    {
        var random = new Random(4);
        List<(PatternNode, int)> rules = [(Parse("a.{90}b"), 0), (Parse("x[ab]{200}y"), 1)];
        List<byte[]> payloads = [];
        for (int i = 0; i < 60; i++)
        {
            var payload = new byte[random.Next(400)];
            for (int k = 0; k < payload.Length; k++)
            {
                payload[k] = (byte)"aabbbcx"[random.Next(7)];
            }

            payloads.Add(payload);
        }

        payloads.Add(Encoding.Latin1.GetBytes("x" + new string('a', 200) + "y"));
        Assert.True(Check(rules, [.. payloads], pinned: false, exact: false) > 10);
    }

    [Fact]
    public void ARunAllocatesNothing()
    {
        WakeAutomaton[] automata = WakeBuilder.Build([(Parse("a[bc]+d"), 0), (Parse("\\d\\d$"), 1)], pinned: false, out _);
        var runner = new WakeRunner(ScannerFactory.ByteScan(SimdWidth.Scalar));
        var lists = new WakeLists(8);
        byte[] bytes = GC.AllocateArray<byte>(400, pinned: true);
        bytes.AsSpan().Fill((byte)'a');
        nint address = (nint)Unsafe(bytes);
        PayloadView[] burst = [.. Enumerable.Range(1, 8).Select(i => new PayloadView(address, i * 50))];
        Assert.True(AllocationFree.Once(() => runner.Run(automata[0], burst, lists)));
        GC.KeepAlive(bytes);

        static byte* Unsafe(byte[] array) => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
    }

    /// <summary>Compares with the direct run, on payloads that each end at an unreadable page; returns how often a rule was told.</summary>
    private static int Check(List<(PatternNode Root, int Rule)> rules, byte[][] payloads, bool pinned, bool exact)
    {
        WakeAutomaton[] automata = WakeBuilder.Build(rules, pinned, out int[] leftOver);
        Assert.Empty(leftOver);
        Assert.Equal(rules.Select(static r => r.Rule).Order(), automata.SelectMany(static a => a.Rules).Order());
        GuardedMemory[] memory = [.. payloads.Select(static p => new GuardedMemory(Math.Max(1, p.Length)))];
        var views = new PayloadView[payloads.Length];
        for (int i = 0; i < payloads.Length; i++)
        {
            payloads[i].CopyTo(memory[i].AtEnd(payloads[i].Length));
            views[i] = new PayloadView((nint)memory[i].PointerAtEnd(payloads[i].Length), payloads[i].Length);
        }

        int told = 0;
        NfaProgram[] programs = [.. rules.Select(static r => NfaBuilder.Unordered(r.Root, reversed: false, allowEmpty: false))];
        var matcher = new NfaMatcher(programs.Max(static p => p.Length));
        var expect = new bool[rules.Count, payloads.Length];
        for (int k = 0; k < rules.Count; k++)
        {
            for (int i = 0; i < payloads.Length; i++)
            {
                long work = 0;
                expect[k, i] = matcher.TryFind(programs[k], payloads[i], 0, anchored: pinned, out _, out _, out _, ref work);
            }
        }

        foreach (SimdWidth width in ScannerFactory.Widths)
        {
            var runner = new WakeRunner(ScannerFactory.ByteScan(width));
            var lists = new WakeLists(PayloadMax);
            var found = new HashSet<int>[payloads.Length];
            for (int i = 0; i < payloads.Length; i++)
            {
                found[i] = [];
            }

            foreach (WakeAutomaton automaton in automata)
            {
                lists.Clear(PayloadMax);
                runner.Run(automaton, views, lists);
                for (int i = 0; i < payloads.Length; i++)
                {
                    found[i].UnionWith(lists.Overflowed(i) && !exact ? automaton.Rules : lists.Of(i).ToArray());
                    if (lists.Overflowed(i) && exact)
                    {
                        found[i].UnionWith(automaton.Rules.Where(r => expect[rules.FindIndex(x => x.Rule == r), i]));
                    }
                }
            }

            for (int i = 0; i < payloads.Length; i++)
            {
                for (int k = 0; k < rules.Count; k++)
                {
                    bool expected = expect[k, i];
                    bool woken = found[i].Contains(rules[k].Rule);
                    told += woken ? 1 : 0;
                    Assert.True(
                        woken == expected || (woken && !exact),
                        $"{width} pinned {pinned}: rule {k} of {rules.Count} {rules[k].Root} on {Convert.ToHexString(payloads[i])}: told {woken}, matches {expected}");
                }
            }
        }

        Array.ForEach(memory, static m => m.Dispose());
        return told;
    }

    private static List<(PatternNode Root, int Rule)> Rules(PCG random, int count)
    {
        List<(PatternNode, int)> rules = [];
        while (rules.Count < count)
        {
            (string pattern, int bits) = Gen.Select(PatternGenerator.Pattern, Gen.Int[0, 31]).Generate(random, null, out _);
            RuleOptions options = ((bits & 1) != 0 ? RuleOptions.Multiline : 0) | ((bits & 2) != 0 ? RuleOptions.DotAll : 0)
                | ((bits & 4) != 0 ? RuleOptions.Caseless : 0) | ((bits & 8) != 0 ? RuleOptions.DollarEndOnly : 0);
            try
            {
                rules.Add((PatternParser.Parse(Encoding.Latin1.GetBytes(pattern), options), 100 + rules.Count));
            }
            catch (PatternException)
            {
                // Not every generated pattern is one.
            }
        }

        return rules;
    }

    private static byte[] Payload(PCG random) => PatternGenerator.Payload.Generate(random, null, out _);

    private static PatternNode Parse(string pattern) => PatternParser.Parse(Encoding.Latin1.GetBytes(pattern), RuleOptions.None);
}
