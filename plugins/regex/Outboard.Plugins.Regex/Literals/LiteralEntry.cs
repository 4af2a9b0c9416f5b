namespace Outboard.Plugins.Regex.Literals;

/// <summary>One literal of one rule in the confirmation table.</summary>
internal readonly record struct LiteralEntry(
    uint Window, uint WindowMask, int WindowOffset, int PoolOffset, int Length, int Rule);
