using Outboard.Memory;

namespace Outboard.Devices;

/// <summary>How a pool of ops is made.</summary>
public record OpPoolOptions
{
    /// <summary>The pool's name, for reports.</summary>
    public string Name { get; init; } = "ops";

    /// <summary>How many ops it holds.</summary>
    public int Count { get; init; } = 4095;

    /// <summary>How many ops each thread may keep at hand; see <see cref="MempoolOptions.CacheSize"/>.</summary>
    public int CacheSize { get; init; } = MempoolOptions.DefaultCacheSize;

    /// <summary>Which mistakes are looked for at run time.</summary>
    public MempoolDebugChecks DebugChecks { get; init; }
}
