using Outboard.OpenCL;
using Outboard.Plugins.Regex.OpenCL;
using Outboard.Plugins.Regex.Simd;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Tests.OpenCL;

/// <summary>Registers the OpenCL driver as a test wants it, and the SIMD driver to compare it with.</summary>
internal sealed class OpenCLRegexPlugin(OpenCLTuning tuning) : IDevicePlugin
{
    /// <summary>The drivers; skips the test where there is no OpenCL device.</summary>
    public static DriverRegistry Registry(OpenCLTuning? tuning = null)
    {
        Device();
        var registry = new DriverRegistry(new SimdPolicy());
        registry.Register(new OpenCLRegexPlugin(tuning ?? new OpenCLTuning()), "test", "1.0");
        return registry;
    }

    /// <summary>The device that tests run on; skips the test where there is none.</summary>
    public static OpenCLDevice Device()
    {
        bool isPresent = OpenCLProbe.Shared.TrySelect(null, null, out OpenCLDevice? device, out string? reason);
        Assert.SkipUnless(isPresent, reason ?? "");
        return device!;
    }

    public void Register(IDriverRegistry registry)
    {
        registry.AddRegex("regex_simd", static context => new RegexSimdDriver(context));
        registry.AddRegex(
            OpenCLRegexDriver.DriverName, context => new OpenCLRegexDriver(context, OpenCLProbe.Shared, tuning));
    }
}
