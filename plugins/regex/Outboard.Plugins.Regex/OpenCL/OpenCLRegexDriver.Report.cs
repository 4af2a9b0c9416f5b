using Outboard.Devices;
using Outboard.Plugins.Regex.Engine;
using Outboard.Regex;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.OpenCL;

internal sealed partial class OpenCLRegexDriver
{
    public override IReadOnlyList<ExtendedStatistic> ReadExtendedStatistics()
    {
        ReleaseRetired();
        var report = new RegexStatisticsReport(_book.Database);
        report.AddDatabase();
        report.Add("device_table_bytes", (ulong)_tables.ByteCount);
        report.Add("device_rule_sets", (ulong)_retired.Count + 1);
        report.Add("device_objects", (ulong)_resources.Context.LiveObjectCount);
        for (int q = 0; q < _queuePairs.Length; q++)
        {
            FilterCounters device = _queuePairs[q]?.Counters ?? new FilterCounters();
            report.Add($"q{q}_batches", device.Batches);
            report.Add($"q{q}_batch_payloads", device.Payloads);
            report.Add($"q{q}_flagged_payloads", device.FlaggedPayloads);
            report.Add($"q{q}_scanned_bytes", device.ScannedBytes);
            report.Add($"q{q}_overflowed_lists", device.OverflowedLists);
            report.Add($"q{q}_device_errors", device.DeviceErrors);
            report.Add($"q{q}_last_device_error", device.LastDeviceError);
            report.AddScanner($"q{q}", _queuePairs[q]?.ScanStatistics, _queuePairs[q]?.Scanner);
        }

        report.AddRules(_queuePairs.Select(static q => q?.Scanner.Counters));
        return report.All;
    }

    private RegexDeviceInfo Describe(DriverContext context, IReadOnlyList<KernelChoice> kernels, int queues, int payload) => new()
    {
        Name = context.DeviceName,
        Driver = context.DriverName,
        Backend = $"OpenCL: {_device}",
        Kernels = kernels,
        QueuePairMax = queues,
        DescriptorMax = DescriptorLimit,
        MatchesMax = MatchLimit,
        PayloadLengthMax = payload,
        SegmentsMax = ushort.MaxValue,
        RulesPerGroupMax = 1 << 20,
        GroupsMax = 1 << 16,
        IsTrainable = true,
        Capabilities = RuleBook.Capabilities,
        RuleFlags = RuleTranslation.Known,
    };
}
