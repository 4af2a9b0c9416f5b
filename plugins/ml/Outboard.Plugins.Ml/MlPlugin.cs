using Outboard.Plugins.Ml.OpenCL;
using Outboard.Plugins.Ml.Simd;

namespace Outboard.Plugins.Ml;

/// <summary>The plugin's entry: brings the ml drivers.</summary>
public sealed class MlPlugin : IDevicePlugin
{
    /// <inheritdoc/>
    public void Register(IDriverRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddMl("ml_simd", context => new SimdMlDriver(context));
        OpenCLMlRegistration.Register(registry);
    }
}
