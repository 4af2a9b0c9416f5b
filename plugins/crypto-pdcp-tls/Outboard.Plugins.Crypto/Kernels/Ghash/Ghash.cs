using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Ghash;

/// <summary>GHASH (SP 800-38D 6.4): y = (y ^ block) . H for every block.</summary>
internal interface IGhashKernel : ISimdKernel
{
    /// <summary>Absorbs whole blocks.</summary>
    /// <param name="key">Holds the powers of the hash key.</param>
    /// <param name="hash">The running value, sixteen bytes in the order of the standard; read and written.</param>
    /// <param name="data">16 x <paramref name="blockCount"/> bytes; never written.</param>
    /// <param name="blockCount">Blocks, 0 and up.</param>
    static abstract void Update(ref AesKey key, ref byte hash, ref byte data, nuint blockCount);
}
