namespace Outboard.Regex.Ids;

/// <summary>One thing that a rule asks of a packet's bytes, in the order of the rule.</summary>
/// <param name="BufferName">The buffer, in the words of the rule; empty for the payload.</param>
public abstract record IdsItem(string BufferName);
