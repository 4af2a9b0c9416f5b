using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.TripleDes;

/// <summary>TDEA on as many blocks side by side as a kernel has lanes, each under a key of its own.</summary>
internal unsafe interface ITripleDesKernel : ISimdKernel
{
    /// <summary>Room for the keys of all lanes.</summary>
    const int KeysLength = DesKeySchedule.Length * 64;

    /// <summary>Room for what lies between the steps.</summary>
    const int WorkLength = 1024;

    /// <summary>Blocks of one pass, at most 64.</summary>
    static abstract int Lanes { get; }

    /// <summary>Gives a key to some lanes.</summary>
    /// <param name="keys"><see cref="KeysLength"/> bytes aligned to 64.</param>
    /// <param name="lanes">The lanes, a bit each.</param>
    /// <param name="key">An expanded key.</param>
    static abstract void SetKey(byte* keys, ulong lanes, byte* key);

    /// <summary>Encrypts or decrypts a block in each lane, in place.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="blocks">A block for each lane, aligned to 64; its first byte is the low one of the word.</param>
    /// <param name="decrypt">Which way.</param>
    /// <param name="work"><see cref="WorkLength"/> bytes aligned to 64.</param>
    static abstract void Blocks(byte* keys, ulong* blocks, bool decrypt, byte* work);
}
