namespace Outboard.Plugins.Mana.Adapter.Memory;

/// <summary>A list of pages that a driver described, until something is built on it.</summary>
internal sealed class DmaRegion(ulong byteCount, uint offsetInPage, int pageShift, uint pageCount)
{
    private readonly ulong[] _pages = new ulong[pageCount];

    public ulong ByteCount { get; } = byteCount;

    public uint PageCount { get; } = pageCount;

    public uint Received { get; private set; }

    public bool IsComplete => Received == PageCount;

    public bool IsInUse { get; set; }

    public bool TryAdd(ulong page)
    {
        if (IsComplete || (page & ((1UL << pageShift) - 1)) != 0)
        {
            return false;
        }

        _pages[Received++] = page;
        return true;
    }

    /// <summary>
    /// Resolves the region where its pages lie one behind the other. This adapter takes no scattered list: what it is
    /// given comes from one process, whose queues and pools are contiguous.
    /// </summary>
    public unsafe bool TryResolve(GuestMemory memory, out byte* pointer)
    {
        pointer = null;
        if (!IsComplete || offsetInPage + ByteCount > (ulong)PageCount << pageShift)
        {
            return false;
        }

        for (int i = 1; i < _pages.Length; i++)
        {
            if (_pages[i] != _pages[i - 1] + (1UL << pageShift))
            {
                return false;
            }
        }

        return memory.TryResolve(_pages[0] + offsetInPage, ByteCount, out pointer);
    }
}
