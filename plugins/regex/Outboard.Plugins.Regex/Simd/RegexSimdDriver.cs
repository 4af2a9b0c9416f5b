using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Plugins.Regex.Engine;
using Outboard.Regex;
using Outboard.Regex.Driver;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Simd;

/// <summary>
/// The regex device on the processor's vector units.
/// </summary>
/// <remarks>
/// Device arguments: <c>queues=</c>, the greatest number of queue pairs; <c>payload_max=</c>, the longest payload in bytes, which is
/// also what each queue pair keeps for payloads in several segments; <c>stream_prefix=</c>, how many bytes of a stream are kept, so how
/// long before a buffer a match may have begun; <c>rule_stats=on</c>, counters for each rule.
/// Rules change while bursts run: a new database comes with a scanner for each queue pair, made here, and a queue pair takes
/// its scanner between two groups of ops by one read. The old database lives until its last reader has let go of it.
/// </remarks>
internal sealed class RegexSimdDriver : RegexDriver
{
    private const int QueuePairLimit = 256;
    private const int MatchLimit = 65535;
    private const int PayloadLimit = 1 << 26;
    private const int StreamPrefixLimit = 1 << 20;

    private readonly RegexKernels _kernels;
    private readonly RuleBook _book;
    private readonly int _streamPrefix;
    private readonly bool _countRules;
    private RegexSimdQueuePair?[] _queuePairs = [];
    private RegexConfiguration _configuration = new();
    private RegexStreams _streams;

    public RegexSimdDriver(DriverContext context)
    {
        int queues = context.Arguments.TakeInt32("queues", 64, 1, QueuePairLimit);
        int payload = context.Arguments.TakeInt32("payload_max", RegexScanner.PayloadMax, 64, PayloadLimit);
        _streamPrefix = context.Arguments.TakeInt32("stream_prefix", 1 << 12, 64, StreamPrefixLimit);
        _countRules = context.Arguments.TakeBoolean("rule_stats", false);
        _kernels = RegexKernels.Choose(context.Simd, out IReadOnlyList<KernelChoice> choices);
        _book = new RuleBook(context.DeviceName);
        _streams = new RegexStreams(_streamPrefix);
        Info = new RegexDeviceInfo
        {
            Name = context.DeviceName,
            Driver = context.DriverName,
            Backend = "SIMD",
            Kernels = choices,
            QueuePairMax = queues,
            DescriptorMax = 1 << 16,
            MatchesMax = MatchLimit,
            PayloadLengthMax = payload,
            SegmentsMax = ushort.MaxValue,
            RulesPerGroupMax = 1 << 20,
            GroupsMax = 1 << 16,
            IsTrainable = true,
            Capabilities = RuleBook.Capabilities | RegexCapabilities.CrossBuffer | RegexCapabilities.OutOfOrder,
            RuleFlags = RuleTranslation.Known,
        };
    }

    public override RegexDeviceInfo Info { get; }

    /// <summary>The most bytes that one scan sees: a payload, and what is kept of a stream before it.</summary>
    private int PayloadRoom => Info.PayloadLengthMax
        + ((_configuration.Flags & RegexConfigurationFlags.CrossBufferScan) != 0 ? _streamPrefix : 0);

    public override void Configure(RegexConfiguration configuration)
    {
        _book.Configure(configuration);
        _configuration = configuration;
        _queuePairs = new RegexSimdQueuePair?[configuration.QueuePairCount];
        _streams = new RegexStreams(_streamPrefix);
    }

    public override OffloadQueuePair<RegexOp> CreateQueuePair(int index, QueuePairOptions<RegexOp> options)
    {
        var made = new RegexSimdQueuePair(
            options,
            new RegexOpReader(_streams, _configuration.GroupCount, Info.PayloadLengthMax),
            new GatherBuffer(PayloadRoom),
            _configuration.MatchesMax);
        made.Replace(NewScanner(_book.Database, made));
        _queuePairs[index] = made;
        return made;
    }

    public override void TrainOn(ReadOnlySpan<byte> sample) => _book.TrainOn(sample);

    public override void CompileAndActivate(IReadOnlyList<RegexRule> rules) => Activate(_book.Compile(rules), rules);

    public override byte[] ExportDatabase() => _book.Export();

    public override IReadOnlyList<RegexRule> ImportDatabase(ReadOnlyMemory<byte> database)
    {
        IReadOnlyList<RegexRule> rules = _book.Import(database.Span, out RegexDatabase compiled);
        Activate(compiled, rules);
        return rules;
    }

    public override IReadOnlyList<RegexRuleReport> ExplainRules() => RuleExplanation.Of(_book.Database);

    public override nint CreateStream() => _streams.Create();

    public override void ReleaseStream(nint stream) => _streams.Release(stream);

    public override void Start()
    {
    }

    public override void Stop()
    {
        // An op is complete when the enqueue that took it returns, so nothing is under way.
    }

    public override IReadOnlyList<ExtendedStatistic> ReadExtendedStatistics()
    {
        var report = new RegexStatisticsReport(_book.Database);
        report.AddDatabase();
        report.Add("scratch_bytes", (ulong)_queuePairs.Max(static q => q?.ScratchByteCount ?? 0));
        report.Add("streams", (ulong)_streams.Count);
        for (int q = 0; q < _queuePairs.Length; q++)
        {
            report.AddScanner($"q{q}", _queuePairs[q]?.ScanStatistics, _queuePairs[q]?.Scanner);
        }

        report.AddRules(_queuePairs.Select(static q => q?.Scanner?.Counters));
        return report.All;
    }

    private void Activate(RegexDatabase database, IReadOnlyList<RegexRule> rules)
    {
        // Every scanner is made before the first is handed over, so that running out of memory changes nothing.
        RegexScanner?[] scanners = Array.ConvertAll(_queuePairs, pair => pair is null ? null : NewScanner(database, pair));
        _book.Activate(database, rules);
        for (int q = 0; q < scanners.Length; q++)
        {
            if (scanners[q] is { } scanner)
            {
                _queuePairs[q]!.Replace(scanner);
            }
        }
    }

    private RegexScanner NewScanner(RegexDatabase database, RegexSimdQueuePair pair) =>
        new(database, _kernels, _configuration.MatchesMax, pair.ScanStatistics, PayloadRoom, _countRules);
}
