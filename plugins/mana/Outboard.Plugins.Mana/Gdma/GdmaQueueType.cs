namespace Outboard.Plugins.Mana.Gdma;

/// <summary>Queue types by their number on the wire.</summary>
internal enum GdmaQueueType : uint
{
    Send = 1,
    Receive = 2,
    Completion = 3,
    Event = 4,
}
