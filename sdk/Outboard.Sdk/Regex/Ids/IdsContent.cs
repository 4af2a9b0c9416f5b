namespace Outboard.Regex.Ids;

/// <summary>A <c>content</c>: bytes to find, or not to find.</summary>
/// <param name="BufferName">The buffer, in the words of the rule; empty for the payload.</param>
/// <param name="Bytes">The bytes; at least one.</param>
public sealed record IdsContent(string BufferName, ReadOnlyMemory<byte> Bytes) : IdsItem(BufferName)
{
    /// <summary>Whether the bytes must not be found.</summary>
    public bool IsNegated { get; init; }

    /// <summary>Whether ASCII letters match both cases.</summary>
    public bool IsCaseless { get; init; }

    /// <summary>The least offset of the first byte, or null.</summary>
    public int? Offset { get; init; }

    /// <summary>Within how many bytes behind the offset the content must end, or null.</summary>
    public int? Depth { get; init; }

    /// <summary>How far behind the previous match the content begins at least, or null.</summary>
    public int? Distance { get; init; }

    /// <summary>Within how many bytes behind the distance the content must end, or null.</summary>
    public int? Within { get; init; }

    /// <summary>Whether it must begin the buffer.</summary>
    public bool IsAtStart { get; init; }

    /// <summary>Whether it must end the buffer.</summary>
    public bool IsAtEnd { get; init; }

    /// <summary>Whether the rule asks for this content to be searched first.</summary>
    public bool IsFastPattern { get; init; }

    /// <summary>Whether the raw bytes were asked for.</summary>
    public bool IsRaw { get; init; }

    /// <summary>A position that is a variable of another option, or null.</summary>
    public string? Variable { get; init; }

    /// <summary>Whether its place depends on the previous match.</summary>
    public bool IsRelative => Distance is not null || Within is not null;
}
