namespace Outboard.Regex.Ids;

/// <summary>One step through a buffer: from the ends that the steps before it can have, to its own.</summary>
internal sealed record IdsStep(IdsStepKind Kind)
{
    /// <summary>The value of <see cref="Head"/> for a match that begins anywhere behind the position.</summary>
    public const int Anywhere = -1;

    /// <summary>Whether it depends on where the step before it ended.</summary>
    public bool IsRelative { get; init; }

    /// <summary>Content: the bytes, lower case when any case will do.</summary>
    public byte[] Literal { get; init; } = [];

    /// <summary>Content: whether letters match both cases.</summary>
    public bool IsCaseless { get; init; }

    /// <summary>Content: where it begins at the earliest. Size: the least length.</summary>
    public int Low { get; init; }

    /// <summary>Content: where it ends at the latest. Size: the greatest length.</summary>
    public int High { get; init; } = int.MaxValue;

    /// <summary>Content: how far behind the position it begins at the earliest. DataAt: the distance.</summary>
    public int Distance { get; init; }

    /// <summary>Content: within how many bytes from there it ends.</summary>
    public int Within { get; init; } = int.MaxValue;

    /// <summary>Content: whether it ends the buffer.</summary>
    public bool IsAtEnd { get; init; }

    /// <summary>DataAt and Size: whether the contrary is demanded.</summary>
    public bool IsNegated { get; init; }

    /// <summary>Pattern: its id.</summary>
    public int PatternId { get; init; } = -1;

    /// <summary>Pattern, relative: how many bytes of the match lie before the position, or <see cref="Anywhere"/>.</summary>
    public int Head { get; init; } = Anywhere;

    /// <summary>Whether a later step depends on where this one ended, so that every end counts.</summary>
    public bool NeedsAll { get; set; }

    /// <summary>Whether it is found rather than checked.</summary>
    public bool IsPositive => Kind is IdsStepKind.Content or IdsStepKind.Pattern;
}
