namespace Outboard.Plugins.Mana.Bus;

/// <summary>
/// What an interrupt vector raises. Called on the thread that does the adapter's work; must not block.
/// </summary>
internal interface IInterruptSink
{
    /// <summary>Takes one interrupt.</summary>
    void Raise();
}
