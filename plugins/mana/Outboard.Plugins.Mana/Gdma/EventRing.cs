using Outboard.Plugins.Mana.Bus;

namespace Outboard.Plugins.Mana.Gdma;

/// <summary>
/// The driver's side of an event queue. Same owner rule as <see cref="CompletionRing"/>. Control path.
/// </summary>
internal sealed unsafe class EventRing
{
    private readonly AdapterBus _bus;
    private readonly byte* _ring;
    private readonly uint _entryCount;
    private uint _head;

    public EventRing(AdapterBus bus, byte* ring, uint entryCount)
    {
        _bus = bus;
        _ring = ring;
        _entryCount = entryCount;
        _head = entryCount;
    }

    /// <summary>Set when the adapter has named the queue.</summary>
    public uint Id { get; set; }

    public uint DoorbellPage { get; set; }

    public uint Head => _head;

    public bool IsCorrupt { get; private set; }

    /// <summary>Takes the next event.</summary>
    public bool TryTake(out uint type, out uint data)
    {
        byte* entry = _ring + ((nuint)(_head & (_entryCount - 1)) * EventEntry.Size);
        uint trailer = EventEntry.Trailer(entry);
        uint lap = (_head / _entryCount) & 7;
        uint owner = EventEntry.Owner(trailer);
        if (owner != lap || IsCorrupt)
        {
            IsCorrupt |= owner != ((lap - 1) & 7) && owner != lap;
            (type, data) = (0, 0);
            return false;
        }

        type = EventEntry.Type(trailer);
        data = EventEntry.Data(entry);
        _head++;
        return true;
    }

    /// <summary>Tells the adapter how far the ring was read, and asks for the next interrupt when armed.</summary>
    public void Ring(bool arm) => _bus.RingDoorbell(
        DoorbellPage, DoorbellFormat.EventOffset, DoorbellFormat.EventQueue(Id, _head, _entryCount, arm));
}
