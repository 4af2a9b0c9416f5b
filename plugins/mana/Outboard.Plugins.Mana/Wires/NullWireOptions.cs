namespace Outboard.Plugins.Mana.Wires;

/// <summary>What the null wire generates.</summary>
internal sealed record NullWireOptions
{
    public const int FrameLengthMin = 60;

    /// <summary>Bytes of a frame without FCS, 60 or more.</summary>
    public int FrameLength { get; init; } = 64;

    /// <summary>Different flows (source port and address), 1 to 4096.</summary>
    public int FlowCount { get; init; } = 64;

    /// <summary>Frames to generate; 0 has no end.</summary>
    public ulong FrameCount { get; init; }

    public ulong Seed { get; init; } = 1;
}
