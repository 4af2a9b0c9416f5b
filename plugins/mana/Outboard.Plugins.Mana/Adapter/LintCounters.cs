namespace Outboard.Plugins.Mana.Adapter;

/// <summary>Mistakes of a driver that hardware would leave unnamed. Counted without a lock: near enough.</summary>
internal sealed class LintCounters
{
    /// <summary>Doorbells of an unknown queue, a foreign page, or with a tail that makes no sense.</summary>
    public ulong Doorbells;

    /// <summary>Work elements that no driver may write.</summary>
    public ulong WorkElements;

    /// <summary>Addresses outside of the region of their key, or keys of nobody.</summary>
    public ulong Keys;

    /// <summary>Completion queues left unrung for more than eight laps.</summary>
    public ulong StaleCompletionQueues;
}
