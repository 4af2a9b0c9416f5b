namespace Outboard.Crypto;

/// <summary>The sizes that a capability takes: from a minimum to a maximum in steps.</summary>
/// <param name="Minimum">The least size in bytes.</param>
/// <param name="Maximum">The greatest size in bytes.</param>
/// <param name="Increment">The step; 0 when minimum and maximum are the same.</param>
public readonly record struct SizeRange(int Minimum, int Maximum, int Increment)
{
    /// <summary>A range of one size.</summary>
    /// <param name="size">The size in bytes.</param>
    public static SizeRange Only(int size) => new(size, size, 0);

    /// <summary>Whether a size is in the range.</summary>
    /// <param name="size">The size in bytes.</param>
    public bool Contains(int size) =>
        size >= Minimum && size <= Maximum && (Increment == 0 ? size == Minimum : (size - Minimum) % Increment == 0);

    /// <inheritdoc/>
    public override string ToString() => Increment == 0 || Minimum == Maximum ? $"{Minimum}"
        : Increment == 1 ? $"{Minimum} to {Maximum}" : $"{Minimum} to {Maximum} in steps of {Increment}";
}
