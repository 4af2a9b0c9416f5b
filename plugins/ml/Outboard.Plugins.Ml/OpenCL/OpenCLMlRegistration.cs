using Outboard.Devices;
using Outboard.OpenCL;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>Registers <c>ml_opencl</c>, or says why it is absent.</summary>
internal static class OpenCLMlRegistration
{
    public static void Register(IDriverRegistry registry)
    {
        // Only what can be told without loading an implementation: that costs 100 ms and 40 MiB with PoCL, and most
        // processes that load this plugin never open the device.
        if (OpenCLProbe.QuickAbsenceReason() is { } reason)
        {
            registry.AddAbsent(DeviceClass.Ml, OpenCLMlDriver.DriverName, reason);
            return;
        }

        registry.AddMl(
            OpenCLMlDriver.DriverName, static context => new OpenCLMlDriver(context, OpenCLProbe.Shared));
    }
}
