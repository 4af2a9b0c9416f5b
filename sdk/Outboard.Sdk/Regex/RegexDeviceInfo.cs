using Outboard.Devices;

namespace Outboard.Regex;

/// <summary>What a regex device is and can do.</summary>
public sealed record RegexDeviceInfo : DeviceInfo
{
    /// <inheritdoc/>
    public override DeviceClass Class => DeviceClass.Regex;

    /// <summary>The greatest number of matches that one op may report.</summary>
    public required int MatchesMax { get; init; }

    /// <summary>The longest payload, in bytes.</summary>
    public required int PayloadLengthMax { get; init; }

    /// <summary>The greatest number of segments of a payload's mbuf chain.</summary>
    public required int SegmentsMax { get; init; }

    /// <summary>The greatest number of rules in a group.</summary>
    public required int RulesPerGroupMax { get; init; }

    /// <summary>The greatest number of groups.</summary>
    public required int GroupsMax { get; init; }

    /// <summary>What the device can do.</summary>
    public required RegexCapabilities Capabilities { get; init; }

    /// <summary>Whether <see cref="RegexDevice.TrainOn"/> makes a difference.</summary>
    public bool IsTrainable { get; init; }

    /// <summary>The rule flags that the device takes.</summary>
    public required RegexRuleFlags RuleFlags { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> CapabilityNames =>
        [.. Enum.GetValues<RegexCapabilities>().Where(c => c != 0 && Capabilities.HasFlag(c)).Select(c => c.ToString())];
}
