using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.OpenCL;
using Outboard.Plugins.Regex.Engine;
using Outboard.Regex;
using Outboard.Regex.Driver;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>
/// The driver <c>regex_opencl</c>: an OpenCL device reads every byte of a batch of payloads and clears those in which nothing can match; the
/// host scans the rest as <c>regex_simd</c> does, so the matches are the same.
/// </summary>
/// <remarks>
/// Device arguments: <c>platform=</c> and <c>device=</c> choose the device by index, part of the name or kind; <c>batch=</c> bounds the
/// payloads of a launch, <c>depth=</c> the launches under way on a queue pair, <c>queues=</c> the queue pairs, <c>payload_max=</c> the
/// bytes of a payload; <c>rule_stats=on</c> counts for each rule; <c>cache=off</c> builds the kernels anew at every open.
/// Rules change while bursts run: a batch keeps those it was opened with, and the tables on the device are released by a later control
/// call, once no queue pair uses them.
/// </remarks>
internal sealed partial class OpenCLRegexDriver : RegexDriver
{
    public const string DriverName = "regex_opencl";

    private const int QueuePairLimit = 16;
    private const int DescriptorLimit = 1 << 16;
    private const int BatchDefault = 1024;
    private const int BatchLimit = 1 << 14;
    private const int DepthDefault = 2;
    private const int DepthLimit = 8;
    private const int MatchLimit = 65535;
    private const int PayloadDefault = 1 << 17;
    private const int PayloadLimit = 1 << 26;

    private readonly OpenCLDevice _device;
    private readonly OpenCLDeviceResources _resources;
    private readonly OpenCLQueue _uploads;
    private readonly RegexKernels _kernels;
    private readonly RuleBook _book;
    private readonly List<DeviceTables> _retired = [];
    private readonly int _batchMax;
    private readonly int _depth;
    private readonly bool _countRules;
    private OpenCLRegexQueuePair?[] _queuePairs = [];
    private RegexConfiguration _configuration = new();
    private DeviceTables _tables;
    private long _version;
    private bool _isRunning;

    public OpenCLRegexDriver(DriverContext context, OpenCLProbe probe, OpenCLTuning tuning)
    {
        string? platform = context.Arguments.TakeString("platform");
        string? device = context.Arguments.TakeString("device");
        int queues = context.Arguments.TakeInt32("queues", QueuePairLimit, 1, QueuePairLimit);
        int payload = context.Arguments.TakeInt32("payload_max", PayloadDefault, 64, PayloadLimit);
        _batchMax = context.Arguments.TakeInt32("batch", BatchDefault, 1, BatchLimit);
        _depth = context.Arguments.TakeInt32("depth", DepthDefault, 1, DepthLimit);
        OpenCLProgramCache cache =
            context.Arguments.TakeBoolean("cache", true) ? OpenCLProgramCache.ForUser() : OpenCLProgramCache.Off;
        _countRules = context.Arguments.TakeBoolean("rule_stats", false);
        _kernels = RegexKernels.Choose(context.Simd, out IReadOnlyList<KernelChoice> choices);
        if (!probe.TrySelect(platform, device, out OpenCLDevice? selected, out string? reason))
        {
            throw probe.Devices.Count == 0
                ? new DeviceException(context.DeviceName, reason)
                : new ArgumentException($"{context.DeviceName}: {reason}.");
        }

        _device = selected;
        Info = Describe(context, [.. DeviceKernels, .. choices], queues, payload);
        _book = new RuleBook(context.DeviceName);
        OpenCLContext? made = null;
        try
        {
            made = _device.CreateContext();
            _uploads = made.CreateQueue();
            _resources = new OpenCLDeviceResources(made, FilterKernels.Build(made, cache), tuning);
            _tables = Upload(_book.Database);
        }
        catch (OpenCLException e)
        {
            made?.Dispose();
            throw new DeviceException(context.DeviceName, e.Message, e);
        }
    }

    public override RegexDeviceInfo Info { get; }

