using System.Runtime.CompilerServices;
using Outboard.Plugins.Regex.Automata;
using Outboard.Plugins.Regex.Automata.Wake;
using Outboard.Plugins.Regex.Backtracking;
using Outboard.Plugins.Regex.Literals;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>
/// Finds the matches of a database in the payloads of a burst. All memory is taken when it is made. One thread at a time.
/// </summary>
/// <remarks>
/// A burst goes through <see cref="Wake"/>: merged automata read all payloads side by side and tell which rules to search for in each. Then
/// each payload goes through <see cref="Scan(int, ReadOnlySpan{byte}, in ScanScope, GroupSelection, int, bool)"/>: literal hits either are
/// matches, name a start to try, or put a rule on the list of rules to search for; and then comes the search for the rules on the
/// list. Each rule has a budget of bytes read for each payload: beyond it the result says so.
/// </remarks>
internal sealed partial class RegexScanner
{
    /// <summary>The longest payload, where nothing else was said.</summary>
    public const int PayloadMax = 128 << 10;

    /// <summary>Payloads that go through <see cref="Wake"/> together.</summary>
    public const int BurstMax = 32;

    /// <summary>Bytes that one rule may read of one payload, and that all may together: a multiple of its length, and a floor for short ones.</summary>
    private const long WorkPerByte = 256;
    private const long WorkFloor = 1 << 20;
    private const int WorkOfAll = 16;

    /// <summary>Bytes of the tables of all automata that are made bit by bit, together.</summary>
    private const int LazyByteMax = 96 << 10;
    private const int LazyByteMin = 1 << 10;

    private const int BacktrackFrames = 2048;
    private const int BacktrackMemoBits = 1 << 18;

    private readonly RegexDatabase _database;
    private readonly RegexKernels _kernels;
    private readonly MatchCollector _collector;
    private readonly NfaMatcher _matcher;
    private readonly StateStepper _stepper;
    private readonly BacktrackMatcher? _backtracker;
    private readonly LiteralSearcher _literals;
    private readonly WakeRunner _wakeRunner;
    private readonly LiteralHit[] _hits = new LiteralHit[64];
    private readonly int[] _ends = new int[1024];
    private readonly ulong[] _endSet;
    private readonly int[] _stateA;
    private readonly int[] _stateB;
    private readonly LazyDfaCache _lazyCache;
    private readonly LazyDfa[] _lazy;
    private readonly RuleState[] _states;
    private readonly int[] _listed;
    private readonly RuleCounters? _counters;
    private int _listedCount;
    private uint _epoch;
    private long _workMax;
    private long _workLeft;
    private GroupSelection _groups;
    private ScanScope _scope;

    /// <summary>Takes all memory that scans will need.</summary>
    public RegexScanner(
        RegexDatabase database, RegexKernels kernels, int matchCapacity, ScanStatistics statistics,
        int payloadMax = PayloadMax, bool countRules = false,
        int lazyByteMax = LazyByteMax)
    {
        Statistics = statistics;
        _database = database;
        _kernels = kernels;
        _collector = new MatchCollector(database.Mode, matchCapacity);
        _matcher = new NfaMatcher(database.ProgramLengthMax);
        _stepper = new StateStepper(database.ProgramLengthMax);
        _stateA = new int[database.ProgramLengthMax];
        _stateB = new int[database.ProgramLengthMax];
        _literals = new LiteralSearcher(database.Literals, kernels.WindowShuffle, kernels.WindowHash);
        _wakeRunner = new WakeRunner(kernels.ByteScan);
        _backtracker = database.RegisterMax < 0
            ? null
            : new BacktrackMatcher(BacktrackFrames, database.RegisterMax, kernels.ByteScan, BacktrackMemoBits);
        _lazyCache = new LazyDfaCache(database.LazyCount == 0 ? LazyByteMin : lazyByteMax);
        _lazy = MakeLazy(database, _stepper, _lazyCache);
        _endSet = new ulong[_backtracker is null || database.Mode == MatchMode.FindAll ? 0 : (payloadMax >> 6) + 1];
        _states = new RuleState[database.StateCount];
        _listed = new int[database.StateCount];
        _counters = countRules ? new RuleCounters(database.Rules.Length) : null;
    }

    public ScanStatistics Statistics { get; }

    /// <summary>What was counted for each rule, when that was asked for.</summary>
    public RuleCounters? Counters => _counters;

    public RegexDatabase Database => _database;

    /// <summary>By payload of the burst, the rules to search for in it.</summary>
    public WakeLists Wakes { get; } = new(BurstMax);

