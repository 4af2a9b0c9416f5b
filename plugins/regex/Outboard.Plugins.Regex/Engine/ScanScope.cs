namespace Outboard.Plugins.Regex.Engine;

/// <summary>What the bytes of one scan are: a payload, or the last bytes of a stream and a payload behind them.</summary>
internal readonly record struct ScanScope
{
    /// <summary>The least offset at which a match may begin; what is before it is context only.</summary>
    public int From { get; init; }

    /// <summary>The offset of the first byte that no earlier scan has seen.</summary>
    public int Fresh { get; init; }

    /// <summary>Whether a filter that ran before knows that no literal is there.</summary>
    public bool HasNoLiteral { get; init; }

    /// <summary>Whether more bytes may follow, so that what they could change is held back.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether bytes before the first one are missing, so that it is not the start of the subject.</summary>
    public bool IsCut { get; init; }

    /// <summary>The stream that remembers what was reported, or null.</summary>
    public RegexStream? Stream { get; init; }

    /// <summary>A payload by itself.</summary>
    public static ScanScope Whole => default;
}
