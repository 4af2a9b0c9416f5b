using System.Diagnostics;
using System.Globalization;
using Outboard.Crypto;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Tests.Simd;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Keys;

/// <summary>What sessions cost in memory, and what the device says where the system would not lock it.</summary>
[Collection(AloneCollection.Name)]
public sealed class SessionMemoryTests
{
    private const string Limited = "OUTBOARD_TEST_MEMLOCK";
    private const string Cycles = "OUTBOARD_TEST_SESSION_CYCLES";

    /// <summary>A million with <c>OUTBOARD_TEST_SESSION_CYCLES=1000000</c>; fewer else, for the tests to stay short.</summary>
    [Fact]
    public void SessionsComeAndGoWithoutGrowth()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "memory is read from /proc");
        int cycles = int.Parse(Environment.GetEnvironmentVariable(Cycles) ?? "20000", CultureInfo.InvariantCulture);
        using CryptoDevice device = SimdDevices.Start(512);
        CryptoTransform[] transforms =
        [
            new AeadTransform(AeadAlgorithm.AesGcm, CipherOperation.Encrypt, new byte[32], 12, 16, 0),
            new CipherTransform(CipherAlgorithm.Snow3gUea2, CipherOperation.Encrypt, new byte[16], 16)
            {
                Next = new AuthTransform(AuthAlgorithm.HmacSha512, AuthOperation.Generate, new byte[64], 0, 64),
            },
            new CipherTransform(CipherAlgorithm.AesCbc, CipherOperation.Decrypt, new byte[16], 16),
        ];
        Churn(device, transforms, 2000);
        (long keys, long resident) = (KeyMemory(), Resident());
        Churn(device, transforms, cycles);
        Assert.Equal(keys, KeyMemory());

        // Other tests run beside this one in the same process; a leak of 64 bytes a session would be seen in a million.
        Assert.True(cycles < 1_000_000 || Resident() - resident < 64L << 20, $"{Resident() - resident} bytes more after {cycles} sessions");

        static void Churn(CryptoDevice device, CryptoTransform[] transforms, int cycles)
        {
            var live = new Queue<CryptoSession>();
            for (int i = 0; i < cycles; i++)
            {
                live.Enqueue(device.CreateSession(transforms[i % transforms.Length]));
                if (live.Count > 20)
                {
                    live.Dequeue().Dispose();
                }
            }

            foreach (CryptoSession session in live)
            {
                session.Dispose();
            }
        }
    }

    [Fact]
    public void AGcmSessionTakesTwoKibibytesAtMost()
    {
        var policy = new SimdPolicy();
        policy.Set(0);
        foreach (bool emit in (bool[])[false, true])
        {
            foreach (SimdWidth width in (SimdWidth[])[SimdWidth.Scalar, SimdWidth.V128, SimdWidth.V256, SimdWidth.V512])
            {
                var table = new AlgorithmTable(new SimdSelector(policy, deviceMaximum: width), emit);
                Assert.InRange(table.Find(AeadAlgorithm.AesGcm)!.Unit!.KeyLength, 1, 2048);
                Assert.All(table.Units, unit => Assert.InRange(unit.KeyLength, 0, KeyStore.SlotLengthMax));
            }
        }

        Assert.Equal(2048, KeyStore.SlotLengthMax);
    }

    [Fact]
    public async Task ALimitThatIsTooSmallIsReported()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Limited) is not null, "this is the child process");
        const string Prlimit = "/usr/bin/prlimit", Setpriv = "/usr/bin/setpriv";
        Assert.SkipUnless(File.Exists(Prlimit) && File.Exists(Setpriv), "prlimit and setpriv are not installed (Debian: util-linux)");
        Assert.SkipWhen(Environment.ProcessPath is null, "the tests' own program is not known");

        // The superuser may lock beyond the limit until that is taken away.
        string[] command = [Prlimit, "--memlock=8192:8192", "--", Environment.ProcessPath];
        command = Environment.IsPrivilegedProcess ? [Setpriv, "--bounding-set=-ipc_lock", "--", .. command] : command;
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Array.ForEach(command[1..], start.ArgumentList.Add);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(SessionMemoryTests).Assembly.Location);
        }

        start.ArgumentList.Add("--filter-method");
        start.ArgumentList.Add($"{typeof(SessionMemoryTests).FullName}.{nameof(TheReportNamesTheLimit)}");
        start.ArgumentList.Add("--no-progress");
        start.Environment[Limited] = "8192";
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, $"{output}{await errors}");
    }

    [Fact]
    public void TheReportNamesTheLimit()
    {
        string? limit = Environment.GetEnvironmentVariable(Limited);
        Assert.SkipWhen(limit is null, "this is not a child process with a limit on locked memory");
        using CryptoDevice device = SimdDevices.Start(64);
        Assert.Contains("not locked (", device.Info.Backend, StringComparison.Ordinal);
        Assert.Contains($"RLIMIT_MEMLOCK is {limit} bytes", device.Info.Backend, StringComparison.Ordinal);
        Assert.Contains(device.GetExtendedStatistics(), one => one is { Name: "unprotected_key_pages", Value: > 0 });

        // It works all the same.
        using CryptoSession session = device.CreateSession(
            new AeadTransform(AeadAlgorithm.AesGcm, CipherOperation.Encrypt, new byte[16], 12, 16, 0));
        Assert.NotEqual(0u, session.Handle);
    }

    // Bytes of mappings that are neither dumped nor inherited.
    private static long KeyMemory()
    {
        long bytes = 0, size = 0;
        foreach (string line in File.ReadAllLines("/proc/self/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0] == "Size:")
            {
                size = long.Parse(words[1], CultureInfo.InvariantCulture) * 1024;
            }
            else if (words[0] == "VmFlags:" && words.Contains("dc") && words.Contains("dd"))
            {
                bytes += size;
            }
        }

        return bytes;
    }

    private static long Resident()
    {
        GC.Collect();
        string line = File.ReadLines("/proc/self/status").First(one => one.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
