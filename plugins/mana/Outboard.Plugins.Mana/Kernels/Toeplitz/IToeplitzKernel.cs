using Outboard.Simd;

namespace Outboard.Plugins.Mana.Kernels.Toeplitz;

/// <summary>Toeplitz hash of receive side scaling over several tuples at once.</summary>
/// <remarks>
/// Scalar recurrence: for each input bit from the first byte's top bit on, hash ^= the 32 key bits that begin at that
/// bit's position when the bit is set. It is linear, so zero words behind a short tuple change nothing and tuples of
/// different length share one call. Tuples stand word by word: word w of tuple t is <c>words[w * 32 + t]</c>, four
/// bytes as they stand in the packet.
/// </remarks>
internal interface IToeplitzKernel : ISimdKernel
{
    /// <summary>Hashes tuples 0 to <paramref name="count"/> - 1.</summary>
    /// <param name="key">Expanded key.</param>
    /// <param name="words">Nine rows of 32 words; rows from <paramref name="wordCount"/> on are not read.</param>
    /// <param name="wordCount">Rows in use, 0 to 9.</param>
    /// <param name="count">Tuples, 0 to 32. Words of a row past it may be read and are of no effect.</param>
    /// <param name="hashes">Room for 32 hashes; those past <paramref name="count"/> may be overwritten.</param>
    static abstract void Hash(
        ToeplitzKey key, ref readonly uint words, int wordCount, int count, ref uint hashes);
}
