using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Crypto.Kernels.Sha;

/// <summary>The constants of FIPS 180-4, computed from what they are: leading bits of the fractions of roots of the first primes.</summary>
internal static unsafe class HashConstants
{
    private static readonly int[] s_primes = Primes(80);
    private static readonly ulong[] s_rounds512 = Pinned(80, i => RootFraction(s_primes[i], 3));
    private static readonly uint[] s_rounds256 = Pinned(64, i => (uint)(s_rounds512[i] >> 32));
    private static readonly uint[] s_rounds1 = Pinned(4, i => Sha1Constant([2, 3, 5, 10], i));
    private static readonly ulong[] s_initial512 = Pinned(8, i => RootFraction(s_primes[i], 2));
    private static readonly ulong[] s_initial384 = Pinned(8, i => RootFraction(s_primes[i + 8], 2));
    private static readonly uint[] s_initial256 = Pinned(8, i => (uint)(s_initial512[i] >> 32));
    private static readonly uint[] s_initial224 = Pinned(8, i => (uint)s_initial384[i]);

    // The digits in ascending order, then in descending order, as bytes; the last word is 0xc3d2e1f0.
    private static readonly uint[] s_initial1 = Pinned(
        5, i => ((ReadOnlySpan<uint>)[0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0])[i]);

    /// <summary>K of SHA-1, a word for each 20 rounds (4.2.1).</summary>
    public static byte* Rounds1 => Address(s_rounds1);

    /// <summary>K of SHA-224 and SHA-256, 64 words (4.2.2).</summary>
    public static byte* Rounds256 => Address(s_rounds256);

    /// <summary>K of SHA-384 and SHA-512, 80 words (4.2.3).</summary>
    public static byte* Rounds512 => Address(s_rounds512);

    /// <summary>H(0) of SHA-1 (5.3.1).</summary>
    public static byte* Initial1 => Address(s_initial1);

    /// <summary>H(0) of SHA-224 (5.3.2).</summary>
    public static byte* Initial224 => Address(s_initial224);

    /// <summary>H(0) of SHA-256 (5.3.3).</summary>
    public static byte* Initial256 => Address(s_initial256);

    /// <summary>H(0) of SHA-384 (5.3.4).</summary>
    public static byte* Initial384 => Address(s_initial384);

    /// <summary>H(0) of SHA-512 (5.3.5).</summary>
    public static byte* Initial512 => Address(s_initial512);

    // Pinned arrays do not move.
    private static byte* Address<T>(T[] words)
        where T : unmanaged => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(words));

    private static T[] Pinned<T>(int count, Func<int, T> word)
        where T : unmanaged
    {
        T[] words = GC.AllocateUninitializedArray<T>(count, pinned: true);
        for (int i = 0; i < count; i++)
        {
            words[i] = word(i);
        }

        return words;
    }

    private static int[] Primes(int count)
    {
        var primes = new List<int>();
        for (int candidate = 2; primes.Count < count; candidate++)
        {
            if (!primes.Exists(prime => candidate % prime == 0))
            {
                primes.Add(candidate);
            }
        }

        return [.. primes];
    }

    /// <summary>The first 64 bits of the fraction of a square or cube root.</summary>
    private static ulong RootFraction(int value, int degree) =>
        (ulong)(Root((BigInteger)value << (64 * degree), degree) & ulong.MaxValue);

    /// <summary>The square root times 2^30.</summary>
    private static uint Sha1Constant(ReadOnlySpan<int> values, int index) =>
        (uint)Root((BigInteger)values[index] << 60, 2);

    /// <summary>The integer root, a bit at a time from the top.</summary>
    private static BigInteger Root(BigInteger value, int degree)
    {
        BigInteger root = 0;
        for (int bit = 72; bit >= 0; bit--)
        {
            BigInteger candidate = root | (BigInteger.One << bit);
            if (BigInteger.Pow(candidate, degree) <= value)
            {
                root = candidate;
            }
        }

        return root;
    }
}
