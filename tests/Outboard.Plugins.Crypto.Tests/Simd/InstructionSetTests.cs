using System.Diagnostics;
using System.Globalization;
using Outboard.Crypto;

namespace Outboard.Plugins.Crypto.Tests.Simd;

/// <summary>The known answers again in a process of its own, with instruction sets switched off.</summary>
public sealed class InstructionSetTests
{
    private const string Limit = "OUTBOARD_TEST_WIDEST";

    public static TheoryData<string, int> Switches => new()
    {
        { "DOTNET_EnableHWIntrinsic", 64 },
        { "DOTNET_EnableAES", 64 },
        { "DOTNET_EnableAVX2", 128 },
        { "DOTNET_EnableAVX512", 256 },
    };

    [Theory]
    [MemberData(nameof(Switches))]
    public async Task KnownAnswersHoldWithoutTheInstructions(string variable, int widest)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Limit) is not null, "this is the child process");
        Assert.SkipWhen(Environment.ProcessPath is null, "the tests' own program is not known");
        var start = new ProcessStartInfo(Environment.ProcessPath)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "--filter-class", typeof(Kernels.KnownAnswerTests).FullName!,
                "--filter-class", typeof(InstructionSetTests).FullName!,
                "--filter-class", typeof(SimdCryptoDriverTests).FullName!,
                "--no-progress",
            },
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Insert(0, typeof(InstructionSetTests).Assembly.Location);
        }

        start.Environment[variable] = "0";
        start.Environment[Limit] = widest.ToString(CultureInfo.InvariantCulture);
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0, $"{variable}=0: {output}{await errors}");
    }

    [Fact]
    public void TheSwitchTookEffect()
    {
        string? text = Environment.GetEnvironmentVariable(Limit);
        Assert.SkipWhen(text is null, "this is not a child process with instruction sets switched off");
        int widest = int.Parse(text, CultureInfo.InvariantCulture);
        using CryptoDevice device = SimdDevices.Start(0);
        Assert.NotEmpty(device.Info.Kernels);
        foreach (Outboard.Simd.KernelChoice kernel in device.Info.Kernels)
        {
            // Without the AES instructions only what is made of AES is narrow.
            bool narrow = Environment.GetEnvironmentVariable("DOTNET_EnableAES") != "0"
                || kernel.Operation.StartsWith("aes-", StringComparison.Ordinal);
            Assert.True(!narrow || (int)kernel.Width <= widest, $"{kernel} although the processor may use {widest} at most");
        }
    }
}
