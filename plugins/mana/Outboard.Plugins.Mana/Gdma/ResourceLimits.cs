namespace Outboard.Plugins.Mana.Gdma;

/// <summary>How many of each resource the adapter has for this function.</summary>
internal sealed record ResourceLimits
{
    public required uint SendQueues { get; init; }

    public required uint ReceiveQueues { get; init; }

    public required uint CompletionQueues { get; init; }

    public required uint EventQueues { get; init; }

    public required uint DoorbellPages { get; init; }

    public required uint MemoryRegions { get; init; }
}
