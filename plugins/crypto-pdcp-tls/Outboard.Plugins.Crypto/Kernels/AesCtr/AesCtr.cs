using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>AES in counter mode (SP 800-38A 6.5): destination = source ^ E(counter), E(counter + 1), ...</summary>
/// <remarks>
/// Source and destination are the same bytes or do not touch. Any length, 0 included. The counter block is big-endian and
/// moves on by one for every block begun, so a caller that goes on must have stopped at a block boundary.
/// </remarks>
internal interface IAesCtrKernel : ISimdKernel
{
    /// <summary>The counter is the whole block, modulo 2^128 (SP 800-38A; NEA2, TS 33.401 B.1.3).</summary>
    static abstract void Apply(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length);

    /// <summary>The counter is the last four bytes, modulo 2^32 (GCM, SP 800-38D 6.5).</summary>
    static abstract void Apply32(ref AesKey key, ref byte counter, ref byte source, ref byte destination, nuint length);
}
