using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>How one member of the family starts: its key loading and the rounds before the first word.</summary>
internal unsafe interface IZucVariant
{
    /// <summary>Rounds that feed back, a multiple of sixteen.</summary>
    static abstract int Rounds { get; }

    /// <summary>Writes the sixteen 31-bit cells without what the IV adds to them, sixteen words.</summary>
    static abstract void ExpandKey(ReadOnlySpan<byte> key, uint* cells);

    /// <summary>Writes the sixteen cells that a message starts from.</summary>
    /// <param name="keyCells">What <see cref="ExpandKey"/> wrote.</param>
    /// <param name="iv">Sixteen bytes.</param>
    /// <param name="cells">Sixteen words.</param>
    static abstract void Load<TLanes>(uint* keyCells, byte* iv, uint* cells)
        where TLanes : struct, ISimdKernel;
}
