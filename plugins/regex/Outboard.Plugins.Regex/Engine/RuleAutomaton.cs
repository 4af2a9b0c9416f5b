using Outboard.Plugins.Regex.Automata;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>
/// One automaton of a rule: a whole table where that is small, else a program of which each scanner makes the states it meets. Immutable.
/// </summary>
/// <param name="Program">What it runs.</param>
/// <param name="StartPc">The instruction it starts at.</param>
/// <param name="Ordered">Whether preference counts: then it finds the preferred match, otherwise every one.</param>
/// <param name="Table">The whole table, or null.</param>
/// <param name="Slot">Without a table: which of the rule's lazy automata it is.</param>
internal sealed record RuleAutomaton(NfaProgram Program, int StartPc, bool Ordered, Dfa? Table, int Slot);
