namespace Outboard.OpenCL;

/// <summary>How a buffer relates to host memory.</summary>
public enum OpenCLSharing
{
    /// <summary>The buffer is the device's alone.</summary>
    None = 0,

    /// <summary>Kernels work on the host's memory itself; handing over is a map or an unmap.</summary>
    InPlace = 1,

    /// <summary>The device has a copy; handing over copies the range.</summary>
    Copied = 2,
}
