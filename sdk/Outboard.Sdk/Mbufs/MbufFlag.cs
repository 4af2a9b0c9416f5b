namespace Outboard.Mbufs;

/// <summary>A bit that <see cref="MbufDynamics"/> reserved in every mbuf's offload flags.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bit">The bit's number; 23 to 40.</param>
public readonly record struct MbufFlag(string Name, int Bit)
{
    /// <summary>The flag to combine with others.</summary>
    public MbufOffloadFlags Mask => (MbufOffloadFlags)(1UL << Bit);
}
