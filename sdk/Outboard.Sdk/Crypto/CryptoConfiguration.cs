namespace Outboard.Crypto;

/// <summary>How a crypto device is configured.</summary>
public sealed record CryptoConfiguration
{
    /// <summary>How many queue pairs.</summary>
    public int QueuePairCount { get; init; } = 1;
}
