using System.Diagnostics;
using System.Globalization;
using Outboard.Plugins.Regex.Tests.Engine;
using Outboard.Plugins.Regex.Tests.Kernels;
using Outboard.Plugins.Regex.Tests.Literals;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.Simd;

/// <summary>Kernels and scanner again in a process of its own, with instruction sets switched off.</summary>
public sealed class InstructionSetTests
{
    private const string Limit = "OUTBOARD_TEST_WIDEST";

    [Theory]
    [InlineData("DOTNET_EnableHWIntrinsic", 64)]
    [InlineData("DOTNET_EnableAVX2", 128)]
    [InlineData("DOTNET_EnableAVX512", 256)]
    public async Task KernelsAndScannerHoldWithoutTheInstructions(string variable, int widest)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Limit) is not null, "this is the child process");
        Assert.SkipWhen(Environment.ProcessPath is null, "the tests' own program is not known");
        var start = new ProcessStartInfo(Environment.ProcessPath)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "--filter-class", typeof(LiteralSearcherTests).FullName!,
                "--filter-class", typeof(WindowHashTests).FullName!,
                "--filter-class", typeof(WindowShuffleTests).FullName!,
                "--filter-class", typeof(ByteScanTests).FullName!,
                "--filter-class", typeof(RegexScannerTests).FullName!,
                "--filter-class", typeof(InstructionSetTests).FullName!,
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
        var widest = (SimdWidth)int.Parse(text, CultureInfo.InvariantCulture);
        Assert.All(ScannerFactory.Widths, width => Assert.True(width <= widest));
    }
}
