using Outboard.Devices;

namespace Outboard.Ml;

/// <summary>How a pool of ml ops is made.</summary>
public sealed record MlOpPoolOptions : OpPoolOptions
{
    /// <summary>How many input buffers, and how many output buffers, an op has room for, 1 to 255.</summary>
    public int BuffersMax { get; init; } = 1;
}
