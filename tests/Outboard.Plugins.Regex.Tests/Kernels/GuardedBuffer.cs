using System.Runtime.InteropServices;

namespace Outboard.Plugins.Regex.Tests.Kernels;

/// <summary>Memory that ends at a page which must not be read.</summary>
internal sealed unsafe partial class GuardedBuffer : IDisposable
{
    private const int PageSize = 4096;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly byte* _base;
    private readonly int _room;

    public GuardedBuffer(int room)
    {
        _room = (room + PageSize - 1) / PageSize * PageSize;
        nint memory = Map(0, (nuint)(_room + PageSize), ReadWrite, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, memory);
        Assert.Equal(0, Protect(memory + _room, PageSize, 0));
        _base = (byte*)memory;
    }

    /// <summary>The last bytes before the guard.</summary>
    public Span<byte> Last(int length) => new(_base + _room - length, length);

    public void Dispose() => Unmap((nint)_base, (nuint)(_room + PageSize));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
