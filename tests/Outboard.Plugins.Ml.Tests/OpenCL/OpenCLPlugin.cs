using Outboard.OpenCL;
using Outboard.Plugins.Ml.OpenCL;
using Outboard.Simd;

namespace Outboard.Plugins.Ml.Tests.OpenCL;

/// <summary>Registers the driver by itself, with staging in place or by copy.</summary>
internal sealed class OpenCLPlugin(bool allowInPlace) : IDevicePlugin
{
    public static DriverRegistry Registry(bool allowInPlace = true)
    {
        OpenCLTestModel.Device();
        var registry = new DriverRegistry(new SimdPolicy());
        registry.Register(new OpenCLPlugin(allowInPlace), "test", "1.0");
        return registry;
    }

    public void Register(IDriverRegistry registry) => registry.AddMl(
        OpenCLMlDriver.DriverName, context => new OpenCLMlDriver(context, OpenCLProbe.Shared, allowInPlace));
}
