using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Kernels.AesBlock;

namespace Outboard.Plugins.Crypto.Keys;

/// <summary>Fills an <see cref="AesKey"/> from the bytes of a key (FIPS 197 5.2). Constant time: no table is indexed by key material.</summary>
/// <remarks>It is control path, so one implementation serves every width; the round keys have one form and the bit planes another.</remarks>
internal static class AesKeySchedule
{
    public static bool IsKeyLength(int byteCount) => byteCount is 16 or 24 or 32;

    public static void Expand(ref AesKey key, ReadOnlySpan<byte> keyBytes)
    {
        if (!IsKeyLength(keyBytes.Length))
        {
            throw new ArgumentException($"an AES key has 16, 24 or 32 bytes, not {keyBytes.Length}", nameof(keyBytes));
        }

        int keyWords = keyBytes.Length / 4;
        key.RoundCount = keyWords + 6;
        int wordCount = 4 * (key.RoundCount + 1);
        ref uint w = ref Unsafe.As<byte, uint>(ref key.RoundKeys);
        keyBytes.CopyTo(MemoryMarshal.CreateSpan(ref key.RoundKeys, 240));
        uint roundConstant = 1;
        for (int i = keyWords; i < wordCount; i++)
        {
            uint t = Unsafe.Add(ref w, i - 1);
            if (i % keyWords == 0)
            {
                // Words are little-endian here, so RotWord is a rotation to the right and the constant enters at the bottom.
                t = BitslicedAes.SubstituteWord((t >> 8) | (t << 24)) ^ roundConstant;
                roundConstant = (roundConstant << 1) ^ (0x11B & (uint)-(int)(roundConstant >> 7));
            }
            else if (keyWords == 8 && i % 8 == 4)
            {
                t = BitslicedAes.SubstituteWord(t);
            }

            Unsafe.Add(ref w, i) = Unsafe.Add(ref w, i - keyWords) ^ t;
        }

        for (int round = 0; round <= key.RoundCount; round++)
        {
            BitslicedAes.PackRoundKey(
                ref Unsafe.Add(ref key.RoundKeys, 16 * round),
                ref Unsafe.Add(ref key.Planes, AesKey.PlanesPerRound * round));
        }

        Span<byte> block = stackalloc byte[BitslicedAes.StepLength];
        block.Clear();
        BitslicedAes.EncryptFour(ref key, ref MemoryMarshal.GetReference(block));
        CmacSubkeys.Derive(ref key, block[..16]);
        HashKeyPowers.Derive(ref key, block[..16]);
        block.Clear();
    }

    /// <summary>Puts each round key in four lanes, in place of the bit planes: loading a register is then free, where filling lanes is not.</summary>
    public static void Widen(ref AesKey key)
    {
        ref byte wide = ref Unsafe.As<ulong, byte>(ref key.Planes);
        for (int i = 0; i < 4 * (key.RoundCount + 1); i++)
        {
            Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref wide, 16 * i), ref Unsafe.Add(ref key.RoundKeys, 16 * (i / 4)), 16);
        }
    }
}
