namespace Outboard.Plugins.Mana.Gdma;

/// <summary>An event queue of the driver's own: memory, the adapter's object, the driver's side of the ring.</summary>
internal sealed unsafe class GdmaEventQueue : IDisposable
{
    private readonly GdmaDevice _device;
    private readonly DeviceId _owner;
    private readonly DmaBlock _memory;
    private bool _disposed;

    public GdmaEventQueue(GdmaDevice device, DeviceId owner, uint entryCount, uint vector)
    {
        _device = device;
        _owner = owner;
        uint byteCount = Math.Max(entryCount * EventEntry.Size, DmaBlock.PageSize);
        _memory = new DmaBlock(device.Bus, (int)byteCount);
        try
        {
            ulong region = device.Gdma.CreateDmaRegion(_memory.Address, byteCount);
            Ring = new EventRing(device.Bus, _memory.Pointer, byteCount / EventEntry.Size)
            {
                DoorbellPage = device.DoorbellPage,
                Id = device.Gdma.CreateEventQueue(
                    owner, device.ProtectionDomainId, device.DoorbellPage, region, byteCount, vector),
            };
        }
        catch
        {
            _memory.Dispose();
            throw;
        }
    }

    public EventRing Ring { get; }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            try
            {
                _device.Gdma.DisableEventQueue(_owner, Ring.Id);
            }
            catch (GdmaException)
            {
                // As with the work queues.
            }

            _memory.Dispose();
        }
    }
}
