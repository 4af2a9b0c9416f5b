using System.Numerics;
using Outboard.Plugins.Crypto.Tests.Zuc;

namespace Outboard.Plugins.Crypto.Tests.Zuc256;

/// <summary>NEA6, NIA6 and NCA6 over the plain model of ZUC, with POLYVAL (RFC 8452 3) a bit at a time.</summary>
internal static class Zuc256Model
{
    private static readonly BigInteger s_polynomial =
        (BigInteger.One << 128) | (BigInteger.One << 127) | (BigInteger.One << 126) | (BigInteger.One << 121) | 1;

    public static byte[] Keystream(byte[] key, byte[] iv, int byteCount)
    {
        ulong[] d =
        [
            0b1100100, 0b1000011, 0b1111011, 0b0101010, 0b0010001, 0b0000101, 0b1010001, 0b1000010,
            0b0011010, 0b0110001, 0b0011000, 0b1100110, 0b0010100, 0b0101110, 0b0000001, 0b1011100,
        ];
        ulong Cell(int i) => i switch
        {
            < 7 => Join(key[i], d[i], key[16 + i], key[24 + i]),
            15 => Join(key[15], d[15], key[23], key[31]),
            _ => Join(key[i], d[i], iv[i - 7], iv[i + 1]),
        };
        return new ZucModel(Enumerable.Range(0, 16).Select(Cell), 48).Keystream(byteCount);
    }

    public static byte[] Authenticate(byte[] key, byte[] iv, byte[] message, int bits) =>
        Code(Keystream(key, iv, 48), [], message, 0, 0, (ulong)bits, bits);

    public static (byte[] Ciphertext, byte[] Code) Seal(byte[] key, byte[] iv, byte[] aad, byte[] plaintext)
    {
        byte[] stream = Keystream(key, iv, 48 + plaintext.Length);
        byte[] ciphertext = ZucModel.Encrypt(stream[48..], plaintext, plaintext.Length * 8);
        return (ciphertext, Code(stream, aad, ciphertext, aad.Length * 8, (ulong)ciphertext.Length * 8, (ulong)aad.Length * 8, ciphertext.Length * 8));
    }

    internal static byte[] Code(byte[] stream, byte[] aad, byte[] data, int aadBits, ulong first, ulong second, int dataBits)
    {
        BigInteger h = Element(stream.AsSpan(0, 16)), q = Element(stream.AsSpan(16, 16)), p = Element(stream.AsSpan(32, 16));
        BigInteger sum = Hash(Hash(0, h, aad, aadBits), h, data, dataBits);
        sum = Dot(sum ^ (first | ((BigInteger)second << 64)), q) ^ p;
        byte[] code = new byte[17];
        sum.TryWriteBytes(code, out _, isUnsigned: true);
        return code[..16];
    }

    private static BigInteger Hash(BigInteger sum, BigInteger h, byte[] data, int bits)
    {
        byte[] kept = [.. data.Take((bits + 7) / 8), .. new byte[15]];
        if (bits % 8 != 0)
        {
            kept[bits / 8] &= (byte)~(0xFF >> (bits % 8));
        }

        for (int i = 0; 8 * i < bits; i += 16)
        {
            sum = Dot(sum ^ Element(kept.AsSpan(i, 16)), h);
        }

        return sum;
    }

    // a . b . x^-128.
    private static BigInteger Dot(BigInteger a, BigInteger b)
    {
        BigInteger product = 0;
        for (int i = 0; i < 128; i++)
        {
            if (((b >> i) & 1) == 1)
            {
                product ^= a << i;
            }
        }

        for (int i = 0; i < 128; i++)
        {
            product = (product.IsEven ? product : product ^ s_polynomial) >> 1;
        }

        for (int i = 255; i >= 128; i--)
        {
            if (((product >> i) & 1) == 1)
            {
                product ^= s_polynomial << (i - 128);
            }
        }

        return product;
    }

    private static BigInteger Element(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true);

    private static ulong Join(byte a, ulong d, byte b, byte c) => ((ulong)a << 23) | (d << 16) | ((ulong)b << 8) | c;
}
