namespace Outboard.Ml;

/// <summary>How an ml device is configured.</summary>
public sealed record MlConfiguration
{
    /// <summary>How many queue pairs.</summary>
    public int QueuePairCount { get; init; } = 1;

    /// <summary>How many models may be loaded at once.</summary>
    public int ModelsMax { get; init; } = 16;
}
