namespace Outboard.Plugins.Regex.Engine;

/// <summary>A match before it is written to an op.</summary>
internal readonly record struct MatchRecord(int Rule, int Start, int End);
