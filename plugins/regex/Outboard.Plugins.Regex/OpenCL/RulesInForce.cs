using Outboard.Plugins.Regex.Engine;

namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>A rule set as one queue pair uses it: the tables, which all pairs share, and a scanner of its own.</summary>
internal sealed record RulesInForce(DeviceTables Tables, RegexScanner Scanner);
