namespace Outboard.Memory;

/// <summary>What kind of pages a <see cref="NativeBlock"/> stands on.</summary>
public enum MemoryBacking
{
    /// <summary>Reserved 2 MiB pages (MAP_HUGETLB). An administrator has to set some aside.</summary>
    HugePages,

    /// <summary>Ordinary memory on a 2 MiB boundary that the kernel was asked to back with huge pages (MADV_HUGEPAGE).</summary>
    TransparentHugePages,

    /// <summary>Pages of the system's base size.</summary>
    Pages,

    /// <summary>The C allocator; the only choice where mmap is missing.</summary>
    Allocator,
}
