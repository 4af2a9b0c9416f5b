using System.Runtime.InteropServices;

namespace Outboard.Memory;

/// <summary>The calls of the C library that take and give back memory. Linux values; used nowhere else.</summary>
internal static unsafe partial class LibC
{
    public const int ProtReadWrite = 3;
    public const int MapPrivateAnonymous = 0x22;
    public const int MapHugeTlb = 0x40000;
    public const int MapHuge2Mib = 21 << 26;
    public const int AdviseHugePage = 14;
    public const int AdviseNoHugePage = 15;

    private const string Library = "libc";

    /// <summary>What mmap returns when it fails.</summary>
    public static void* MapFailed => (void*)-1;

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static partial void* Map(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(void* address, nuint length);

    [LibraryImport(Library, EntryPoint = "madvise", SetLastError = true)]
    public static partial int Advise(void* address, nuint length, int advice);
}
