using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>Where a lane's message is.</summary>
internal unsafe struct LaneMessage
{
    public byte* Source;
    public byte* Destination;
}

/// <summary>SNOW 3G in lanes: what a register width does to one 32-bit word of every lane.</summary>
/// <typeparam name="TVector">A register of <see cref="LaneCount"/> words.</typeparam>
/// <remarks>
/// A value holds the constants that the S-boxes and the feedback want in registers. No operation looks a secret up by address or
/// branches on it: S-boxes are register shuffles, affine maps or field arithmetic.
/// </remarks>
internal unsafe interface ISnow3gLanes<TVector> : ISimdKernel
    where TVector : struct
{
    /// <summary>Messages side by side.</summary>
    static abstract int LaneCount { get; }

    /// <summary>Reads the constants, once for a run of steps.</summary>
    void Prepare();

    static abstract TVector Load(uint* source);

    static abstract void Store(uint* destination, TVector value);

    /// <summary>a + b modulo 2^32 in each lane.</summary>
    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>The S-box S1 (TS 35.216 3.3.1).</summary>
    TVector S1(TVector w);

    /// <summary>The S-box S2 (TS 35.216 3.3.2).</summary>
    TVector S2(TVector w);

    /// <summary>The two products of the feedback: alpha . s0 + alpha^-1 . s11 (TS 35.216 3.4.4).</summary>
    TVector Feedback(TVector s0, TVector s11);

    /// <summary>
    /// Turns 16 rows of one keystream word for each lane into 64 bytes for each lane, words big-endian as TS 35.215 3.4 counts bits.
    /// </summary>
    /// <param name="rows">The first row.</param>
    /// <param name="rowLength">Words from a row to the next.</param>
    /// <param name="blocks">64 bytes for each lane.</param>
    static abstract void Transpose(uint* rows, int rowLength, byte* blocks);

    /// <summary>destination = source + keystream, 64 bytes; source and destination are the same or do not touch.</summary>
    static abstract void XorBlock(byte* destination, byte* source, byte* keystream);

    /// <summary>
    /// destination = source + keystream for less than a block. Bits behind the message stay as they are at the destination.
    /// </summary>
    static abstract void XorTail(byte* destination, byte* source, byte* keystream, nuint bitLength);

    /// <summary>As <see cref="Transpose"/> and then <see cref="XorBlock"/> for every lane.</summary>
    /// <param name="rows">The first row.</param>
    /// <param name="rowLength">Words from a row to the next.</param>
    /// <param name="blocks">Room for 64 bytes for each lane.</param>
    /// <param name="lanes">The messages of the lanes.</param>
    /// <param name="offset">Where in them the block is, in bytes.</param>
    static abstract void XorAll(uint* rows, int rowLength, byte* blocks, LaneMessage* lanes, nuint offset);
}
