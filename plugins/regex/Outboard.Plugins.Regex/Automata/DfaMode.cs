namespace Outboard.Plugins.Regex.Automata;

/// <summary>What a table automaton is to tell.</summary>
internal enum DfaMode
{
    /// <summary>The preferred match: what is less preferred than a match is dropped.</summary>
    Preferred,

    /// <summary>Every match.</summary>
    Every,

    /// <summary>Only whether there is a match, as early as can be; behind one the search begins anew.</summary>
    Presence,
}
