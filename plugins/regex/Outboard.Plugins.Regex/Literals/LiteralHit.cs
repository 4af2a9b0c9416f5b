namespace Outboard.Plugins.Regex.Literals;

/// <summary>A literal stands in the payload.</summary>
/// <param name="Spec">Index of the literal among those the index was built from.</param>
/// <param name="Start">Offset of its first byte.</param>
internal readonly record struct LiteralHit(int Spec, int Start);
