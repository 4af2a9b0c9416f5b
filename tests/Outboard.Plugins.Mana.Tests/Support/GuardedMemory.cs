using System.Runtime.InteropServices;

namespace Outboard.Plugins.Mana.Tests.Support;

/// <summary>Memory that ends where an unreadable page begins: a read past the end is a crash, not a wrong result.</summary>
internal sealed unsafe class GuardedMemory : IDisposable
{
    private const int PageSize = 4096;
    private const int ProtectNone = 0;
    private const int ProtectReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly nint _base;
    private readonly nuint _total;

    public GuardedMemory(int byteCount)
    {
        int pages = (byteCount + PageSize - 1) / PageSize;
        _total = (nuint)((pages + 1) * PageSize);
        _base = Map(0, _total, ProtectReadWrite, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, _base);
        Assert.Equal(0, Protect(_base + (pages * PageSize), PageSize, ProtectNone));
        End = (byte*)_base + (pages * PageSize);
    }

    /// <summary>The first byte that cannot be read.</summary>
    public byte* End { get; }

    /// <summary>The last bytes before it.</summary>
    public Span<byte> Last(int byteCount) => new(End - byteCount, byteCount);

    public void Dispose() => Unmap(_base, _total);

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int Protect(nint address, nuint length, int protection);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(nint address, nuint length);
}
