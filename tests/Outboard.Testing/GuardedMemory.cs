using System.Runtime.InteropServices;

namespace Outboard.Testing;

/// <summary>A native block with an unreadable page right before it or right behind it, so that a stray access ends the test run at once.</summary>
/// <remarks>On systems without mmap the block is an ordinary one and guards nothing; <see cref="IsGuarded"/> tells.</remarks>
public sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int ProtNone = 0;
    private const int ProtReadWrite = 3;
    private const int MapPrivateAnonymous = 0x22;
    private readonly byte* _mapping;
    private readonly nuint _mapped;
    private readonly byte* _body;
    private readonly int _bodyLength;

    /// <summary>Takes memory for blocks of up to a length.</summary>
    /// <param name="capacity">Bytes; at least 1.</param>
    public GuardedMemory(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        int page = Environment.SystemPageSize;
        _bodyLength = (capacity + page - 1) / page * page;
        Capacity = capacity;
        IsGuarded = OperatingSystem.IsLinux();
        if (!IsGuarded)
        {
            _mapping = _body = (byte*)NativeMemory.AlignedAlloc((nuint)_bodyLength, (nuint)page);
            return;
        }

        _mapped = (nuint)(_bodyLength + (2 * page));
        _mapping = (byte*)Map(null, _mapped, ProtNone, MapPrivateAnonymous, -1, 0);
        _body = _mapping + page;
        if (_mapping == (byte*)-1 || Protect(_body, (nuint)_bodyLength, ProtReadWrite) != 0)
        {
            throw new OutOfMemoryException($"no {_mapped} bytes for guarded memory");
        }
    }

    /// <summary>The most bytes that a block can have.</summary>
    public int Capacity { get; }

    /// <summary>Whether there are unreadable pages.</summary>
    public bool IsGuarded { get; }

    /// <summary>The block whose last byte is the last before the unreadable page behind.</summary>
    /// <param name="length">Bytes; 0 to <see cref="Capacity"/>.</param>
    public Span<byte> AtEnd(int length) => new(PointerAtEnd(length), length);

    /// <summary>The block whose first byte is the first behind the unreadable page in front.</summary>
    /// <param name="length">Bytes; 0 to <see cref="Capacity"/>.</param>
    public Span<byte> AtStart(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Capacity, nameof(length));
        return new(_body, length);
    }

    /// <summary>The first byte of <see cref="AtEnd"/>.</summary>
    public byte* PointerAtEnd(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Capacity, nameof(length));
        return _body + _bodyLength - length;
    }

    /// <summary>The first byte of <see cref="AtStart"/>.</summary>
    public byte* PointerAtStart() => _body;

    /// <summary>A block behind the unreadable page in front or before the one behind, filled with a copy of the data.</summary>
    public Span<byte> Copy(ReadOnlySpan<byte> data, bool atEnd = true)
    {
        Span<byte> block = atEnd ? AtEnd(data.Length) : AtStart(data.Length);
        data.CopyTo(block);
        return block;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (IsGuarded)
        {
            _ = Unmap(_mapping, _mapped);
        }
        else
        {
            NativeMemory.AlignedFree(_mapping);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nuint length);
}
