using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesBlock;

/// <summary>AES in bit planes over eight 64-bit words: four blocks at a time, no table, no branch on data, no SIMD.</summary>
/// <remarks>
/// FIPS 197 says: state = in ^ w[0]; each round SubBytes, ShiftRows, MixColumns (not in the last), ^ w[round].
/// 1. Plane k holds bit k of all 64 state bytes. The byte at row r, column c of block b sits at bit 16r + 4c + b, so that
///    ShiftRows rotates 16-bit rows by 4r and the row rotations of MixColumns are rotations of the whole word.
/// 2. SubBytes is the 115-gate circuit of Boyar and Peralta (A depth-16 circuit for the AES S-box, 2011); the signal
///    names are those of the paper.
/// </remarks>
internal static class BitslicedAes
{
    /// <summary>Bytes that one call of <see cref="EncryptFour"/> transforms.</summary>
    public const int StepLength = 64;

    /// <summary>Encrypts the 64 bytes at <paramref name="blocks"/> in place.</summary>
    public static void EncryptFour(ref AesKey key, ref byte blocks)
    {
        Pack(ref blocks, out ulong q0, out ulong q1, out ulong q2, out ulong q3, out ulong q4, out ulong q5, out ulong q6, out ulong q7);
        ref ulong w = ref key.Planes;
        int rounds = key.RoundCount;
        for (int round = 0; ; round++)
        {
            q0 ^= w;
            q1 ^= Unsafe.Add(ref w, 1);
            q2 ^= Unsafe.Add(ref w, 2);
            q3 ^= Unsafe.Add(ref w, 3);
            q4 ^= Unsafe.Add(ref w, 4);
            q5 ^= Unsafe.Add(ref w, 5);
            q6 ^= Unsafe.Add(ref w, 6);
            q7 ^= Unsafe.Add(ref w, 7);
            if (round == rounds)
            {
                break;
            }

            w = ref Unsafe.Add(ref w, AesKey.PlanesPerRound);
            SubBytes(ref q0, ref q1, ref q2, ref q3, ref q4, ref q5, ref q6, ref q7);
            q0 = ShiftRows(q0);
            q1 = ShiftRows(q1);
            q2 = ShiftRows(q2);
            q3 = ShiftRows(q3);
            q4 = ShiftRows(q4);
            q5 = ShiftRows(q5);
            q6 = ShiftRows(q6);
            q7 = ShiftRows(q7);
            if (round != rounds - 1)
            {
                MixColumns(ref q0, ref q1, ref q2, ref q3, ref q4, ref q5, ref q6, ref q7);
            }
        }

        Unpack(ref blocks, q0, q1, q2, q3, q4, q5, q6, q7);
    }

    /// <summary>The S-box on the four bytes of a word, for the key schedule.</summary>
    public static uint SubstituteWord(uint word)
    {
        Span<byte> block = stackalloc byte[StepLength];
        block.Clear();
        Unsafe.WriteUnaligned(ref MemoryMarshal.GetReference(block), word);
        ref byte b = ref MemoryMarshal.GetReference(block);
        Pack(ref b, out ulong q0, out ulong q1, out ulong q2, out ulong q3, out ulong q4, out ulong q5, out ulong q6, out ulong q7);
        SubBytes(ref q0, ref q1, ref q2, ref q3, ref q4, ref q5, ref q6, ref q7);
        Unpack(ref b, q0, q1, q2, q3, q4, q5, q6, q7);
        uint result = Unsafe.ReadUnaligned<uint>(ref b);
        block.Clear();
        return result;
    }

    /// <summary>Writes one round key, repeated for four blocks, as eight planes.</summary>
    public static void PackRoundKey(ref byte roundKey, ref ulong planes)
    {
        Span<byte> four = stackalloc byte[StepLength];
        for (int i = 0; i < 4; i++)
        {
            MemoryMarshal.CreateReadOnlySpan(ref roundKey, 16).CopyTo(four[(16 * i)..]);
        }

        Pack(
            ref MemoryMarshal.GetReference(four),
            out planes,
            out Unsafe.Add(ref planes, 1),
            out Unsafe.Add(ref planes, 2),
            out Unsafe.Add(ref planes, 3),
            out Unsafe.Add(ref planes, 4),
            out Unsafe.Add(ref planes, 5),
            out Unsafe.Add(ref planes, 6),
            out Unsafe.Add(ref planes, 7));
        four.Clear();
    }

