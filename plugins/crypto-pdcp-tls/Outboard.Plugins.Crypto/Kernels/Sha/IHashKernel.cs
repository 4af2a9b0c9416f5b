using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>The compression function of one hash (FIPS 180-4 6) in as many lanes as a width has, a message in each.</summary>
internal unsafe interface IHashKernel : ISimdKernel
{
    /// <summary>Messages that step together.</summary>
    static abstract int Lanes { get; }

    /// <summary>Bytes of a block: 64 or 128.</summary>
    static abstract int BlockLength { get; }

    /// <summary>Bytes of a word of the state: 4 or 8.</summary>
    static abstract int WordLength { get; }

    /// <summary>Words of the state: 5 or 8.</summary>
    static abstract int StateWords { get; }

    /// <summary>Bytes of the memory that <see cref="Compress"/> works in.</summary>
    static abstract int WorkLength { get; }

    /// <summary>Takes blocks into the state of every lane.</summary>
    /// <param name="state">Word t of lane i at index <c>t * Lanes + i</c>; aligned to the register.</param>
    /// <param name="lanes">Where each lane's blocks begin, one behind the other. Lanes may share them; every address is read.</param>
    /// <param name="blocks">How many blocks.</param>
    /// <param name="work"><see cref="WorkLength"/> bytes aligned to the register; left with words of the last block.</param>
    static abstract void Compress(byte* state, byte** lanes, nuint blocks, byte* work);
}

/// <summary>A kernel whose states can be kept without a branch.</summary>
internal unsafe interface IMaskedHashKernel : IHashKernel
{
    /// <summary>Replaces words of one state by those of another, in the lanes where a mask is all ones.</summary>
    /// <param name="kept">The state that changes, laid out as in <see cref="IHashKernel.Compress"/>.</param>
    /// <param name="state">The other state.</param>
    /// <param name="mask">A word for each lane, all ones or all zeros.</param>
    static abstract void Capture(byte* kept, byte* state, byte* mask);
}
