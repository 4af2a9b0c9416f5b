using System.Runtime.CompilerServices;
using Outboard.Memory;

namespace Outboard.Plugins.Ml.Plan;

/// <summary>Native memory of one plan: packed weights, constants and step arguments, handed out from large blocks, freed together.</summary>
internal sealed unsafe class PlanMemory : IDisposable
{
    private const nuint BlockBytes = 16 << 10;
    private const nuint Alignment = 64;

    private readonly List<NativeBlock> _blocks = [];
    private nint _at;
    private nuint _left;

    /// <summary>Bytes taken from the system.</summary>
    public long ByteCount { get; private set; }

    /// <summary>Zeroed elements on a cache line boundary; none for a count of 0.</summary>
    public T* Allocate<T>(int count) where T : unmanaged
    {
        nuint bytes = ((nuint)Math.Max(count, 1) * (nuint)Unsafe.SizeOf<T>()) + Alignment - 1 & ~(Alignment - 1);
        if (bytes > _left)
        {
            nuint size = Math.Max(bytes, BlockBytes) + Alignment;
            NativeBlock block = NativeBlock.Allocate(size, MemoryBacking.Allocator);
            _blocks.Add(block);
            ByteCount += (long)size;
            _at = (block.Address + (nint)Alignment - 1) & ~((nint)Alignment - 1);
            _left = size - (nuint)(_at - block.Address);
        }

        var start = (T*)_at;
        _at += (nint)bytes;
        _left -= bytes;
        return start;
    }

    public T* Copy<T>(ReadOnlySpan<T> from) where T : unmanaged
    {
        T* to = Allocate<T>(from.Length);
        from.CopyTo(new Span<T>(to, from.Length));
        return to;
    }

    public void Dispose()
    {
        foreach (NativeBlock block in _blocks)
        {
            block.Dispose();
        }

        _blocks.Clear();
        _left = 0;
    }
}
