namespace Outboard.Plugins.Mana.Adapter.Queues;

/// <summary>The adapter's end of an interrupt vector.</summary>
internal interface IInterruptSource
{
    /// <summary>Raises the vector once.</summary>
    void Raise();
}
