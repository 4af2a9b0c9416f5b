using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>The polynomial of UIA2 (TS 35.215 4.4): EVAL = sum of M_i . P^(n-i) in GF(2^64) modulo x^64 + x^4 + x^3 + x + 1.</summary>
/// <remarks>Messages come in blocks of eight 64-bit words, zero words before the first word doing nothing to the sum.</remarks>
internal unsafe interface IUia2Hash : ISimdKernel
{
    /// <summary>Makes what the other two need from P and Q, and sets the sum to zero.</summary>
    /// <param name="state">What is kept.</param>
    /// <param name="p">P.</param>
    /// <param name="q">Q.</param>
    /// <param name="length">Bytes that will come.</param>
    static abstract void Start(Uia2State* state, ulong p, ulong q, nuint length);

    /// <summary>Takes 64-byte blocks into the sum.</summary>
    static abstract void Absorb(Uia2State* state, byte* data, nuint blockCount);

    /// <summary>(EVAL ^ LENGTH) . Q, of which the upper half is returned.</summary>
    static abstract uint Finish(Uia2State* state, ulong bitLength);
}
