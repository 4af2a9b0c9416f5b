namespace Outboard.Regex;

/// <summary>How a regex device is configured.</summary>
public sealed record RegexConfiguration
{
    /// <summary>How many queue pairs.</summary>
    public int QueuePairCount { get; init; } = 1;

    /// <summary>How many matches one op may report at most; further ones are counted.</summary>
    public int MatchesMax { get; init; } = 254;

    /// <summary>How many groups there may be.</summary>
    public int GroupCount { get; init; } = 1;

    /// <summary>How many rules a group may hold; 0 for as many as the device can.</summary>
    public int RulesPerGroupMax { get; init; }

    /// <summary>What is reported.</summary>
    public RegexConfigurationFlags Flags { get; init; }

    /// <summary>A rule database exported earlier, or empty.</summary>
    public ReadOnlyMemory<byte> RuleDatabase { get; init; }
}
