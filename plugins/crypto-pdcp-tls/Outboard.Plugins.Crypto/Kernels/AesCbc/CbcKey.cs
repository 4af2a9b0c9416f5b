using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>The key of CBC: an <see cref="AesKey"/> with the schedule of decryption where others have powers of the hash key.</summary>
internal static class CbcKey
{
    /// <summary>Bytes of the decryption schedule of the longest key.</summary>
    public const int ScheduleLength = 15 * 16;

    /// <summary>Expands a key of 16, 24 or 32 bytes.</summary>
    public static void Expand(ref AesKey key, ReadOnlySpan<byte> keyBytes)
    {
        AesKeySchedule.Expand(ref key, keyBytes);
        MemoryMarshal.CreateSpan(ref key.HashPowers, AesKey.HashPowerCount * 16).Clear();

        // The equivalent inverse cipher (FIPS 197 5.3.5): the round keys in the order of use, the inner ones through InvMixColumns.
        int rounds = key.RoundCount;
        for (int round = 0; round <= rounds; round++)
        {
            ref byte to = ref Unsafe.Add(ref key.HashPowers, 16 * round);
            Unsafe.CopyBlockUnaligned(ref to, ref Unsafe.Add(ref key.RoundKeys, 16 * (rounds - round)), 16);
            if (round != 0 && round != rounds)
            {
                for (int column = 0; column < 16; column += 4)
                {
                    ref byte word = ref Unsafe.Add(ref to, column);
                    Unsafe.WriteUnaligned(ref word, InverseMixColumn(Unsafe.ReadUnaligned<uint>(ref word)));
                }
            }
        }
    }

    /// <summary>Where in a key the round keys of decryption lie, in order of use.</summary>
    public static int ScheduleOffset { get; } = FindOffset();

    /// <summary>The round keys of decryption.</summary>
    public static unsafe byte* DecryptKeys(AesKey* key) => (byte*)key + ScheduleOffset;

    private static int FindOffset()
    {
        AesKey key = default;
        return (int)Unsafe.ByteOffset(ref Unsafe.As<AesKey, byte>(ref key), ref key.HashPowers);
    }

    // InvMixColumns is MixColumns behind a[r] ^= 4 (a[r] ^ a[r+2]); four bytes side by side in a word, row 0 lowest.
    private static uint InverseMixColumn(uint a)
    {
        a ^= Double(Double(a ^ ((a >> 16) | (a << 16))));
        uint next = (a >> 8) | (a << 24);
        uint sum = a ^ next;
        return Double(sum) ^ next ^ ((sum >> 16) | (sum << 16));
    }

    // Times x in GF(2^8), in each byte.
    private static uint Double(uint a) => ((a & 0x7F7F7F7F) << 1) ^ (((a >> 7) & 0x01010101) * 0x1B);
}
