using System.Runtime.InteropServices;

namespace Outboard.Plugins.Crypto.Tests;

/// <summary>Bytes between two unreadable pages: a touch before the first or after the last byte ends the process.</summary>
internal sealed unsafe partial class GuardedBuffer : IDisposable
{
    private readonly nuint _mappedLength;
    private readonly nuint _bodyLength;
    private byte* _map;

    public GuardedBuffer(int capacity)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        _bodyLength = ((nuint)capacity + page - 1) / page * page;
        _mappedLength = _bodyLength + (2 * page);
        _map = (byte*)Map(null, _mappedLength, 3, 0x22, -1, 0);
        if ((nint)_map == -1)
        {
            throw new OutOfMemoryException();
        }

        if (Protect(_map, page, 0) != 0 || Protect(_map + page + _bodyLength, page, 0) != 0)
        {
            throw new InvalidOperationException("mprotect");
        }
    }

    private byte* Body => _map + (nuint)Environment.SystemPageSize;

    /// <summary>The last bytes: the end touches the unreadable page.</summary>
    public Span<byte> AtEnd(int length) => new(Body + _bodyLength - (nuint)length, length);

    /// <summary>The first bytes: the start touches the unreadable page.</summary>
    public Span<byte> AtStart(int length) => new(Body, length);

    public void Dispose()
    {
        if (_map != null)
        {
            _ = Unmap(_map, _mappedLength);
            _map = null;
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);
}
