using System.Runtime.InteropServices;

namespace Outboard.Memory;

/// <summary>One zeroed stretch of native memory whose pages are all present.</summary>
/// <remarks>*Owns*: whoever made it; nothing frees it but <see cref="Dispose"/>.</remarks>
public sealed unsafe class NativeBlock : IDisposable
{
    private const nuint HugePage = 2 << 20;
    private static readonly MemoryBacking[] s_defaultOrder =
        [MemoryBacking.HugePages, MemoryBacking.TransparentHugePages, MemoryBacking.Pages, MemoryBacking.Allocator];

    private void* _mapping;
    private nuint _mappedByteCount;

    private NativeBlock(void* mapping, nuint mapped, void* start, nuint byteCount, MemoryBacking backing)
    {
        _mapping = mapping;
        _mappedByteCount = mapped;
        Address = (nint)start;
        ByteCount = byteCount;
        Backing = backing;
    }

    /// <summary>The order in which the kinds of backing are tried unless another one is asked for.</summary>
    public static ReadOnlySpan<MemoryBacking> DefaultOrder => s_defaultOrder;

    /// <summary>The first byte; on a 2 MiB boundary with huge pages of either kind, else on a page or 4 KiB boundary.</summary>
    public nint Address { get; private set; }

    /// <summary>Usable bytes, as asked for.</summary>
    public nuint ByteCount { get; }

    /// <summary>What the memory stands on.</summary>
    public MemoryBacking Backing { get; }

    /// <summary>The size of the pages behind the block; bytes.</summary>
    public int PageSize => Backing is MemoryBacking.HugePages or MemoryBacking.TransparentHugePages
        ? (int)HugePage
        : Environment.SystemPageSize;

    /// <summary>Takes memory of the first kind in the order that can be had, zeroed, with every page touched.</summary>
    /// <param name="byteCount">Bytes; at least 1.</param>
    /// <param name="order">Kinds to try; empty means <see cref="DefaultOrder"/>.</param>
    public static NativeBlock Allocate(nuint byteCount, params ReadOnlySpan<MemoryBacking> order)
    {
        ArgumentOutOfRangeException.ThrowIfZero(byteCount);
        ReadOnlySpan<MemoryBacking> kinds = order.IsEmpty ? s_defaultOrder : order;
        foreach (MemoryBacking kind in kinds)
        {
            NativeBlock? block = TryAllocate(kind, byteCount);
            if (block is not null)
            {
                block.Touch();
                return block;
            }
        }

        throw new OutOfMemoryException(
            $"{byteCount} bytes could not be had as any of {string.Join(", ", kinds.ToArray())}");
    }

    /// <summary>The whole block.</summary>
    public Span<byte> AsSpan() => new((void*)Address, checked((int)ByteCount));

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        void* mapping = _mapping;
        _mapping = null;
        Address = 0;
        if (mapping is null)
        {
            return;
        }

        if (Backing == MemoryBacking.Allocator)
        {
            NativeMemory.AlignedFree(mapping);
        }
        else
        {
            // SAFETY: exactly the range that mmap returned, once.
            _ = LibC.Unmap(mapping, _mappedByteCount);
        }

        _mappedByteCount = 0;
    }

    private static NativeBlock? TryAllocate(MemoryBacking kind, nuint byteCount)
    {
        if (kind == MemoryBacking.Allocator)
        {
            void* memory = NativeMemory.AlignedAlloc(byteCount, 4096);
            NativeMemory.Clear(memory, byteCount);
            return new(memory, byteCount, memory, byteCount, kind);
        }

        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        return kind switch
        {
            MemoryBacking.HugePages => TryHugePages(byteCount),
            MemoryBacking.TransparentHugePages => TryTransparent(byteCount),
            MemoryBacking.Pages => TryPages(byteCount),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, $"backing {kind} is not known"),
        };
    }

    private static NativeBlock? TryHugePages(nuint byteCount)
    {
        nuint length = RoundUp(byteCount, HugePage);
        void* memory = LibC.Map(
            null,
            length,
            LibC.ProtReadWrite,
            LibC.MapPrivateAnonymous | LibC.MapHugeTlb | LibC.MapHuge2Mib,
            -1,
            0);
        return memory == LibC.MapFailed ? null : new(memory, length, memory, byteCount, MemoryBacking.HugePages);
    }

    private static NativeBlock? TryTransparent(nuint byteCount)
    {
        // A block of less than one huge page would waste the rest of it.
        if (byteCount < HugePage / 2 || !TransparentPagesAllowed())
        {
            return null;
        }

        nuint length = RoundUp(byteCount, HugePage) + HugePage;
        void* memory = LibC.Map(null, length, LibC.ProtReadWrite, LibC.MapPrivateAnonymous, -1, 0);
        if (memory == LibC.MapFailed)
        {
            return null;
        }

        void* start = (void*)RoundUp((nuint)memory, HugePage);
        if (LibC.Advise(start, RoundUp(byteCount, HugePage), LibC.AdviseHugePage) != 0)
        {
            _ = LibC.Unmap(memory, length);
            return null;
        }

        return new(memory, length, start, byteCount, MemoryBacking.TransparentHugePages);
    }

    private static NativeBlock? TryPages(nuint byteCount)
    {
        nuint length = RoundUp(byteCount, (nuint)Environment.SystemPageSize);
        void* memory = LibC.Map(null, length, LibC.ProtReadWrite, LibC.MapPrivateAnonymous, -1, 0);
        if (memory == LibC.MapFailed)
        {
            return null;
        }

        // Where the kernel hands out huge pages unasked, "plain pages" has to mean it. A kernel built without them refuses; that is fine.
        _ = LibC.Advise(memory, length, LibC.AdviseNoHugePage);
        return new(memory, length, memory, byteCount, MemoryBacking.Pages);
    }

    private static bool TransparentPagesAllowed()
    {
        try
        {
            return !File.ReadAllText("/sys/kernel/mm/transparent_hugepage/enabled").Contains("[never]");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static nuint RoundUp(nuint value, nuint unit) => (value + unit - 1) / unit * unit;

    private void Touch()
    {
        // A first touch costs a page fault, which belongs to set-up and not to the first packets. The pages read as zero; the
        // store makes them present and private.
        byte* start = (byte*)Address;
        for (nuint at = 0; at < ByteCount; at += (nuint)Environment.SystemPageSize)
        {
            Volatile.Write(ref start[at], 0);
        }
    }
}
