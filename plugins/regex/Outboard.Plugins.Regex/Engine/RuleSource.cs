using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>A rule as it was given.</summary>
internal sealed record RuleSource(uint Id, ushort Group, byte[] Pattern, RuleOptions Options);
