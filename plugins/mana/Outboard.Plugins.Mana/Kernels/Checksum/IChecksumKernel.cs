using Outboard.Simd;

namespace Outboard.Plugins.Mana.Kernels.Checksum;

/// <summary>
/// Ones'-complement sum of RFC 1071 over bytes, as a 64-bit number whose value modulo 65535 is that of the sum of the
/// 16-bit words in memory order.
/// </summary>
/// <remarks>
/// Scalar recurrence: sum += next 16-bit word, end-around carry. Since 2^16, 2^32 and 2^64 are all 1 modulo 65535,
/// wider words may be added with end-around carry, in any order and in the machine's byte order (RFC 1071 section 2).
/// An odd last byte counts as a word with a zero byte behind it. <see cref="ChecksumMath"/> folds the result.
/// </remarks>
internal interface IChecksumKernel : ISimdKernel
{
    /// <summary>Sums <paramref name="length"/> bytes at <paramref name="data"/>.</summary>
    static abstract ulong Sum(ref readonly byte data, nuint length);
}
