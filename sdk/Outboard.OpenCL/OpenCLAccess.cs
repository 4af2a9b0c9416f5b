namespace Outboard.OpenCL;

/// <summary>What kernels do with a buffer.</summary>
public enum OpenCLAccess
{
    /// <summary>Read and write it.</summary>
    ReadWrite = 0,

    /// <summary>Only read it.</summary>
    Read = 1,

    /// <summary>Only write it.</summary>
    Write = 2,
}
