using System.Diagnostics;
using Outboard.Plugins.Ml.Plan;
using Outboard.Plugins.Ml.Tests.Support;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Tests.Plan;

/// <summary>What runs where the processor lacks instructions: this program again, with the runtime's own switches.</summary>
public sealed class InstructionSetTests
{
    private const string Expected = "OUTBOARD_TEST_WIDEST";

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 256)]
    [InlineData("DOTNET_EnableAVX2", 128)]
    [InlineData("DOTNET_EnableHWIntrinsic", 64)]
    public async Task WithoutInstructionsNarrowerKernelsGiveTheSameResults(string variable, int widest)
    {
        string program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(InstructionSetTests).Assembly.Location);
        }

        foreach (string argument in (string[])["--filter-method", "*TheWidestKernelIsTheExpectedOne", "*ForestsOverEveryNumberOfRows", "--no-ansi"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[variable] = "0";
        start.Environment[Expected] = $"{widest}";
        using Process child = Process.Start(start)!;
        Task<string> output = child.StandardOutput.ReadToEndAsync();
        Task<string> error = child.StandardError.ReadToEndAsync();
        string text = await output + await error;
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, text);
    }

    /// <summary>In the child: the switch took effect, and forcing what is gone is an error.</summary>
    [Fact]
    public void TheWidestKernelIsTheExpectedOne()
    {
        string? expected = Environment.GetEnvironmentVariable(Expected);
        Assert.SkipWhen(expected is null, "runs in a child process whose instruction sets are switched off");
        int widest = int.Parse(expected, System.Globalization.CultureInfo.InvariantCulture);
        var policy = new SimdPolicy();
        policy.Set(0);
        var kernels = new KernelSet(new SimdSelector(policy));
        Assert.Equal(widest, (int)kernels.Choices.Single(c => c.Operation == "gemm").Width);
        foreach (SimdWidth width in Widths.All.Where(w => (int)w > widest))
        {
            Assert.Throws<PlatformNotSupportedException>(() => new KernelSet(new SimdSelector(policy, exact: width)));
        }
    }
}
