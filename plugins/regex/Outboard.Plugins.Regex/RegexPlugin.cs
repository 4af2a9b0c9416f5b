using Outboard.Plugins.Regex.OpenCL;
using Outboard.Plugins.Regex.Simd;

namespace Outboard.Plugins.Regex;

/// <summary>The software regex devices.</summary>
public sealed class RegexPlugin : IDevicePlugin
{
    /// <inheritdoc/>
    public void Register(IDriverRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddRegex("regex_simd", static context => new RegexSimdDriver(context));
        OpenCLRegexRegistration.Register(registry);
    }
}
