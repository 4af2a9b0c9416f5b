using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>In what SHA-256 and SHA-512 differ.</summary>
internal unsafe interface ISha2Functions
{
    /// <summary>Bytes of a word.</summary>
    static abstract int WordLength { get; }

    /// <summary>Rounds of a block.</summary>
    static abstract int RoundCount { get; }

    /// <summary>K, a word for each round.</summary>
    static abstract byte* Rounds { get; }

    /// <summary>Σ0 of FIPS 180-4 4.1.2 or 4.1.3.</summary>
    static abstract TVector UpperSigma0<TVector, TWords>(TVector x)
        where TVector : unmanaged
        where TWords : IHashWords<TVector>;

    /// <summary>Σ1 of FIPS 180-4 4.1.2 or 4.1.3.</summary>
    static abstract TVector UpperSigma1<TVector, TWords>(TVector x)
        where TVector : unmanaged
        where TWords : IHashWords<TVector>;

    /// <summary>σ0 of FIPS 180-4 4.1.2 or 4.1.3.</summary>
    static abstract TVector LowerSigma0<TVector, TWords>(TVector x)
        where TVector : unmanaged
        where TWords : IHashWords<TVector>;

    /// <summary>σ1 of FIPS 180-4 4.1.2 or 4.1.3.</summary>
    static abstract TVector LowerSigma1<TVector, TWords>(TVector x)
        where TVector : unmanaged
        where TWords : IHashWords<TVector>;
}

/// <summary>SHA-224 and SHA-256 (FIPS 180-4 4.1.2).</summary>
internal readonly unsafe struct Sha256Functions : ISha2Functions
{
    public static int WordLength => sizeof(uint);

    public static int RoundCount => 64;

    public static byte* Rounds => HashConstants.Rounds256;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector UpperSigma0<TVector, TWords>(TVector x)
        where TVector : unmanaged
        where TWords : IHashWords<TVector> =>
        TWords.Xor(TWords.RotateRight(x, 2), TWords.RotateRight(x, 13), TWords.RotateRight(x, 22));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector UpperSigma1<TVector, TWords>(TVector x)
        where TVector : unmanaged
        where TWords : IHashWords<TVector> =>
        TWords.Xor(TWords.RotateRight(x, 6), TWords.RotateRight(x, 11), TWords.RotateRight(x, 25));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LowerSigma0<TVector, TWords>(TVector x)
        where TVector : unmanaged
        where TWords : IHashWords<TVector> =>
        TWords.Xor(TWords.RotateRight(x, 7), TWords.RotateRight(x, 18), TWords.ShiftRight(x, 3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LowerSigma1<TVector, TWords>(TVector x)
        where TVector : unmanaged
        where TWords : IHashWords<TVector> =>
        TWords.Xor(TWords.RotateRight(x, 17), TWords.RotateRight(x, 19), TWords.ShiftRight(x, 10));
}

/// <summary>SHA-384 and SHA-512 (FIPS 180-4 4.1.3).</summary>
internal readonly unsafe struct Sha512Functions : ISha2Functions
{
    public static int WordLength => sizeof(ulong);

    public static int RoundCount => 80;

    public static byte* Rounds => HashConstants.Rounds512;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector UpperSigma0<TVector, TWords>(TVector x)
        where TVector : unmanaged
        where TWords : IHashWords<TVector> =>
        TWords.Xor(TWords.RotateRight(x, 28), TWords.RotateRight(x, 34), TWords.RotateRight(x, 39));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector UpperSigma1<TVector, TWords>(TVector x)
        where TVector : unmanaged
        where TWords : IHashWords<TVector> =>
        TWords.Xor(TWords.RotateRight(x, 14), TWords.RotateRight(x, 18), TWords.RotateRight(x, 41));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LowerSigma0<TVector, TWords>(TVector x)
        where TVector : unmanaged
        where TWords : IHashWords<TVector> =>
        TWords.Xor(TWords.RotateRight(x, 1), TWords.RotateRight(x, 8), TWords.ShiftRight(x, 7));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LowerSigma1<TVector, TWords>(TVector x)
        where TVector : unmanaged
        where TWords : IHashWords<TVector> =>
        TWords.Xor(TWords.RotateRight(x, 19), TWords.RotateRight(x, 61), TWords.ShiftRight(x, 6));
}