    /// <summary>How many matches of the last payload were kept.</summary>
    public int MatchCount => _collector.Count;

    /// <summary>How many matches the last payload has, kept or not.</summary>
    public long MatchTotal => _collector.Total;

    /// <summary>A match of the last payload; they are in order.</summary>
    public MatchRecord GetMatch(int index) => _collector[index];

    /// <summary>Whether a rule spent its budget on the last payload, so that matches of it may be missing.</summary>
    public bool BudgetSpent { get; private set; }

    /// <summary>Whether something at the end of the last payload may become a match when more bytes come.</summary>
    public bool IsPartialAtEnd { get; private set; }

    /// <summary>By tier, the candidates that the literal filters let through.</summary>
    public ReadOnlySpan<ulong> CandidateTotals => _literals.CandidateTotals;

    /// <summary>Times that the automata made bit by bit threw their states away.</summary>
    public ulong CacheClears => _lazyCache.Clears;

    /// <summary>Bytes that the scanner takes for its work.</summary>
    public long ScratchByteCount =>
        (long)_states.Length * Unsafe.SizeOf<RuleState>() + _listed.Length * sizeof(int) + _lazyCache.ByteCount
        + _collector.ByteCount + _matcher.ByteCount + _stepper.ByteCount + (_stateA.Length + _stateB.Length) * sizeof(int)
        + (_backtracker?.ByteCount ?? 0) + _literals.ByteCount + Wakes.ByteCount
        + _hits.Length * Unsafe.SizeOf<LiteralHit>() + _ends.Length * sizeof(int)
        + _endSet.Length * sizeof(ulong);

    /// <summary>Reads all payloads of a burst side by side and notes which rules to search for in each.</summary>
    public void Wake(ReadOnlySpan<PayloadView> burst)
    {
        Wakes.Clear(burst.Length);
        foreach (WakeAutomaton automaton in _database.Wakes)
        {
            _wakeRunner.Run(automaton, burst, Wakes);
        }
    }

    /// <summary>Scans one payload by itself and keeps up to a number of matches.</summary>
    public unsafe void Scan(ReadOnlySpan<byte> data, GroupSelection groups, int capacity, bool byRule)
    {
        fixed (byte* bytes = data)
        {
            var view = new PayloadView((nint)bytes, data.Length);
            Wake(new ReadOnlySpan<PayloadView>(in view));
            Scan(0, data, ScanScope.Whole, groups, capacity, byRule);
        }
    }

    /// <summary>Scans a payload of the burst that <see cref="Wakes"/> speaks of, and keeps up to a number of matches.</summary>
    public void Scan(int payload, ReadOnlySpan<byte> data, in ScanScope scope, GroupSelection groups, int capacity, bool byRule)
    {
        _groups = groups;
        _scope = scope;
        _listedCount = 0;
        _workMax = data.Length * WorkPerByte + WorkFloor;
        _workLeft = _workMax * WorkOfAll;
        BudgetSpent = false;
        IsPartialAtEnd = false;
        _collector.Reset(capacity, byRule);
        if (++_epoch == 0)
        {
            Array.Clear(_states);
            _epoch = 1;
        }

        ListWoken(payload, data);
        ScanLiterals(data);
        foreach (int rule in _database.AlwaysRules)
        {
            List(rule, scope.From, int.MaxValue);
        }

        for (int i = 0; i < _listedCount; i++)
        {
            Search(_listed[i], data);
        }

        IsPartialAtEnd |= scope.IsOpen && MayEndInLiteral(data);
        _collector.Sort();
        Statistics.Matches += (ulong)_collector.Total;
    }

    /// <summary>Whether one of the last bytes could begin a literal that the next ones finish.</summary>
    private bool MayEndInLiteral(ReadOnlySpan<byte> data) =>
        _kernels.ByteScan.IndexOf(_database.LiteralFirst, data, Math.Max(0, data.Length - _database.LiteralLengthMax + 1)) >= 0;

    private void ListWoken(int payload, ReadOnlySpan<byte> data)
    {
        bool all = Wakes.Overflowed(payload);
        ReadOnlySpan<int> rules = all ? _database.WakeRules : Wakes.Of(payload);
        Statistics.WokenRules += (uint)rules.Length;
        Statistics.WakeOverflows += all ? 1u : 0u;
        foreach (int index in rules)
        {
            CompiledRule rule = _database.Rules[index];
            if (rule.Strategy != RuleStrategy.PayloadStart)
            {
                List(index, _scope.From, int.MaxValue);
            }
            else if (!_scope.IsCut)
            {
                List(index, 0, 0);
            }
        }
    }

