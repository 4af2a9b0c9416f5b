namespace Outboard.OpenCL;

/// <summary>Where a program came from.</summary>
public enum OpenCLProgramOrigin
{
    /// <summary>It was compiled now.</summary>
    Source = 0,

    /// <summary>It was taken from the cache.</summary>
    Cache = 1,
}
