using System.ComponentModel;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Outboard.Plugins.Crypto.Keys;

/// <summary>Native memory for keys: locked against swapping, left out of core dumps, wiped when a part is returned and at the end.</summary>
/// <remarks>
/// One mapping cut into slots of one size. Control path only: a lock guards the free list. Where the system refuses the lock
/// (RLIMIT_MEMLOCK) the memory still works and <see cref="Protection"/> says what is missing.
/// </remarks>
internal sealed unsafe partial class SecureMemory : IDisposable
{
    private const int ProtectReadWrite = 3;
    private const int MapPrivateAnonymous = 0x22;
    private const int AdviceDontDump = 16;
    private const int AdviceDontFork = 10;

    private readonly Lock _lock = new();
    private readonly ulong[] _taken;
    private readonly nuint _byteCount;
    private readonly bool _mapped;
    private byte* _base;

    public SecureMemory(int slotSize, int slotCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slotSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(slotCount);
        SlotSize = slotSize;
        SlotCount = slotCount;
        _taken = new ulong[(slotCount + 63) / 64];
        nuint page = (nuint)Environment.SystemPageSize;
        _byteCount = (((nuint)slotSize * (nuint)slotCount) + page - 1) / page * page;
        if (OperatingSystem.IsLinux())
        {
            void* memory = Map(null, _byteCount, ProtectReadWrite, MapPrivateAnonymous, -1, 0);
            if ((nint)memory == -1)
            {
                throw new OutOfMemoryException($"no memory for {slotCount} keys ({_byteCount} bytes): {LastError()}");
            }

            _base = (byte*)memory;
            _mapped = true;
            string? notLocked = Lock(memory, _byteCount) == 0 ? null : LockObstacle();
            string? dumped = Advise(memory, _byteCount, AdviceDontDump) == 0 ? null : LastError();
            string? inherited = Advise(memory, _byteCount, AdviceDontFork) == 0 ? null : LastError();
            IsProtected = notLocked is null && dumped is null && inherited is null;
            Protection = (notLocked is null ? "locked" : $"not locked ({notLocked})")
                + (dumped is null ? ", not dumped" : $", dumped ({dumped})")
                + (inherited is null ? ", not inherited" : $", inherited ({inherited})");
        }
        else
        {
            _base = (byte*)NativeMemory.AlignedAlloc(_byteCount, page);
            NativeMemory.Clear(_base, _byteCount);
            Protection = "not locked, dumped (no system call for it on this platform)";
        }
    }

    /// <summary>Bytes in a slot.</summary>
    public int SlotSize { get; }

    /// <summary>Slots in all.</summary>
    public int SlotCount { get; }

    /// <summary>What the system granted, in words.</summary>
    public string Protection { get; }

    /// <summary>Whether the system granted everything.</summary>
    public bool IsProtected { get; }

    /// <summary>Whether a slot is of this memory.</summary>
    public bool Holds(byte* slot) => _base is not null && slot >= _base && slot < _base + _byteCount;

    /// <summary>Takes a slot, zeroed. False when all are taken.</summary>
    public bool TryTake(out byte* slot)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_base is null, this);
            for (int w = 0; w < _taken.Length; w++)
            {
                int bit = BitOperations.TrailingZeroCount(~_taken[w]);
                int index = (w * 64) + bit;
                if (bit < 64 && index < SlotCount)
                {
                    _taken[w] |= 1UL << bit;
                    slot = _base + ((nuint)index * (nuint)SlotSize);
                    return true;
                }
            }
        }

        slot = null;
        return false;
    }

    /// <summary>Wipes a slot and returns it. The caller does not touch it again.</summary>
    public void Return(byte* slot)
    {
        lock (_lock)
        {
            if (_base is null)
            {
                return;
            }

            int index = (int)((nuint)(slot - _base) / (nuint)SlotSize);
            if ((uint)index >= (uint)SlotCount || (_taken[index / 64] & (1UL << (index % 64))) == 0)
            {
                throw new ArgumentException("not a slot that was taken from this memory", nameof(slot));
            }

            CryptographicOperations.ZeroMemory(new Span<byte>(slot, SlotSize));
            _taken[index / 64] &= ~(1UL << (index % 64));
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_base is null)
            {
                return;
            }

            for (nuint done = 0; done < _byteCount;)
            {
                int run = (int)Math.Min(_byteCount - done, 1 << 20);
                CryptographicOperations.ZeroMemory(new Span<byte>(_base + done, run));
                done += (nuint)run;
            }

            if (_mapped)
            {
                _ = Unmap(_base, _byteCount);
            }
            else
            {
                NativeMemory.AlignedFree(_base);
            }

            _base = null;
        }
    }

    // The usual reason is the limit, so it is named with its value (in bytes, or "unlimited").
    private static string LockObstacle()
    {
        string error = LastError();
        const string Name = "Max locked memory";
        string? limit = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        return limit is null
            ? error
            : $"{error}: RLIMIT_MEMLOCK is {limit[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]} bytes";
    }

    private static string LastError() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "mlock", SetLastError = true)]
    private static partial int Lock(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(void* address, nuint length, int advice);
}
