using Outboard.Devices;

namespace Outboard.Regex;

/// <summary>How a pool of regex ops is made.</summary>
public sealed record RegexOpPoolOptions : OpPoolOptions
{
    /// <summary>How many matches an op has room for, 1 to 65535; further ones are counted.</summary>
    public int MatchesMax { get; init; } = 32;
}