    internal static void Pack(
        ref byte blocks, out ulong q0, out ulong q1, out ulong q2, out ulong q3, out ulong q4, out ulong q5, out ulong q6, out ulong q7)
    {
        // Word b takes columns 0 and 2 of block b, word 4 + b columns 1 and 3, interleaved by bytes; the transposition does the rest.
        q0 = Interleave(ref blocks, 0, 8);
        q1 = Interleave(ref blocks, 16, 24);
        q2 = Interleave(ref blocks, 32, 40);
        q3 = Interleave(ref blocks, 48, 56);
        q4 = Interleave(ref blocks, 4, 12);
        q5 = Interleave(ref blocks, 20, 28);
        q6 = Interleave(ref blocks, 36, 44);
        q7 = Interleave(ref blocks, 52, 60);
        Transpose(ref q0, ref q1, ref q2, ref q3, ref q4, ref q5, ref q6, ref q7);
    }

    internal static void Unpack(
        ref byte blocks, ulong q0, ulong q1, ulong q2, ulong q3, ulong q4, ulong q5, ulong q6, ulong q7)
    {
        Transpose(ref q0, ref q1, ref q2, ref q3, ref q4, ref q5, ref q6, ref q7);
        Separate(ref blocks, 0, 8, q0);
        Separate(ref blocks, 16, 24, q1);
        Separate(ref blocks, 32, 40, q2);
        Separate(ref blocks, 48, 56, q3);
        Separate(ref blocks, 4, 12, q4);
        Separate(ref blocks, 20, 28, q5);
        Separate(ref blocks, 36, 44, q6);
        Separate(ref blocks, 52, 60, q7);
    }