    private static IEnumerable<KernelChoice> DeviceKernels =>
    [
        new("literal-filter", SimdWidth.Scalar, "opencl-window-hash",
            "runs on the OpenCL device, one work item for 256 bytes; the switch binds the host's code only"),
        new("rule-wake", SimdWidth.Scalar, "opencl-table-dfa",
            "runs on the OpenCL device, one work item for a payload; the switch binds the host's code only"),
    ];

    public override void Configure(RegexConfiguration configuration)
    {
        _book.Configure(configuration);
        DeviceTables tables = Guard(() => Upload(_book.Database));
        _configuration = configuration;
        _queuePairs = new OpenCLRegexQueuePair?[configuration.QueuePairCount];
        Exchange(tables);
    }

    public override OffloadQueuePair<RegexOp> CreateQueuePair(int index, QueuePairOptions<RegexOp> options)
    {
        var limits = new QueuePairLimits(
            _configuration.GroupCount, _configuration.MatchesMax, Info.PayloadLengthMax, _batchMax, _depth);
        OpenCLRegexQueuePair made = Guard(() => new OpenCLRegexQueuePair(this, _resources, limits, options.DescriptorCount));
        made.Replace(new RulesInForce(_tables, NewScanner(_tables, made)));
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

    public override void Start()
    {
        _isRunning = true;
        ForEachPair(static pair => pair.Start());
    }

    public override void Stop()
    {
        ForEachPair(static pair => pair.Stop());
        _isRunning = false;
    }

    /// <summary>A queue pair was disposed.</summary>
    public void Forget(OpenCLRegexQueuePair queuePair)
    {
        int index = Array.IndexOf(_queuePairs, queuePair);
        if (index >= 0)
        {
            _queuePairs[index] = null;
        }
    }

    protected override void Dispose(bool disposing) => _resources.Context.Dispose();

    private void Activate(RegexDatabase database, IReadOnlyList<RegexRule> rules)
    {
        // Everything is made before the first queue pair gets it, so that running out of memory changes nothing.
        DeviceTables tables = Guard(() => Upload(database));
        RulesInForce?[] made = Array.ConvertAll(
            _queuePairs, pair => pair is null ? null : new RulesInForce(tables, NewScanner(tables, pair)));
        _book.Activate(database, rules);
        for (int q = 0; q < made.Length; q++)
        {
            if (made[q] is { } inForce)
            {
                _queuePairs[q]!.Replace(inForce);
            }
        }

        Exchange(tables);
    }

    private DeviceTables Upload(RegexDatabase database) => new(
        _resources.Context,
        _uploads,
        database,
        Math.Min(_device.AllocationByteCountMax, _resources.Tuning.TableByteCountMax),
        ++_version);

    /// <summary>Puts tables in the place of others, and releases those that no queue pair uses any more.</summary>
    private void Exchange(DeviceTables tables)
    {
        _retired.Add(_tables);
        _tables = tables;
        ReleaseRetired();
    }

    private void ReleaseRetired()
    {
        // A device that does not run has nothing in flight when this is called, and begins with the newest rules.
        long oldest = _tables.Version;
        if (_isRunning)
        {
            ForEachPair(pair => oldest = Math.Min(oldest, pair.OldestVersion));
        }

        _retired.RemoveAll(tables =>
        {
            if (tables.Version >= oldest)
            {
                return false;
            }

            tables.Dispose();
            return true;
        });
    }

    private void ForEachPair(Action<OpenCLRegexQueuePair> action)
    {
        foreach (OpenCLRegexQueuePair? pair in _queuePairs)
        {
            if (pair is not null)
            {
                action(pair);
            }
        }
    }

    private RegexScanner NewScanner(DeviceTables tables, OpenCLRegexQueuePair pair) =>
        new(tables.Database, _kernels, _configuration.MatchesMax, pair.ScanStatistics, Info.PayloadLengthMax, _countRules);

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is OpenCLException or NotSupportedException)
        {
            throw new DeviceException(Info.Name, e.Message, e);
        }
    }
}
