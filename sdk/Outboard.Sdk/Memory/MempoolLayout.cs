namespace Outboard.Memory;

/// <summary>How far apart the objects of a <see cref="Mempool"/> start.</summary>
public enum MempoolLayout
{
    /// <summary>
    /// The smallest odd number of cache lines that fits and is coprime with the memory channels times ranks: object starts then fall on
    /// every set of every cache, since set counts are powers of two.
    /// </summary>
    Spread,

    /// <summary>The smallest number of cache lines that fits. For measuring what spreading is worth.</summary>
    Packed,

    /// <summary>Each object at the start of pages of its own, as pools without huge pages often place them. For measuring.</summary>
    Page,
}
