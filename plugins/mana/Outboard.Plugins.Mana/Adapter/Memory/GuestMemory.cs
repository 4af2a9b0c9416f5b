namespace Outboard.Plugins.Mana.Adapter.Memory;

/// <summary>What the adapter may reach at all: the part an IOMMU plays for hardware.</summary>
/// <remarks>
/// Ranges change on the control path and are read on any thread: a change publishes a new array, and a reader uses the
/// one it found. A mapping is taken away only when nothing uses it any more, which is the caller's duty as it is with
/// an IOMMU.
/// </remarks>
internal sealed unsafe class GuestMemory
{
    private readonly Lock _lock = new();
    private Range[] _ranges = [];

    public void Map(byte* address, nuint byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfZero(byteCount);
        lock (_lock)
        {
            foreach (Range range in _ranges)
            {
                if (range.Overlaps((ulong)address, byteCount))
                {
                    throw new ArgumentException(
                        $"Memory at 0x{(ulong)address:x} ({byteCount} bytes) is mapped already.", nameof(address));
                }
            }

            Volatile.Write(ref _ranges, [.. _ranges, new Range((ulong)address, byteCount)]);
        }
    }

    public void Unmap(byte* address)
    {
        lock (_lock)
        {
            Volatile.Write(ref _ranges, Array.FindAll(_ranges, range => range.Start != (ulong)address));
        }
    }

    /// <summary>Whether one mapping holds the whole range.</summary>
    public bool TryResolve(ulong address, ulong byteCount, out byte* pointer)
    {
        foreach (Range range in Volatile.Read(ref _ranges))
        {
            if (address - range.Start <= range.ByteCount && byteCount <= range.ByteCount - (address - range.Start))
            {
                pointer = (byte*)address;
                return true;
            }
        }

        pointer = null;
        return false;
    }

    private readonly record struct Range(ulong Start, ulong ByteCount)
    {
        public bool Overlaps(ulong start, ulong byteCount) =>
            start < Start + ByteCount && Start < start + byteCount;
    }
}
