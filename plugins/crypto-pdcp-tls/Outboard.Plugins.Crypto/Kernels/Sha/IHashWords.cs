using System.Diagnostics.CodeAnalysis;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>What a hash needs of one word in every lane, at one width: lane i of a register belongs to message i.</summary>
/// <typeparam name="TVector">The register, or a plain word for a single lane.</typeparam>
internal unsafe interface IHashWords<TVector>
    where TVector : unmanaged
{
    /// <summary>The width of the registers.</summary>
    static abstract SimdWidth Width { get; }

    /// <summary>A short name for reports.</summary>
    static abstract string Name { get; }

    /// <summary>Whether this processor and runtime have the instructions.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>The word at an address, in every lane.</summary>
    static abstract TVector Broadcast(byte* word);

    /// <summary>The sum modulo the word.</summary>
    static abstract TVector Add(TVector left, TVector right);

    /// <summary>The sum of four, from the left: what comes last waits for the fewest additions.</summary>
    static abstract TVector Add(TVector a, TVector b, TVector c, TVector d);

    /// <summary>The sum of five, from the left.</summary>
    static abstract TVector Add(TVector a, TVector b, TVector c, TVector d, TVector e);

    /// <summary>The exclusive or of three.</summary>
    static abstract TVector Xor(TVector a, TVector b, TVector c);

    /// <summary>The exclusive or of four.</summary>
    static abstract TVector Xor(TVector a, TVector b, TVector c, TVector d);

    /// <summary>Ch of FIPS 180-4 4.1.1: bits of <paramref name="ones"/> where the mask has ones, else of <paramref name="zeros"/>.</summary>
    static abstract TVector Choose(TVector mask, TVector ones, TVector zeros);

    /// <summary>Maj of FIPS 180-4 4.1.1.</summary>
    static abstract TVector Majority(TVector a, TVector b, TVector c);

    /// <summary>ROTR of FIPS 180-4 3.2; the amount is a constant where it is called.</summary>
    static abstract TVector RotateRight(TVector value, [ConstantExpected] byte amount);

    /// <summary>SHR of FIPS 180-4 3.2; the amount is a constant where it is called.</summary>
    static abstract TVector ShiftRight(TVector value, [ConstantExpected] byte amount);

    /// <summary>Reads one block of 16 big-endian words in every lane and turns it, so that <c>words[t]</c> is word t of all lanes.</summary>
    /// <param name="lanes">An address for each lane, of any alignment.</param>
    /// <param name="offset">Bytes from there to the block.</param>
    /// <param name="words">Room for 16, aligned to the register.</param>
    static abstract void LoadBlock(byte** lanes, nuint offset, TVector* words);
}
