namespace Outboard.Memory;

/// <summary>What a <see cref="Ring{T}"/> is made from.</summary>
public sealed record RingOptions
{
    /// <summary>The name that messages and reports use.</summary>
    public string Name { get; init; } = "ring";

    /// <summary>
    /// Slots. With <see cref="ExactSize"/> every one of them can be used, 1 to 2^30 - 1; without, it is a power of two from 2 to 2^30,
    /// of which one less can be used.
    /// </summary>
    public required int Size { get; init; }

    /// <summary>Whether <see cref="Size"/> is the exact capacity instead of a power of two. On unless set.</summary>
    public bool ExactSize { get; init; } = true;

    /// <summary>How enqueuing threads synchronise.</summary>
    public RingSync Producer { get; init; } = RingSync.MultiThread;

    /// <summary>How dequeuing threads synchronise.</summary>
    public RingSync Consumer { get; init; } = RingSync.MultiThread;

    /// <summary>
    /// For <see cref="RingSync.Relaxed"/>: how many elements a side may have in flight before newcomers wait; 0 means an eighth of the capacity.
    /// </summary>
    public int HeadTailDistanceMax { get; init; }
}