    /// <summary>
    /// Puts a rule on the list of rules to search for, from an offset on; a match can begin at <paramref name="last"/> at the latest. Asked
    /// again, it widens what was asked before.
    /// </summary>
    private void List(int index, int from, int last)
    {
        if (!_groups.Contains(_database.Rules[index].Source.Group))
        {
            return;
        }

        ref RuleState state = ref StateOf(index);
        if (!state.IsListed)
        {
            state.IsListed = true;
            state.ListFrom = from;
            _listed[_listedCount++] = index;
        }

        state.ListFrom = Math.Min(state.ListFrom, from);
        state.LastStart = Math.Max(state.LastStart, last);
    }

    /// <summary>What this scan knows of a rule that has state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref RuleState StateOf(int index)
    {
        ref RuleState state = ref _states[_database.StateOf[index]];
        if (state.Epoch != _epoch)
        {
            BeginState(ref state, index);
        }

        return ref state;
    }

    private void BeginState(ref RuleState state, int index)
    {
        state = new RuleState { Epoch = _epoch, NextStart = _scope.From };
        if (_scope.Stream is { } stream)
        {
            long next = stream.NextStartOf(_database.Rules[index].Source, out bool afterEmpty) - stream.TailOffset;
            if (next >= _scope.From)
            {
                state.NextStart = (int)next;
                state.IsAfterEmpty = afterEmpty;
            }
        }
    }

    /// <summary>Takes a match of a rule with state, whose next one may begin at an offset.</summary>
    private void Report(int index, ref RuleState state, int start, int end, int nextStart)
    {
        _collector.Add(index, start, end);
        _counters?.CountMatch(index);
        Advance(index, ref state, nextStart, afterEmpty: start == end);
    }

    /// <summary>From here on matches of a rule may begin at an offset, where an empty one may have been reported just now.</summary>
    private void Advance(int index, ref RuleState state, int nextStart, bool afterEmpty = false)
    {
        state.NextStart = nextStart;
        state.IsAfterEmpty = afterEmpty;
        if (_scope.Stream is { } stream)
        {
            stream.SetNextStart(_database.Rules[index].Source, stream.TailOffset + nextStart, afterEmpty);
        }
    }

    /// <summary>Takes an end, or a start and an end, of a rule of which every match is reported.</summary>
    private void Report(int index, int start, int end)
    {
        _collector.Add(index, _database.Mode == MatchMode.Ends ? 0 : start, end);
        _counters?.CountMatch(index);
    }

    /// <summary>Counts what an automaton has read; false when the rule, or all of them, have spent their budget.</summary>
    private bool Spend(int index, ref RuleState state, long work)
    {
        work += _lazyCache.Effort;
        _lazyCache.Effort = 0;
        state.Work += work;
        _workLeft -= work;
        Statistics.VerifiedBytes += (ulong)work;
        if (state.Work <= _workMax && _workLeft > 0)
        {
            return true;
        }

        BudgetSpent = true;
        Statistics.BudgetHits++;
        _counters?.CountBudgetHit(index);
        return false;
    }

    private static LazyDfa[] MakeLazy(RegexDatabase database, StateStepper stepper, LazyDfaCache cache)
    {
        var lazy = new LazyDfa[database.LazyCount];
        for (int r = 0; r < database.Rules.Length; r++)
        {
            CompiledRule rule = database.Rules[r];
            Add(rule.Anchored);
            Add(rule.Search);
            Add(rule.Reverse);
            Add(rule.Prefix);
            Add(rule.Suffix);

            void Add(RuleAutomaton? automaton)
            {
                if (automaton is { Table: null })
                {
                    lazy[database.LazyOf[r] + automaton.Slot] =
                        new LazyDfa(automaton.Program, stepper, automaton.StartPc, automaton.Ordered, cache);
                }
            }
        }

        return lazy;
    }

    /// <summary>What the scan of one payload knows of a rule.</summary>
    private struct RuleState
    {
        public uint Epoch;

        /// <summary>Whether the rule is on the list.</summary>
        public bool IsListed;

        /// <summary>Whether a match of it waits for more bytes.</summary>
        public bool IsHeld;

        /// <summary>The least start that the next match may have.</summary>
        public int NextStart;

        /// <summary>Whether an empty match was reported there, so that the next one there is tried for more.</summary>
        public bool IsAfterEmpty;

        /// <summary>The least start that the literals of the rule allow, once it is on the list.</summary>
        public int ListFrom;

        /// <summary>The greatest start that they allow.</summary>
        public int LastStart;

        /// <summary>Bytes its automata have read.</summary>
        public long Work;
    }
}
