using System.Security.Cryptography;

namespace Outboard.Plugins.Crypto.Kernels.TripleDes;

/// <summary>The round keys of TDEA in the order that encryption uses them (SP 800-67 2.2, 3.1); decryption goes backwards through them.</summary>
internal static unsafe class DesKeySchedule
{
    /// <summary>Rounds of three times DES.</summary>
    public const int RoundCount = 48;

    /// <summary>Bytes of the expanded key: for each round and S-box six bits of key, the first the highest.</summary>
    public const int Length = RoundCount * 8;

    /// <summary>Expands a key.</summary>
    /// <param name="key">24 bytes; 16, whose first eight are the third key too; or 8 for single DES, all three the same.</param>
    /// <param name="expanded"><see cref="Length"/> bytes.</param>
    public static void Expand(ReadOnlySpan<byte> key, byte* expanded)
    {
        ReadOnlySpan<byte> first = key[..8];
        ReadOnlySpan<byte> second = key.Length >= 16 ? key[8..16] : first;
        ReadOnlySpan<byte> third = key.Length >= 24 ? key[16..24] : first;
        Expand(first, expanded, backwards: false);
        Expand(second, expanded + (16 * 8), backwards: true);
        Expand(third, expanded + (32 * 8), backwards: false);
    }

    // Every bit goes by a table of positions, so nothing depends on the key.
    private static void Expand(ReadOnlySpan<byte> key, byte* expanded, bool backwards)
    {
        Span<byte> bits = stackalloc byte[56];
        for (int i = 0; i < 56; i++)
        {
            int from = DesTables.PermutedChoice1[i] - 1;
            bits[i] = (byte)((key[from / 8] >> (7 - (from % 8))) & 1);
        }

        int turned = 0;
        for (int round = 0; round < 16; round++)
        {
            turned += DesTables.Shifts[round];
            byte* to = expanded + (8 * (backwards ? 15 - round : round));
            for (int i = 0; i < 48; i++)
            {
                int from = DesTables.PermutedChoice2[i] - 1;
                int half = from / 28 * 28;
                int bit = bits[half + ((from - half + turned) % 28)];
                to[i / 6] = (byte)((to[i / 6] << 1) | bit);
            }
        }

        CryptographicOperations.ZeroMemory(bits);
    }
}
