using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Kernels.ByteScan;
using Outboard.Plugins.Regex.Kernels.LiteralScan;
using Outboard.Plugins.Regex.Literals;
using Outboard.Regex;
using Outboard.Regex.Driver;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Simd;

/// <summary>
/// The regex device on the processor's vector units.
/// </summary>
/// <remarks>
/// Device arguments: <c>queues=</c>, the greatest number of queue pairs; <c>payload_max=</c>, the longest payload in bytes, which is
/// also what each queue pair keeps for payloads in several segments.
/// Rules change while bursts run: a new database comes with a scanner for each queue pair, made here, and a queue pair takes
/// its scanner between two ops by one read. The old database lives until its last reader has let go of it.
/// </remarks>
internal sealed class RegexSimdDriver : RegexDriver
{
    private const int QueuePairLimit = 256;
    private const int MatchLimit = 65535;
    private const int PayloadLimit = 1 << 26;

    private readonly LiteralScanKernel _literalScan;
    private readonly ByteScanKernel _byteScan;
    private RegexSimdQueuePair?[] _queuePairs = [];
    private RegexConfiguration _configuration = new();
    private IReadOnlyList<RegexRule> _rules = [];
    private RegexDatabase _database;

    public RegexSimdDriver(DriverContext context)
    {
        int queues = context.Arguments.TakeInt32("queues", 64, 1, QueuePairLimit);
        int payload = context.Arguments.TakeInt32("payload_max", 1 << 20, 64, PayloadLimit);
        KernelChoice literals = context.Simd.Choose(LiteralScanTable.Operation, LiteralScanTable.Rows, out int literalRow);
        KernelChoice bytes = context.Simd.Choose(ByteScanTable.Operation, ByteScanTable.Rows, out int byteRow);
        _literalScan = LiteralScanTable.At(literalRow);
        _byteScan = ByteScanTable.At(byteRow);
        _database = RuleTranslation.Compile(context.DeviceName, [], MatchMode.FindAll);
        Info = new RegexDeviceInfo
        {
            Name = context.DeviceName,
            Driver = context.DriverName,
            Backend = "SIMD",
            Kernels = [literals, bytes, Automata],
            QueuePairMax = queues,
            DescriptorMax = 1 << 16,
            MatchesMax = MatchLimit,
            PayloadLengthMax = payload,
            SegmentsMax = ushort.MaxValue,
            RulesPerGroupMax = 1 << 20,
            GroupsMax = 1 << 16,
            Capabilities = RegexCapabilities.RuntimeCompilation | RegexCapabilities.Greedy
                | RegexCapabilities.WordBoundary | RegexCapabilities.MatchAsEnd | RegexCapabilities.MatchAll,
            RuleFlags = RuleTranslation.Known,
        };
    }

    public override RegexDeviceInfo Info { get; }

    private static KernelChoice Automata => new(
        "automaton", SimdWidth.Scalar, "table-dfa", "a table look-up a byte waits for the one before; there is no vector form of it here");

    public override void Configure(RegexConfiguration configuration)
    {
        RegexDatabase empty = RuleTranslation.Compile(Info.Name, [], Mode(configuration));
        _configuration = configuration;
        _queuePairs = new RegexSimdQueuePair?[configuration.QueuePairCount];
        _rules = [];
        _database = empty;
    }

    public override OffloadQueuePair<RegexOp> CreateQueuePair(int index, QueuePairOptions<RegexOp> options)
    {
        var made = new RegexSimdQueuePair(
            options.DescriptorCount, _configuration.GroupCount, _configuration.MatchesMax, Info.PayloadLengthMax);
        made.Replace(NewScanner(_database, made));
        _queuePairs[index] = made;
        return made;
    }

    public override void CompileAndActivate(IReadOnlyList<RegexRule> rules) =>
        Activate(RuleTranslation.Compile(Info.Name, rules, _database.Mode), rules);

