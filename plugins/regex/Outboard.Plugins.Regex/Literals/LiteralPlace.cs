namespace Outboard.Plugins.Regex.Literals;

/// <summary>Where the window of a literal begins.</summary>
/// <param name="Spec">Index of the literal.</param>
/// <param name="Offset">Offset of the window in it.</param>
internal readonly record struct LiteralPlace(int Spec, int Offset);
