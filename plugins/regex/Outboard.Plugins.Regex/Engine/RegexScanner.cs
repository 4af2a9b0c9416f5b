using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Regex.Automata;
using Outboard.Plugins.Regex.Kernels.ByteScan;
using Outboard.Plugins.Regex.Kernels.LiteralScan;
using Outboard.Plugins.Regex.Literals;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>
/// Finds the matches of a database in payloads, one payload after the other. All memory is taken when it is made. One thread at a time.
/// </summary>
/// <remarks>
/// A payload goes through: rules pinned to its start; the literal filters, whose hits either are matches, name a start to try, or
/// put a rule on the list of rules to search for; the shared automata, which do the latter; then the search for the
/// rules on the list. Each rule has a budget of bytes read for each payload: beyond it the result says so.
/// </remarks>
internal sealed partial class RegexScanner
{
    /// <summary>Bytes that one rule may read of one payload: a multiple of its length, and a floor for short ones.</summary>
    private const long WorkPerByte = 256;
    private const long WorkFloor = 1 << 22;

    /// <summary>Table entries of all lazy automata of a scanner together, and the least and most that one gets.</summary>
    private const int LazyEntryMax = 1 << 22;
    private const int LazyEntriesLeast = 1 << 10;
    private const int LazyEntriesMost = 1 << 14;

    private readonly RegexDatabase _database;
    private readonly LiteralScanKernel _literalScan;
    private readonly ByteScanKernel _byteScan;
    private readonly MatchCollector _collector;
    private readonly NfaMatcher _matcher;
    private readonly StateStepper _stepper;
    private readonly int[] _stateA;
    private readonly int[] _stateB;
    private readonly int[] _hits = new int[512];
    private readonly LazyRule?[] _lazy;
    private readonly RuleState[] _states;
    private readonly int[] _listed;
    private int _listedCount;
    private uint _epoch;
    private long _workMax;
    private GroupSelection _groups;

    /// <summary>Takes all memory that scans will need.</summary>
    public RegexScanner(
        RegexDatabase database,
        LiteralScanKernel literalScan,
        ByteScanKernel byteScan,
        int matchCapacity,
        ScanStatistics statistics,
        int lazyEntriesMost = LazyEntriesMost)
    {
        Statistics = statistics;
        _database = database;
        _literalScan = literalScan;
        _byteScan = byteScan;
        _collector = new MatchCollector(matchCapacity);
        _matcher = new NfaMatcher(database.ProgramLengthMax);
        _stepper = new StateStepper(database.ProgramLengthMax);
        _stateA = new int[database.ProgramLengthMax];
        _stateB = new int[database.ProgramLengthMax];
        _lazy = MakeLazy(database, _stepper, lazyEntriesMost);
        _states = new RuleState[database.Rules.Length];
        _listed = new int[database.Rules.Length];
    }

    public ScanStatistics Statistics { get; }

    public RegexDatabase Database => _database;

    /// <summary>The matches of the last payload, in order.</summary>
    public ReadOnlySpan<MatchRecord> Matches => _collector.Records;

    /// <summary>How many matches the last payload has, kept or not.</summary>
    public long MatchTotal => _collector.Total;

    /// <summary>Whether a rule spent its budget on the last payload, so that matches of it may be missing.</summary>
    public bool BudgetSpent { get; private set; }

    /// <summary>Times that a lazy automaton threw its states away.</summary>
    public ulong CacheClears
    {
        get
        {
            ulong sum = 0;
            foreach (LazyRule? lazy in _lazy)
            {
                sum += (lazy?.Anchored?.Clears ?? 0) + (lazy?.Search?.Clears ?? 0) + (lazy?.Reverse?.Clears ?? 0);
            }

            return sum;
        }
    }

