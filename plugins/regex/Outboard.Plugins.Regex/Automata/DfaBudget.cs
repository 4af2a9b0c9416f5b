namespace Outboard.Plugins.Regex.Automata;

/// <summary>What one table automaton may cost at compile time.</summary>
internal readonly record struct DfaBudget(int StateMax, int EntryMax, long WorkMax);
