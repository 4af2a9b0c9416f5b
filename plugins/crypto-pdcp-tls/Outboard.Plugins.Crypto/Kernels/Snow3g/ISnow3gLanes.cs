using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>SNOW 3G in lanes: what a register width does to one 32-bit word of every lane.</summary>
/// <typeparam name="TVector">A register of <see cref="LaneCount"/> words.</typeparam>
/// <remarks>
/// No operation looks a secret up by address or branches on it: S-boxes are register shuffles, affine maps or field arithmetic.
/// </remarks>
internal unsafe interface ISnow3gLanes<TVector> : ISimdKernel
    where TVector : struct
{
    /// <summary>Messages side by side.</summary>
    static abstract int LaneCount { get; }

    static abstract TVector Load(uint* source);

    static abstract void Store(uint* destination, TVector value);

    /// <summary>a + b modulo 2^32 in each lane.</summary>
    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>The S-box S1 (TS 35.216 3.3.1).</summary>
    static abstract TVector S1(TVector w);

    /// <summary>The S-box S2 (TS 35.216 3.3.2).</summary>
    static abstract TVector S2(TVector w);

    /// <summary>The two products of the feedback: alpha . s0 + alpha^-1 . s11 (TS 35.216 3.4.4).</summary>
    static abstract TVector Feedback(TVector s0, TVector s11);

    /// <summary>
    /// Turns 16 rows of one keystream word for each lane into 64 bytes for each lane, words big-endian as TS 35.215 3.4 counts bits.
    /// </summary>
    static abstract void Transpose(uint* rows, byte* blocks);

    /// <summary>destination = source + keystream, 64 bytes; source and destination are the same or do not touch.</summary>
    static abstract void XorBlock(byte* destination, byte* source, byte* keystream);
}
