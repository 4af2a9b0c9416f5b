namespace Outboard.Regex.Ids;

/// <summary>What a step does.</summary>
internal enum IdsStepKind
{
    /// <summary>Finds bytes.</summary>
    Content,

    /// <summary>Demands that bytes are absent.</summary>
    NotContent,

    /// <summary>Takes matches of a pattern.</summary>
    Pattern,

    /// <summary>Demands that a pattern has no match.</summary>
    NotPattern,

    /// <summary>Demands that the buffer goes on, or ends.</summary>
    DataAt,

    /// <summary>Demands a length of the buffer.</summary>
    Size,
}
