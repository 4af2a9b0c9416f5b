namespace Outboard.OpenCL;

/// <summary>What kind of device runs the kernels.</summary>
public enum OpenCLDeviceType
{
    /// <summary>None of the kinds below.</summary>
    Other = 0,

    /// <summary>The host's processor.</summary>
    Cpu = 1,

    /// <summary>A graphics processor.</summary>
    Gpu = 2,

    /// <summary>A dedicated accelerator.</summary>
    Accelerator = 3,
}
