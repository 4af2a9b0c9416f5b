using System.Runtime.InteropServices;

namespace Outboard.Host;

/// <summary>Which CPUs a thread may run on.</summary>
internal static unsafe partial class CpuAffinity
{
    /// <summary>The highest CPU number that can be spoken of, exclusive.</summary>
    public const int CpuMax = 1024;

    private const int MaskByteCount = CpuMax / 8;

    /// <summary>The CPUs that this process may use, ascending.</summary>
    public static int[] GetAvailable()
    {
        if (OperatingSystem.IsLinux())
        {
            ulong* mask = stackalloc ulong[MaskByteCount / sizeof(ulong)];
            new Span<byte>(mask, MaskByteCount).Clear();

            // SAFETY: the mask is as long as the call is told. Pid 0 is the calling thread.
            if (GetAffinity(0, MaskByteCount, mask) >= 0)
            {
                var cpus = new List<int>();
                for (int cpu = 0; cpu < CpuMax; cpu++)
                {
                    if ((mask[cpu / 64] >> (cpu % 64) & 1) != 0)
                    {
                        cpus.Add(cpu);
                    }
                }

                return [.. cpus];
            }
        }

        return [.. Enumerable.Range(0, Environment.ProcessorCount)];
    }

    /// <summary>Binds the calling thread to one CPU.</summary>
    /// <returns>Whether it could be done.</returns>
    public static bool TryPin(int cpu)
    {
        if (!OperatingSystem.IsLinux() || (uint)cpu >= CpuMax)
        {
            return false;
        }

        ulong* mask = stackalloc ulong[MaskByteCount / sizeof(ulong)];
        new Span<byte>(mask, MaskByteCount).Clear();
        mask[cpu / 64] = 1ul << (cpu % 64);

        // SAFETY: the mask is as long as the call is told. Pid 0 is the calling thread.
        return SetAffinity(0, MaskByteCount, mask) == 0;
    }

    /// <summary>Numbers as people write them: <c>0-3,8</c>.</summary>
    public static string Describe(ReadOnlySpan<int> ascending)
    {
        var parts = new List<string>();
        for (int i = 0; i < ascending.Length;)
        {
            int first = i;
            while (i + 1 < ascending.Length && ascending[i + 1] == ascending[i] + 1)
            {
                i++;
            }

            parts.Add(first == i ? $"{ascending[i]}" : $"{ascending[first]}-{ascending[i]}");
            i++;
        }

        return string.Join(",", parts);
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int GetAffinity(int pid, nint size, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int pid, nint size, ulong* mask);
}
