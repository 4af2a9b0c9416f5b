namespace Outboard.Plugins.Regex.Rules;

/// <summary>Why a pattern is refused, and where in it.</summary>
internal sealed class PatternException(PatternRefusal refusal, int offset, string reason) : Exception(reason)
{
    public PatternRefusal Refusal { get; } = refusal;

    /// <summary>Bytes from the start of the pattern to what is refused.</summary>
    public int Offset { get; } = offset;
}
