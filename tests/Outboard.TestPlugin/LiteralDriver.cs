using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Plugins;
using Outboard.Regex;
using Outboard.Regex.Driver;
using Outboard.Simd;

namespace Outboard.TestPlugin;

/// <summary>Finds the first place of each literal.</summary>
internal sealed class LiteralDriver(DriverContext context, string backend) : RegexDriver
{
    public override RegexDeviceInfo Info { get; } = new()
    {
        Name = context.DeviceName,
        Driver = context.DriverName,
        Backend = backend,
        Kernels = [new KernelChoice("search", SimdWidth.Scalar, "span", "there is no other")],
        QueuePairMax = 1,
        DescriptorMax = 1024,
        MatchesMax = 16,
        PayloadLengthMax = 65535,
        SegmentsMax = 1,
        RulesPerGroupMax = 16,
        GroupsMax = 1,
        Capabilities = RegexCapabilities.None,
        RuleFlags = RegexRuleFlags.None,
    };

    internal IReadOnlyList<RegexRule> Rules { get; private set; } = [];

    public override void Configure(RegexConfiguration configuration) => Rules = [];

    public override void CompileAndActivate(IReadOnlyList<RegexRule> rules) => Rules = rules;

    public override byte[] ExportDatabase() => [];

    public override IReadOnlyList<RegexRule> ImportDatabase(ReadOnlyMemory<byte> database) =>
        throw new FormatException("This device has no databases.");

    public override IReadOnlyList<RegexRuleReport> ExplainRules() => [];

    public override OffloadQueuePair<RegexOp> CreateQueuePair(int index, QueuePairOptions<RegexOp> options) =>
        new LiteralQueuePair(this, options.DescriptorCount);

    public override void Start()
    {
    }

    public override void Stop()
    {
    }
}
