using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>A rule that was not taken: which, where in its pattern, and why.</summary>
internal sealed record RuleRefusal(uint Id, ushort Group, PatternRefusal Kind, int Offset, string Reason);