    private static ulong Interleave(ref byte blocks, int first, int second) =>
        Spread(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref blocks, first)))
        | (Spread(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref blocks, second))) << 8);

    private static void Separate(ref byte blocks, int first, int second, ulong word)
    {
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref blocks, first), Gather(word));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref blocks, second), Gather(word >> 8));
    }

    private static ulong Spread(uint column)
    {
        ulong x = column;
        x = (x | (x << 16)) & 0x0000FFFF0000FFFF;
        return (x | (x << 8)) & 0x00FF00FF00FF00FF;
    }

    private static uint Gather(ulong word)
    {
        ulong x = word & 0x00FF00FF00FF00FF;
        x = (x | (x >> 8)) & 0x0000FFFF0000FFFF;
        return (uint)(x | (x >> 16));
    }

    // Exchanges the index of a word with the index of a bit inside its bytes; it is its own inverse.
    private static void Transpose(
        ref ulong q0, ref ulong q1, ref ulong q2, ref ulong q3, ref ulong q4, ref ulong q5, ref ulong q6, ref ulong q7)
    {
        Exchange(ref q0, ref q1, 1, 0x5555555555555555);
        Exchange(ref q2, ref q3, 1, 0x5555555555555555);
        Exchange(ref q4, ref q5, 1, 0x5555555555555555);
        Exchange(ref q6, ref q7, 1, 0x5555555555555555);
        Exchange(ref q0, ref q2, 2, 0x3333333333333333);
        Exchange(ref q1, ref q3, 2, 0x3333333333333333);
        Exchange(ref q4, ref q6, 2, 0x3333333333333333);
        Exchange(ref q5, ref q7, 2, 0x3333333333333333);
        Exchange(ref q0, ref q4, 4, 0x0F0F0F0F0F0F0F0F);
        Exchange(ref q1, ref q5, 4, 0x0F0F0F0F0F0F0F0F);
        Exchange(ref q2, ref q6, 4, 0x0F0F0F0F0F0F0F0F);
        Exchange(ref q3, ref q7, 4, 0x0F0F0F0F0F0F0F0F);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Exchange(ref ulong low, ref ulong high, int shift, ulong mask)
    {
        ulong t = ((low >> shift) ^ high) & mask;
        high ^= t;
        low ^= t << shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ShiftRows(ulong x) =>
        (x & 0x000000000000FFFF)
        | ((x & 0x00000000FFF00000) >> 4) | ((x & 0x00000000000F0000) << 12)
        | ((x & 0x0000FF0000000000) >> 8) | ((x & 0x000000FF00000000) << 8)
        | ((x & 0xF000000000000000) >> 12) | ((x & 0x0FFF000000000000) << 4);

    // Row r becomes 2(a[r] ^ a[r+1]) ^ a[r+1] ^ a[r+2] ^ a[r+3]; a rotation by 16 fetches the next row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void MixColumns(
        ref ulong q0, ref ulong q1, ref ulong q2, ref ulong q3, ref ulong q4, ref ulong q5, ref ulong q6, ref ulong q7)
    {
        ulong r7 = BitOperations.RotateRight(q7, 16);
        ulong d7 = q7 ^ r7;
        ulong r = BitOperations.RotateRight(q0, 16);
        ulong d0 = q0 ^ r;
        q0 = d7 ^ r ^ BitOperations.RotateRight(d0, 32);
        r = BitOperations.RotateRight(q1, 16);
        ulong d1 = q1 ^ r;
        q1 = d0 ^ d7 ^ r ^ BitOperations.RotateRight(d1, 32);
        r = BitOperations.RotateRight(q2, 16);
        ulong d2 = q2 ^ r;
        q2 = d1 ^ r ^ BitOperations.RotateRight(d2, 32);
        r = BitOperations.RotateRight(q3, 16);
        ulong d3 = q3 ^ r;
        q3 = d2 ^ d7 ^ r ^ BitOperations.RotateRight(d3, 32);
        r = BitOperations.RotateRight(q4, 16);
        ulong d4 = q4 ^ r;
        q4 = d3 ^ d7 ^ r ^ BitOperations.RotateRight(d4, 32);
        r = BitOperations.RotateRight(q5, 16);
        ulong d5 = q5 ^ r;
        q5 = d4 ^ r ^ BitOperations.RotateRight(d5, 32);
        r = BitOperations.RotateRight(q6, 16);
        ulong d6 = q6 ^ r;
        q6 = d5 ^ r ^ BitOperations.RotateRight(d6, 32);
        q7 = d6 ^ r7 ^ BitOperations.RotateRight(d7, 32);
    }

    internal static void SubBytes(
        ref ulong q0, ref ulong q1, ref ulong q2, ref ulong q3, ref ulong q4, ref ulong q5, ref ulong q6, ref ulong q7)
    {
        ulong x0 = q7, x1 = q6, x2 = q5, x3 = q4, x4 = q3, x5 = q2, x6 = q1, x7 = q0;

        // The linear layer at the top.
        ulong y14 = x3 ^ x5;
        ulong y13 = x0 ^ x6;
        ulong y9 = x0 ^ x3;
        ulong y8 = x0 ^ x5;
        ulong t0 = x1 ^ x2;
        ulong y1 = t0 ^ x7;
        ulong y4 = y1 ^ x3;
        ulong y12 = y13 ^ y14;
        ulong y2 = y1 ^ x0;
        ulong y5 = y1 ^ x6;
        ulong y3 = y5 ^ y8;
        ulong t1 = x4 ^ y12;
        ulong y15 = t1 ^ x5;
        ulong y20 = t1 ^ x1;
        ulong y6 = y15 ^ x7;
        ulong y10 = y15 ^ t0;
        ulong y11 = y20 ^ y9;
        ulong y7 = x7 ^ y11;
        ulong y17 = y10 ^ y11;
        ulong y19 = y10 ^ y8;
        ulong y16 = t0 ^ y11;
        ulong y21 = y13 ^ y16;
        ulong y18 = x0 ^ y16;

        // The inversion in GF(2^4)^2.
        ulong t2 = y12 & y15;
        ulong t3 = y3 & y6;
        ulong t4 = t3 ^ t2;
        ulong t5 = y4 & x7;
        ulong t6 = t5 ^ t2;
        ulong t7 = y13 & y16;
        ulong t8 = y5 & y1;
        ulong t9 = t8 ^ t7;
        ulong t10 = y2 & y7;
        ulong t11 = t10 ^ t7;
        ulong t12 = y9 & y11;
        ulong t13 = y14 & y17;
        ulong t14 = t13 ^ t12;
        ulong t15 = y8 & y10;
        ulong t16 = t15 ^ t12;
        ulong t17 = t4 ^ t14;
        ulong t18 = t6 ^ t16;
        ulong t19 = t9 ^ t14;
        ulong t20 = t11 ^ t16;
        ulong t21 = t17 ^ y20;
        ulong t22 = t18 ^ y19;
        ulong t23 = t19 ^ y21;
        ulong t24 = t20 ^ y18;
        ulong t25 = t21 ^ t22;
        ulong t26 = t21 & t23;
        ulong t27 = t24 ^ t26;
        ulong t28 = t25 & t27;
        ulong t29 = t28 ^ t22;
        ulong t30 = t23 ^ t24;
        ulong t31 = t22 ^ t26;
        ulong t32 = t31 & t30;
        ulong t33 = t32 ^ t24;
        ulong t34 = t23 ^ t33;
        ulong t35 = t27 ^ t33;
        ulong t36 = t24 & t35;
        ulong t37 = t36 ^ t34;
        ulong t38 = t27 ^ t36;
        ulong t39 = t29 & t38;
        ulong t40 = t25 ^ t39;
        ulong t41 = t40 ^ t37;
        ulong t42 = t29 ^ t33;
        ulong t43 = t29 ^ t40;
        ulong t44 = t33 ^ t37;
        ulong t45 = t42 ^ t41;
        ulong z0 = t44 & y15;
        ulong z1 = t37 & y6;
        ulong z2 = t33 & x7;
        ulong z3 = t43 & y16;
        ulong z4 = t40 & y1;
        ulong z5 = t29 & y7;
        ulong z6 = t42 & y11;
        ulong z7 = t45 & y17;
        ulong z8 = t41 & y10;
        ulong z9 = t44 & y12;
        ulong z10 = t37 & y3;
        ulong z11 = t33 & y4;
        ulong z12 = t43 & y13;
        ulong z13 = t40 & y5;
        ulong z14 = t29 & y2;
        ulong z15 = t42 & y9;
        ulong z16 = t45 & y14;
        ulong z17 = t41 & y8;

        // The linear layer at the bottom, with the affine constant as complements.
        ulong t46 = z15 ^ z16;
        ulong t47 = z10 ^ z11;
        ulong t48 = z5 ^ z13;
        ulong t49 = z9 ^ z10;
        ulong t50 = z2 ^ z12;
        ulong t51 = z2 ^ z5;
        ulong t52 = z7 ^ z8;
        ulong t53 = z0 ^ z3;
        ulong t54 = z6 ^ z7;
        ulong t55 = z16 ^ z17;
        ulong t56 = z12 ^ t48;
        ulong t57 = t50 ^ t53;
        ulong t58 = z4 ^ t46;
        ulong t59 = z3 ^ t54;
        ulong t60 = t46 ^ t57;
        ulong t61 = z14 ^ t57;
        ulong t62 = t52 ^ t58;
        ulong t63 = t49 ^ t58;
        ulong t64 = z4 ^ t59;
        ulong t65 = t61 ^ t62;
        ulong t66 = z1 ^ t63;
        ulong s3 = t53 ^ t66;
        ulong t67 = t64 ^ t65;
        q7 = t59 ^ t63;
        q6 = t64 ^ ~s3;
        q5 = t55 ^ ~t67;
        q4 = s3;
        q3 = t51 ^ t66;
        q2 = t47 ^ t65;
        q1 = t56 ^ ~t62;
        q0 = t48 ^ ~t60;
    }
}
