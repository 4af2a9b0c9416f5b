namespace Outboard.Plugins.Regex.Automata;

/// <summary>Takes the ends of matches from a run that reports every one.</summary>
internal interface IEndSink
{
    /// <summary>A match ends before this offset; offsets come in ascending order, each once.</summary>
    void Add(int end);
}
