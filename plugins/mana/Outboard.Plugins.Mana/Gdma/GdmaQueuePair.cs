namespace Outboard.Plugins.Mana.Gdma;

/// <summary>
/// A work queue and its completion queue: memory, the adapter's objects, and the driver's side of both rings.
/// </summary>
internal sealed unsafe class GdmaQueuePair : IDisposable
{
    private const int RingByteMin = 4096;
    private const uint NoEventQueue = 0xFFFF;

    private readonly GdmaDevice _device;
    private readonly GdmaQueueType _type;
    private readonly DmaBlock _work;
    private readonly DmaBlock _completion;
    private bool _destroyed;
    private bool _disposed;

    public GdmaQueuePair(
        GdmaDevice device, GdmaQueueType type, uint workByteCount, uint completionCount, uint? eventQueue)
    {
        _device = device;
        _type = type;
        workByteCount = Math.Max(workByteCount, RingByteMin);
        uint completionByteCount = Math.Max(completionCount * CompletionEntry.Size, RingByteMin);
        _work = new DmaBlock(device.Bus, (int)workByteCount);
        _completion = new DmaBlock(device.Bus, (int)completionByteCount);
        ulong workRegion = 0;
        ulong completionRegion = 0;
        try
        {
            workRegion = device.Gdma.CreateDmaRegion(_work.Address, workByteCount);
            completionRegion = device.Gdma.CreateDmaRegion(_completion.Address, completionByteCount);
            Object = device.Ethernet.CreateWorkQueue(
                device.Vport.Handle,
                type,
                workRegion,
                workByteCount,
                completionRegion,
                completionByteCount,
                eventQueue ?? NoEventQueue);
        }
        catch
        {
            DestroyRegion(workRegion);
            DestroyRegion(completionRegion);
            _work.Dispose();
            _completion.Dispose();
            throw;
        }

        Work = new WorkRing(
            device.Bus, _work.Pointer, workByteCount, type, Object.WorkQueueId, device.DoorbellPage);
        Completions = new CompletionRing(
            device.Bus,
            _completion.Pointer,
            completionByteCount / CompletionEntry.Size,
            Object.CompletionQueueId,
            device.DoorbellPage);
    }

    public WorkQueueObject Object { get; }

    public WorkRing Work { get; }

    public CompletionRing Completions { get; }

    /// <summary>Takes the queue from the adapter. Its memory stays, and what was completed can still be read.</summary>
    public void Destroy()
    {
        if (!_destroyed)
        {
            _destroyed = true;
            try
            {
                _device.Ethernet.DestroyWorkQueue(_type, Object.Handle);
            }
            catch (GdmaException)
            {
                // An adapter that is gone has no queue left; its memory is ours again either way.
            }
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Destroy();
            _work.Dispose();
            _completion.Dispose();
        }
    }

    private void DestroyRegion(ulong handle)
    {
        if (handle != 0)
        {
            try
            {
                _device.Gdma.DestroyDmaRegion(handle);
            }
            catch (GdmaException)
            {
                // Used up by the request that failed later.
            }
        }
    }
}
