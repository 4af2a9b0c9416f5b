using Outboard.Devices;

namespace Outboard.Crypto;

/// <summary>How a pool of crypto ops is made.</summary>
public sealed record CryptoOpPoolOptions : OpPoolOptions
{
    /// <summary>What the ops have room for besides symmetric ops with a session.</summary>
    public CryptoOpRoom Room { get; init; }
}
