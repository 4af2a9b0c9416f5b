using System.Diagnostics.CodeAnalysis;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>The operations of the ZUC kernels on one register, which has a 32-bit word of every lane.</summary>
/// <typeparam name="TVector">The register.</typeparam>
internal unsafe interface IZucLanes<TVector> : ISimdKernel
    where TVector : unmanaged
{
    /// <summary>Messages side by side: 1, 4, 8 or 16.</summary>
    static abstract int Count { get; }

    /// <summary>The same word in every lane.</summary>
    static abstract TVector All(uint word);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>The lesser of unsigned words.</summary>
    static abstract TVector Min(TVector a, TVector b);

    static abstract TVector And(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b, TVector c);

    /// <summary>(a | b) &amp; mask.</summary>
    static abstract TVector OrAnd(TVector a, TVector b, TVector mask);

    /// <summary>Bits of <paramref name="a"/> where the mask has ones, of <paramref name="b"/> where not.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    static abstract TVector ShiftLeft(TVector a, int count);

    static abstract TVector ShiftRight(TVector a, int count);

    static abstract TVector RotateLeft(TVector a, [ConstantExpected] byte count);

    /// <summary>The S-boxes on both registers: S0, S1, S0, S1 from the most significant byte down.</summary>
    static abstract void Substitute(ref TVector r1, ref TVector r2);

    /// <summary>Transposes a square of <see cref="Count"/> x <see cref="Count"/> words.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="sourceStride">Words from row to row.</param>
    /// <param name="target">The first row of the result; apart from the source.</param>
    /// <param name="targetStride">Words from row to row.</param>
    static abstract void Transpose(uint* source, int sourceStride, uint* target, int targetStride);

    /// <summary>target = source ^ keystream for 64 bytes, where the keystream is sixteen words, most significant byte first.</summary>
    static abstract void XorBlock(byte* source, uint* words, byte* target);

    /// <summary>Adds to an EIA3 sum the windows of keystream that the 512 bits of a message choose.</summary>
    /// <param name="message">64 bytes.</param>
    /// <param name="words">Seventeen words of keystream, the first of them that of the message's first bit.</param>
    /// <param name="sum">64 bytes, aligned: bits 32 to 63 of each 128 add up to the sum.</param>
    static abstract void Digest(byte* message, uint* words, byte* sum);
}
