using Outboard.Devices;
using Outboard.OpenCL;

namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>Registers <c>regex_opencl</c>, or says why it is absent.</summary>
internal static class OpenCLRegexRegistration
{
    public static void Register(IDriverRegistry registry)
    {
        // Only what can be told without loading an implementation, which takes longer than everything else at start.
        if (OpenCLProbe.QuickAbsenceReason() is { } reason)
        {
            registry.AddAbsent(DeviceClass.Regex, OpenCLRegexDriver.DriverName, reason);
            return;
        }

        registry.AddRegex(
            OpenCLRegexDriver.DriverName,
            static context => new OpenCLRegexDriver(context, OpenCLProbe.Shared, new OpenCLTuning()));
    }
}