    /// <summary>Scans a payload and keeps up to a number of matches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scan(ReadOnlySpan<byte> data, GroupSelection groups, int capacity, bool byRule)
    {
        _groups = groups;
        _listedCount = 0;
        _workMax = data.Length * WorkPerByte + WorkFloor;
        BudgetSpent = false;
        _collector.Reset(capacity, byRule);
        if (++_epoch == 0)
        {
            Array.Clear(_states);
            _epoch = 1;
        }

        if (data.Length > 0)
        {
            foreach (int rule in _database.PayloadStartRules[data[0]])
            {
                TryPayloadStart(rule, data);
            }
        }

        foreach (LiteralTable table in _database.Literals)
        {
            ScanLiterals(table, data);
        }

        foreach (SharedAutomaton shared in _database.Shared)
        {
            ScanShared(shared, data);
        }

        foreach (int rule in _database.AlwaysRules)
        {
            List(rule, 0);
        }

        for (int i = 0; i < _listedCount; i++)
        {
            Search(_listed[i], data);
        }

        _collector.Sort();
        Statistics.Matches += (ulong)_collector.Total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScanLiterals(LiteralTable table, ReadOnlySpan<byte> data)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        int position = 0;
        int last = data.Length - table.WindowLength;
        while (position <= last)
        {
            int count = _literalScan.Scan(table, data, ref position, _hits);
            Statistics.Candidates += (uint)count;
            for (int i = 0; i < count; i++)
            {
                int at = _hits[i];
                uint window = LiteralTable.ReadWindow(ref Unsafe.Add(ref bytes, at), table.WindowLength);
                if (table.MayHold(window))
                {
                    Confirm(table, data, at, window);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Confirm(LiteralTable table, ReadOnlySpan<byte> data, int position, uint window)
    {
        uint head = table.Head(window);
        int end = table.Heads[head + 1];
        for (int e = table.Heads[head]; e < end; e++)
        {
            ref readonly LiteralEntry entry = ref table.Entries[e];
            if ((window & entry.WindowMask) == entry.Window && table.Stands(entry, data, position))
            {
                Statistics.LiteralHits++;
                LiteralFound(entry.Rule, position - entry.WindowOffset, entry.Length, data);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LiteralFound(int index, int literalStart, int literalLength, ReadOnlySpan<byte> data)
    {
        CompiledRule rule = _database.Rules[index];
        if (!_groups.Contains(rule.Source.Group))
        {
            return;
        }

        ref RuleState state = ref StateOf(index);
        switch (rule.Strategy)
        {
            case RuleStrategy.Literal:
                int end = literalStart + literalLength;
                if (_database.Mode == MatchMode.Ends)
                {
                    _collector.Add(index, 0, end);
                }
                else if (_database.Mode == MatchMode.All || literalStart >= state.NextStart)
                {
                    state.NextStart = end;
                    _collector.Add(index, literalStart, end);
                }

                break;
            case RuleStrategy.LiteralStart:
                TryStart(index, rule, ref state, literalStart - rule.LiteralOffset, data);
                break;
            default:
                List(index, rule.LiteralReach is { } reach ? Math.Max(0, literalStart - reach) : 0);
                break;
        }
    }

    /// <summary>Runs a rule from the start that a literal names. A rule that does this too often is searched for instead.</summary>
    private void TryStart(int index, CompiledRule rule, ref RuleState state, int start, ReadOnlySpan<byte> data)
    {
        if (start < state.NextStart || state.Listed)
        {
            return;
        }

        if (state.Work > 8L * data.Length + 4096)
        {
            List(index, start);
            return;
        }

        int end = RunAnchored(index, rule, start, data, ref state.Work);

        // Several literals can name the same start, so a start is tried once, matched or not.
        state.NextStart = start + 1;
        if (end > start)
        {
            state.NextStart = end;
            _collector.Add(index, start, end);
        }
    }

    private void TryPayloadStart(int index, ReadOnlySpan<byte> data)
    {
        CompiledRule rule = _database.Rules[index];
        if (!_groups.Contains(rule.Source.Group))
        {
            return;
        }

        if (_database.Mode != MatchMode.FindAll)
        {
            List(index, 0);
            return;
        }

        int end = RunAnchored(index, rule, 0, data, ref StateOf(index).Work);
        if (end > 0)
        {
            _collector.Add(index, 0, end);
        }
    }

    /// <summary>Where the match ends that begins at a known start, or -1.</summary>
    private int RunAnchored(int index, CompiledRule rule, int start, ReadOnlySpan<byte> data, ref long total)
    {
        Statistics.Verifications++;
        long work = 0;
        int end = rule.Anchored is { } dfa
            ? dfa.FindEnd(data, start, ref work)
            : _lazy[index]!.Anchored!.FindEnd(data, start, ref work);
        if (end == LazyDfa.GaveUp)
        {
            Statistics.NfaRuns++;
            end = _matcher.TryFind(rule.Program, data, start, anchored: true, out _, out int found, ref work) ? found : -1;
        }

        total += work;
        Statistics.VerifiedBytes += (ulong)work;
        return end;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScanShared(SharedAutomaton shared, ReadOnlySpan<byte> data)
    {
        Dfa dfa = shared.Dfa;
        ref uint table = ref MemoryMarshal.GetArrayDataReference(dfa.Table);
        ref byte map = ref MemoryMarshal.GetArrayDataReference(dfa.ClassMap);
        bool lastNewline = dfa.TellsLastNewline && data.Length > 0 && data[^1] == '\n';
        ReadOnlySpan<byte> plain = lastNewline ? data[..^1] : data;
        uint idle = shared.IdleRow;
        uint row = dfa.StartRows[(int)PositionContext.Edge];
        int remaining = shared.RuleCount;
        for (int i = 0; i < plain.Length; i++)
        {
            if (row == idle)
            {
                i = _byteScan.IndexOf(shared.Wake!, plain, i);
                if (i < 0)
                {
                    break;
                }
            }

            uint at = row + Unsafe.Add(ref map, plain[i]);
            uint entry = Unsafe.Add(ref table, at);
            if ((int)entry < 0 && ListAll(dfa, at, ref remaining))
            {
                return;
            }

            row = entry & ~Dfa.MatchBit;
        }

        if (lastNewline)
        {
            uint at = row + (uint)dfa.LastNewlineColumn;
            if ((int)dfa.Table[at] < 0 && ListAll(dfa, at, ref remaining))
            {
                return;
            }

            row = dfa.Table[at] & ~Dfa.MatchBit;
        }

        uint edge = row + (uint)dfa.EdgeColumn;
        if ((int)dfa.Table[edge] < 0)
        {
            ListAll(dfa, edge, ref remaining);
        }
    }

    /// <summary>Lists the rules that an entry says have matched; true when the automaton has no further rule to find.</summary>
    private bool ListAll(Dfa dfa, uint at, ref int remaining)
    {
        foreach (int rule in dfa.RuleLists![dfa.RuleListOf![at]])
        {
            remaining -= List(rule, 0) ? 1 : 0;
        }

        return remaining == 0;
    }

    /// <summary>Puts a rule on the list of rules to search for, once; says whether it was not there yet.</summary>
    private bool List(int index, int from)
    {
        ref RuleState state = ref StateOf(index);
        if (state.Listed)
        {
            return false;
        }

        state.Listed = true;
        if (_groups.Contains(_database.Rules[index].Source.Group))
        {
            state.NextStart = Math.Max(state.NextStart, from);
            _listed[_listedCount++] = index;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref RuleState StateOf(int index)
    {
        ref RuleState state = ref _states[index];
        if (state.Epoch != _epoch)
        {
            state = new RuleState { Epoch = _epoch };
        }

        return ref state;
    }

    /// <summary>Room for the automata that are made bit by bit; the more there are, the less each gets.</summary>
    private static LazyRule?[] MakeLazy(RegexDatabase database, StateStepper stepper, int most)
    {
        int count = database.Rules.Sum(static r => (r.LazyAnchored ? 1 : 0) + (r.LazySearch ? 1 : 0) + (r.ReverseProgram is null ? 0 : 1));
        int entries = Math.Min(most, Math.Max(LazyEntriesLeast, LazyEntryMax / Math.Max(1, count)));
        return Array.ConvertAll(
            database.Rules,
            rule => !rule.LazyAnchored && !rule.LazySearch && rule.ReverseProgram is null
                ? null
                : new LazyRule(
                    rule.LazyAnchored ? new LazyDfa(rule.Program, stepper, rule.Program.Start, ordered: true, entries) : null,
                    rule.LazySearch ? new LazyDfa(rule.Program, stepper, rule.Program.SearchStart, ordered: true, entries) : null,
                    rule.ReverseProgram is { } back ? new LazyDfa(back, stepper, back.Start, ordered: false, entries) : null));
    }

    /// <summary>The automata of a rule that are made bit by bit.</summary>
    private sealed record LazyRule(LazyDfa? Anchored, LazyDfa? Search, LazyDfa? Reverse);

    /// <summary>What the scan of one payload knows of a rule.</summary>
    private struct RuleState
    {
        public uint Epoch;

        /// <summary>Whether the rule is on the list.</summary>
        public bool Listed;

        /// <summary>The least start that the next match may have.</summary>
        public int NextStart;

        /// <summary>Bytes its automata have read.</summary>
        public long Work;
    }
}
