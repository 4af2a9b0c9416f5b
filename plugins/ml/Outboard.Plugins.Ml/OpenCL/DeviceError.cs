using Outboard.OpenCL;

namespace Outboard.Plugins.Ml.OpenCL;

/// <summary>The error codes of ops that the device failed: from <see cref="First"/> on, by the OpenCL code.</summary>
internal static class DeviceError
{
    public const uint First = 0x10000;

    public static uint Of(OpenCLStatus status) => First + (uint)-status.Code;

    public static string Describe(uint code) =>
        $"the OpenCL device failed with {new OpenCLStatus(-(int)(code - First))}";
}
