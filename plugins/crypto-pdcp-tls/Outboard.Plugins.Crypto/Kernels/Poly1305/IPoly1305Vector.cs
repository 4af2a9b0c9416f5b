using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Poly1305;

/// <summary>The step h = (h + block) * r in as many lanes as two registers have 64-bit elements, in limbs of 26 bits.</summary>
/// <remarks>
/// A product of limbs has 52 bits and is one VPMULUDQ. Two registers are two chains of dependent steps, which hides latency. Rows:
/// the five limbs of h, and the five of r with five times the upper four behind them, each a register; first those of the first
/// register's lanes, then those of the second's. Limbs of h stay below 2^27 between steps, those of r must.
/// </remarks>
internal unsafe interface IPoly1305Vector : ISimdKernel
{
    /// <summary>Rows of h.</summary>
    const int LimbCount = 5;

    /// <summary>Rows of r.</summary>
    const int FactorCount = 9;

    /// <summary>Lanes of one register.</summary>
    static abstract int Columns { get; }

    /// <summary>Every lane takes blocks of its own.</summary>
    /// <param name="addresses">Where each lane's begin.</param>
    /// <param name="blocks">How many each takes.</param>
    /// <param name="h">Aligned to 64.</param>
    /// <param name="r">Aligned to 64.</param>
    /// <param name="staging">1024 bytes aligned to 64.</param>
    static abstract void Steps(byte** addresses, nuint blocks, ulong* h, ulong* r, byte* staging);

    /// <summary>The lanes take the blocks of one text in turn; <see cref="LaneOf"/> says which takes which.</summary>
    /// <param name="data">The text.</param>
    /// <param name="steps">How many blocks each lane takes.</param>
    /// <param name="h">Aligned to 64.</param>
    /// <param name="r">Aligned to 64.</param>
    static abstract void Stride(byte* data, nuint steps, ulong* h, ulong* r);

    /// <summary>The lane that takes a block of a stride: registers are unpacked, so blocks half a register apart are neighbours.</summary>
    static int LaneOf(int block, int columns)
    {
        int within = block % columns;
        int half = columns / 2;
        return block - within + (2 * (within % half)) + (within / half);
    }
}
