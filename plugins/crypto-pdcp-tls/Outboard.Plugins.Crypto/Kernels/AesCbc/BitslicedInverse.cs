using System.Numerics;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Crypto.Kernels.AesBlock;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>The inverse of <see cref="BitslicedAes"/> (FIPS 197 5.3), with the same planes of round keys in reverse.</summary>
/// <remarks>
/// The S-box is an affine map A behind the inversion in GF(2^8), so its inverse is the inversion behind A's inverse, which is A's
/// inverse behind the S-box behind A's inverse: the circuit of the forward S-box serves.
/// </remarks>
internal static class BitslicedInverse
{
    /// <summary>Decrypts the <see cref="BitslicedAes.StepLength"/> bytes at <paramref name="blocks"/> in place.</summary>
    public static void DecryptFour(ref AesKey key, ref byte blocks)
    {
        BitslicedAes.Pack(
            ref blocks, out ulong q0, out ulong q1, out ulong q2, out ulong q3, out ulong q4, out ulong q5, out ulong q6, out ulong q7);
        for (int round = key.RoundCount; ; round--)
        {
            ref ulong w = ref Unsafe.Add(ref key.Planes, AesKey.PlanesPerRound * round);
            q0 ^= w;
            q1 ^= Unsafe.Add(ref w, 1);
            q2 ^= Unsafe.Add(ref w, 2);
            q3 ^= Unsafe.Add(ref w, 3);
            q4 ^= Unsafe.Add(ref w, 4);
            q5 ^= Unsafe.Add(ref w, 5);
            q6 ^= Unsafe.Add(ref w, 6);
            q7 ^= Unsafe.Add(ref w, 7);
            if (round == 0)
            {
                break;
            }

            if (round != key.RoundCount)
            {
                InverseMixColumns(ref q0, ref q1, ref q2, ref q3, ref q4, ref q5, ref q6, ref q7);
            }

            q0 = InverseShiftRows(q0);
            q1 = InverseShiftRows(q1);
            q2 = InverseShiftRows(q2);
            q3 = InverseShiftRows(q3);
            q4 = InverseShiftRows(q4);
            q5 = InverseShiftRows(q5);
            q6 = InverseShiftRows(q6);
            q7 = InverseShiftRows(q7);
            InverseAffine(ref q0, ref q1, ref q2, ref q3, ref q4, ref q5, ref q6, ref q7);
            BitslicedAes.SubBytes(ref q0, ref q1, ref q2, ref q3, ref q4, ref q5, ref q6, ref q7);
            InverseAffine(ref q0, ref q1, ref q2, ref q3, ref q4, ref q5, ref q6, ref q7);
        }

        BitslicedAes.Unpack(ref blocks, q0, q1, q2, q3, q4, q5, q6, q7);
    }

    // Row r rotates by r columns the other way; a row is 16 bits, a column 4.
    private static ulong InverseShiftRows(ulong x) =>
        (x & 0x000000000000FFFF)
        | ((x & 0x000000000FFF0000) << 4) | ((x & 0x00000000F0000000) >> 12)
        | ((x & 0x000000FF00000000) << 8) | ((x & 0x0000FF0000000000) >> 8)
        | ((x & 0x000F000000000000) << 12) | ((x & 0xFFF0000000000000) >> 4);

    // Bit i is bits i+2, i+5 and i+7 of what the S-box made, and of 05.
    private static void InverseAffine(
        ref ulong q0, ref ulong q1, ref ulong q2, ref ulong q3, ref ulong q4, ref ulong q5, ref ulong q6, ref ulong q7)
    {
        ulong r0 = ~(q2 ^ q5 ^ q7);
        ulong r1 = q3 ^ q6 ^ q0;
        ulong r2 = ~(q4 ^ q7 ^ q1);
        ulong r3 = q5 ^ q0 ^ q2;
        ulong r4 = q6 ^ q1 ^ q3;
        ulong r5 = q7 ^ q2 ^ q4;
        ulong r6 = q0 ^ q3 ^ q5;
        ulong r7 = q1 ^ q4 ^ q6;
        (q0, q1, q2, q3, q4, q5, q6, q7) = (r0, r1, r2, r3, r4, r5, r6, r7);
    }

    // a[r] ^= 4 (a[r] ^ a[r+2]), then as forward.
    private static void InverseMixColumns(
        ref ulong q0, ref ulong q1, ref ulong q2, ref ulong q3, ref ulong q4, ref ulong q5, ref ulong q6, ref ulong q7)
    {
        ulong t0 = q0 ^ BitOperations.RotateRight(q0, 32);
        ulong t1 = q1 ^ BitOperations.RotateRight(q1, 32);
        ulong t2 = q2 ^ BitOperations.RotateRight(q2, 32);
        ulong t3 = q3 ^ BitOperations.RotateRight(q3, 32);
        ulong t4 = q4 ^ BitOperations.RotateRight(q4, 32);
        ulong t5 = q5 ^ BitOperations.RotateRight(q5, 32);
        ulong t6 = q6 ^ BitOperations.RotateRight(q6, 32);
        ulong t7 = q7 ^ BitOperations.RotateRight(q7, 32);
        q0 ^= t6;
        q1 ^= t7 ^ t6;
        q2 ^= t0 ^ t7;
        q3 ^= t1 ^ t6;
        q4 ^= t2 ^ t7 ^ t6;
        q5 ^= t3 ^ t7;
        q6 ^= t4;
        q7 ^= t5;
        BitslicedAes.MixColumns(ref q0, ref q1, ref q2, ref q3, ref q4, ref q5, ref q6, ref q7);
    }
}
