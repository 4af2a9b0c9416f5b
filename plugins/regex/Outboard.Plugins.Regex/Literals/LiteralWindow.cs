namespace Outboard.Plugins.Regex.Literals;

/// <summary>The bytes of a literal that the filter looks for, and what a hit means.</summary>
/// <param name="Literal">The whole literal.</param>
/// <param name="WindowOffset">Where in the literal the window begins.</param>
/// <param name="Rule">Index of the rule.</param>
internal readonly record struct LiteralWindow(MaskedByte[] Literal, int WindowOffset, int Rule);
