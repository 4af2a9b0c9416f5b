using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using Outboard.Plugins.Mana.Kernels.Checksum;
using Outboard.Plugins.Mana.Kernels.Toeplitz;
using Outboard.Plugins.Mana.Tests.Pmd;
using Outboard.Simd;

namespace Outboard.Plugins.Mana.Tests.Kernels;

/// <summary>The kernels and the port on a processor without the wide instruction sets: the runtime's own switches.</summary>
public sealed class SwitchedOffTests
{
    private const string Expectation = "OUTBOARD_TEST_WITHOUT";

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "512")]
    [InlineData("DOTNET_EnableAVX2", "256")]
    [InlineData("DOTNET_EnableHWIntrinsic", "128")]
    public async Task EverythingRunsWithout(string variable, string width)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Expectation) is null, "This is the child.");
        Assert.SkipUnless(Avx512F.IsSupported, "This processor lacks AVX-512 to begin with.");
        string assembly = typeof(SwitchedOffTests).Assembly.Location;
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { assembly },
        };
        foreach (Type tests in (Type[])
            [typeof(ChecksumKernelTests), typeof(ToeplitzKernelTests), typeof(ManaLoopTests), typeof(SwitchedOffTests)])
        {
            start.ArgumentList.Add("--filter-class");
            start.ArgumentList.Add(tests.FullName!);
        }

        start.Environment[variable] = "0";
        start.Environment[Expectation] = width;
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0, output + await errors);
    }

    [Fact]
    public void TheSwitchTookEffect()
    {
        string? without = Environment.GetEnvironmentVariable(Expectation);
        Assert.SkipWhen(without is null, "Runs in a child process with an instruction set switched off.");
        var selector = new SimdSelector(new SimdPolicy());
        int limit = int.Parse(without!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.False(Avx512F.IsSupported);
        Assert.False(ToeplitzVector512.IsSupported || ChecksumVector512.IsSupported);
        Assert.Equal(limit > 256, Avx2.IsSupported);
        Assert.True((int)ToeplitzKernels.Choose(selector).Width < limit);
        Assert.True((int)ChecksumKernels.Choose(selector).Width < limit || limit == 128);
        Assert.Throws<PlatformNotSupportedException>(
            () => ToeplitzKernels.Choose(new SimdSelector(Unlimited(), exact: SimdWidth.V512)));
    }

    private static SimdPolicy Unlimited()
    {
        var policy = new SimdPolicy();
        policy.Set(0);
        return policy;
    }
}
