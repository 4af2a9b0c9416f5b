using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Outboard.Host;

/// <summary>A cheap clock that counts cycles of the processor's time stamp counter.</summary>
/// <remarks>
/// .NET has no intrinsic for <c>rdtsc</c>; where the system allows executable memory the counter is read by a stub of
/// ten bytes called without a transition, otherwise by <see cref="Stopwatch"/>. The time stamp counter runs at a fixed
/// rate, which is not the core's clock: cycles here are those of the counter, as in DPDK.
/// <para><i>Thread</i>: any.</para>
/// </remarks>
public sealed unsafe partial class CycleClock : IDisposable
{
    // rdtsc; shl rdx, 32; or rax, rdx; ret
    private static ReadOnlySpan<byte> Stub => [0x0F, 0x31, 0x48, 0xC1, 0xE2, 0x20, 0x48, 0x09, 0xD0, 0xC3];

    private const int PageByteCount = 4096;
    private const int ReadWrite = 3;
    private const int ReadExecute = 5;
    private const int PrivateAnonymous = 0x22;

    private readonly long _startTicks;
    private readonly ulong _startCycles;
    private void* _page;
    private delegate* unmanaged[SuppressGCTransition]<ulong> _read;

    /// <summary>Creates a clock.</summary>
    /// <param name="useCounter">Whether to try the time stamp counter; the fallback is what tests compare with.</param>
    public CycleClock(bool useCounter = true)
    {
        if (useCounter && OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            MapStub();
        }

        _startTicks = Stopwatch.GetTimestamp();
        _startCycles = Now;
    }

    /// <summary>Whether the processor's counter is read; otherwise one cycle is one <see cref="Stopwatch"/> tick.</summary>
    public bool IsCounter => _read is not null;

    /// <summary>The counter now.</summary>
    public ulong Now => _read is not null ? _read() : (ulong)Stopwatch.GetTimestamp();

    /// <summary>Cycles a second, measured since the clock was made: the longer ago, the better.</summary>
    public double Frequency
    {
        get
        {
            if (_read is null)
            {
                return Stopwatch.Frequency;
            }

            // 2 ms against a Stopwatch of well under a microsecond is good to one part in a thousand.
            var spin = new SpinWait();
            while (Stopwatch.GetElapsedTime(_startTicks) < TimeSpan.FromMilliseconds(2))
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            long ticks = Stopwatch.GetTimestamp() - _startTicks;
            return (Now - _startCycles) * (double)Stopwatch.Frequency / ticks;
        }
    }

    /// <summary>Turns cycles into seconds.</summary>
    /// <param name="cycles">A difference of two readings.</param>
    public double ToSeconds(ulong cycles) => cycles / Frequency;

    /// <inheritdoc/>
    public void Dispose()
    {
        _read = null;
        if (_page is not null)
        {
            // SAFETY: mapped here with this size, and no reading comes after Dispose.
            _ = Unmap(_page, PageByteCount);
            _page = null;
        }
    }

    private void MapStub()
    {
        // SAFETY: a page of our own, written before it is made executable and never written again.
        void* page = Map(null, PageByteCount, ReadWrite, PrivateAnonymous, -1, 0);
        if (page == (void*)-1)
        {
            return;
        }

        Stub.CopyTo(new Span<byte>(page, PageByteCount));
        if (Protect(page, PageByteCount, ReadExecute) != 0)
        {
            _ = Unmap(page, PageByteCount);
            return;
        }

        _page = page;
        _read = (delegate* unmanaged[SuppressGCTransition]<ulong>)page;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