    public override byte[] ExportDatabase() => DatabaseImage.Write(_rules);

    public override IReadOnlyList<RegexRule> ImportDatabase(ReadOnlyMemory<byte> database)
    {
        List<RegexRule> rules = DatabaseImage.Read(database.Span);
        RuleTranslation.RequireRoom(rules, _configuration);
        RegexDatabase compiled;
        try
        {
            compiled = RuleTranslation.Compile(Info.Name, rules, _database.Mode);
        }
        catch (RegexRuleException e)
        {
            throw new FormatException($"The rule database holds a rule that this device does not take: {e.Errors[0]}.", e);
        }

        Activate(compiled, rules);
        return rules;
    }

    public override IReadOnlyList<RegexRuleReport> ExplainRules() => RuleExplanation.Of(_database);

    public override void Start()
    {
    }

    public override void Stop()
    {
        // An op is complete when the enqueue that took it returns, so nothing is under way.
    }

    public override IReadOnlyList<ExtendedStatistic> ReadExtendedStatistics()
    {
        List<ExtendedStatistic> all = [];
        Add("rules", (ulong)_database.Rules.Length);
        Add("database_bytes", (ulong)_database.ByteCount);
        for (int length = 2; length <= LiteralTable.WindowMax; length++)
        {
            LiteralTable? table = Array.Find(_database.Literals, t => t.WindowLength == length);
            Add($"literal_windows_{length}", (ulong)(table?.LiteralCount ?? 0));
        }

        Add("shared_automata", (ulong)_database.Shared.Length);
        Add("always_rules", (ulong)_database.AlwaysRules.Length);
        for (int q = 0; q < _queuePairs.Length; q++)
        {
            ScanStatistics s = _queuePairs[q]?.ScanStatistics ?? new ScanStatistics();
            Add($"q{q}_payload_bytes", s.PayloadBytes);
            Add($"q{q}_copied_bytes", s.CopiedBytes);
            Add($"q{q}_candidates", s.Candidates);
            Add($"q{q}_literal_hits", s.LiteralHits);
            Add($"q{q}_verifications", s.Verifications);
            Add($"q{q}_verified_bytes", s.VerifiedBytes);
            Add($"q{q}_nfa_runs", s.NfaRuns);
            Add($"q{q}_cache_clears", _queuePairs[q]?.CacheClears ?? 0);
            Add($"q{q}_budget_hits", s.BudgetHits);
            Add($"q{q}_matches", s.Matches);
        }

        return all;

        void Add(string name, ulong value) => all.Add(new ExtendedStatistic(all.Count, name, value));
    }

    private static MatchMode Mode(RegexConfiguration configuration)
    {
        bool ends = configuration.Flags.HasFlag(RegexConfigurationFlags.MatchAsEnd);
        bool every = configuration.Flags.HasFlag(RegexConfigurationFlags.MatchAll);
        return ends && every
            ? throw new ArgumentException("MatchAsEnd and MatchAll exclude each other; set one of them.", nameof(configuration))
            : ends ? MatchMode.Ends
            : every ? MatchMode.All
            : MatchMode.FindAll;
    }

    private void Activate(RegexDatabase database, IReadOnlyList<RegexRule> rules)
    {
        // Every scanner is made before the first is handed over, so that running out of memory changes nothing.
        RegexScanner?[] scanners = Array.ConvertAll(_queuePairs, pair => pair is null ? null : NewScanner(database, pair));
        _database = database;
        _rules = [.. rules];
        for (int q = 0; q < scanners.Length; q++)
        {
            if (scanners[q] is { } scanner)
            {
                _queuePairs[q]!.Replace(scanner);
            }
        }
    }

    private RegexScanner NewScanner(RegexDatabase database, RegexSimdQueuePair pair) =>
        new(database, _literalScan, _byteScan, _configuration.MatchesMax, pair.ScanStatistics);
}
