using Outboard.Plugins.Regex.Automata;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>Rules without a literal that one automaton watches for.</summary>
/// <param name="Dfa">Its rule lists hold indices of rules in the database.</param>
/// <param name="RuleCount">How many rules are in it; the scan may stop when all were seen.</param>
internal sealed record SharedAutomaton(Dfa Dfa, int RuleCount);
