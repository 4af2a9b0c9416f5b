using System.Security.Cryptography;

namespace Outboard.Plugins.Crypto.Tests.AesCmac;

/// <summary>CMAC and XCBC-MAC of bits as their standards say them, a block at a time over the system's AES: the oracle of lengths in bits.</summary>
internal static class ChainModel
{
    /// <summary>SP 800-38B 6.2; the message is what stands before it and then the first bits of the data.</summary>
    public static byte[] Cmac(byte[] key, byte[] before, byte[] data, int bitLength)
    {
        byte[] first = Double(Encrypt(key, new byte[16]));
        return Chain(key, first, Double(first), Bits(before, data, bitLength));
    }

    /// <summary>RFC 3566 4.</summary>
    public static byte[] Xcbc(byte[] key, byte[] before, byte[] data, int bitLength)
    {
        byte[][] keys = [.. Enumerable.Range(1, 3).Select(i => Encrypt(key, [.. Enumerable.Repeat((byte)i, 16)]))];
        return Chain(keys[0], keys[1], keys[2], Bits(before, data, bitLength));
    }

    private static byte[] Chain(byte[] key, byte[] whole, byte[] filled, List<bool> bits)
    {
        byte[] mask = bits.Count != 0 && bits.Count % 128 == 0 ? whole : filled;
        if (mask == filled)
        {
            bits.Add(true);
            while (bits.Count % 128 != 0)
            {
                bits.Add(false);
            }
        }

        byte[] state = new byte[16];
        for (int at = 0; at < bits.Count; at += 128)
        {
            for (int i = 0; i < 128; i++)
            {
                state[i / 8] ^= (byte)(bits[at + i] ? 0x80 >> (i % 8) : 0);
            }

            for (int i = 0; at + 128 == bits.Count && i < 16; i++)
            {
                state[i] ^= mask[i];
            }

            state = Encrypt(key, state);
        }

        return state;
    }

    private static List<bool> Bits(byte[] before, byte[] data, int bitLength)
    {
        byte[] all = [.. before, .. data];
        return [.. Enumerable.Range(0, (8 * before.Length) + bitLength).Select(i => ((all[i / 8] << (i % 8)) & 0x80) != 0)];
    }

    private static byte[] Double(byte[] block)
    {
        byte[] result = new byte[16];
        for (int i = 0; i < 16; i++)
        {
            result[i] = (byte)((block[i] << 1) | (i < 15 ? block[i + 1] >> 7 : 0));
        }

        result[15] ^= (byte)((block[0] & 0x80) != 0 ? 0x87 : 0);
        return result;
    }

    private static byte[] Encrypt(byte[] key, byte[] block)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        return aes.EncryptEcb(block, PaddingMode.None);
    }
}
