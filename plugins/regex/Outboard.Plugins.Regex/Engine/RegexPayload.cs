using Outboard.Regex;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>An op that was taken, and the bytes to search for it.</summary>
internal struct RegexPayload
{
    public RegexOp Op;

    /// <summary>What is searched: the kept bytes of the stream, if any, and the payload.</summary>
    public PayloadView View;

    public GroupSelection Groups;

    /// <summary>The flow it continues, or null.</summary>
    public RegexStream? Stream;

    /// <summary>Bytes of the stream before the payload.</summary>
    public int TailLength;

    /// <summary>Whether the bytes were copied.</summary>
    public bool IsGathered;

    /// <summary>Whether the chain is shorter than its packet says, so that the op fails.</summary>
    public bool IsBroken;
}
