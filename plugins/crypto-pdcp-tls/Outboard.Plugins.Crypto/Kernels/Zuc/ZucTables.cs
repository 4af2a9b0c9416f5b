using System.Runtime.Intrinsics;

namespace Outboard.Plugins.Crypto.Kernels.Zuc;

/// <summary>The constants of ZUC and the forms of its two S-boxes that the kernels look up without a secret address.</summary>
/// <remarks>
/// Source: 128-EEA3 and 128-EIA3 Document 2, ZUC Specification 3.4.1 (S-boxes) and 3.5.1 (key loading), and the design of the
/// S-boxes in Document 4, 6.3: S0 is three rounds of a Feistel network over 4-bit boxes and a rotation by 5; S1(x) = M . x^-1 + 0x55
/// in GF(2^8) modulo x^8 + x^7 + x^3 + x + 1.
/// </remarks>
internal static class ZucTables
{
    private const int S1Field = 0x18B;
    private const int AesField = 0x11B;
    private const int S1Constant = 0x55;

    static ZucTables()
    {
        byte[] s1Columns = [0x97, 0x3E, 0x6D, 0xCB, 0xEE, 0xDD, 0xBB, 0x77];

        // The same field in two shapes: x of S1's is an element of AES's that is a root of S1's polynomial.
        byte[] toAes = new byte[8], fromAes = new byte[256];
        int root = 2;
        while (Evaluate(S1Field, root) != 0)
        {
            root++;
        }

        toAes[0] = 1;
        for (int i = 1; i < 8; i++)
        {
            toAes[i] = (byte)Multiply(toAes[i - 1], root, AesField);
        }

        for (int x = 0; x < 256; x++)
        {
            fromAes[Apply(toAes, x)] = (byte)x;
        }

        byte[] s0 = new byte[256], s1 = new byte[256], afterInverse = new byte[256], afterAes = new byte[256];
        ReadOnlySpan<byte> p1 = P1, p2 = P2, p3 = P3;
        for (int x = 0; x < 256; x++)
        {
            int high = x >> 4, low = x & 15;
            high ^= p1[low];
            low ^= p2[high];
            high ^= p3[low];
            int y = (high << 4) | low;
            s0[x] = (byte)((y << 5) | (y >> 3));

            int inverse = Inverse(x, S1Field);
            s1[x] = (byte)(Apply(s1Columns, inverse) ^ S1Constant);
            int inverseInAes = Apply(toAes, inverse);
            afterInverse[inverseInAes] = (byte)(s1[x] ^ S1Constant);
            afterAes[AesSubstitute(inverseInAes)] = s1[x];
        }

        ToAes = Matrix(i => toAes[i]);
        FromInverse = Matrix(i => afterInverse[1 << i]);
        ToAesLow = Nibbles(x => Apply(toAes, x));
        ToAesHigh = Nibbles(x => Apply(toAes, x << 4));
        FromAesLow = Nibbles(x => afterAes[x]);
        FromAesHigh = Nibbles(x => afterAes[x << 4] ^ afterAes[0]);
        Round1 = Nibbles(x => P1[x]);
        Round2 = Nibbles(x => P2[x]);
        Round3 = Nibbles(x => RotateBy5((P3[x] << 4) | x));
        ReversedNibbles = Nibbles(x => ((x & 1) << 3) | ((x & 2) << 1) | ((x & 4) >> 1) | (x >> 3));
        S0Quarter0 = Quarter(s0, 0);
        S0Quarter1 = Quarter(s0, 64);
        S0Quarter2 = Quarter(s0, 128);
        S0Quarter3 = Quarter(s0, 192);
        S1Bits = TruthTables(s1);
        S0 = s0;
        S1 = s1;
    }

    /// <summary>The sixteen 15-bit constants of 128-bit key loading.</summary>
    public static ReadOnlySpan<uint> KeyConstants =>
    [
        0x44D7, 0x26BC, 0x626B, 0x135E, 0x5789, 0x35E2, 0x7135, 0x09AF,
        0x4D78, 0x2F13, 0x6BC4, 0x1AF1, 0x5E26, 0x3C4D, 0x789A, 0x47AC,
    ];

    /// <summary>The 4-bit boxes of S0.</summary>
    public static ReadOnlySpan<byte> P1 => [9, 15, 0, 14, 15, 15, 2, 10, 0, 4, 0, 12, 7, 5, 3, 9];

    public static ReadOnlySpan<byte> P2 => [8, 13, 6, 5, 7, 0, 12, 4, 11, 1, 14, 10, 15, 3, 9, 2];

    public static ReadOnlySpan<byte> P3 => [2, 6, 10, 6, 0, 13, 10, 15, 3, 3, 13, 5, 0, 9, 12, 13];

    /// <summary>S0 as a whole.</summary>
    public static ReadOnlyMemory<byte> S0 { get; }

    /// <summary>S1 as a whole.</summary>
    public static ReadOnlyMemory<byte> S1 { get; }

    /// <summary>S1 as eight truth tables of four words each, bit n of a table being the output for n; least significant output first.</summary>
    public static ulong[] S1Bits { get; }

    /// <summary>The matrix, as GFNI reads it, that takes a byte from S1's field to that of AES.</summary>
    public static readonly ulong ToAes;

    /// <summary>The matrix that takes an inverse in the field of AES to S1 less its constant, <see cref="S1Constant"/>.</summary>
    public static readonly ulong FromInverse;

    /// <summary>What is added behind <see cref="FromInverse"/>.</summary>
    public const byte S1Added = S1Constant;

    /// <summary>The way into the field of AES by nibbles.</summary>
    public static readonly Vector256<byte> ToAesLow;

    public static readonly Vector256<byte> ToAesHigh;

    /// <summary>From the S-box of AES to S1 by nibbles; the constant is in the low table.</summary>
    public static readonly Vector256<byte> FromAesLow;

    public static readonly Vector256<byte> FromAesHigh;

    /// <summary>The rounds of S0; the third holds the rotated low half as well.</summary>
    public static readonly Vector256<byte> Round1;

    public static readonly Vector256<byte> Round2;

    public static readonly Vector256<byte> Round3;

    /// <summary>The bits of a nibble turned round.</summary>
    public static readonly Vector256<byte> ReversedNibbles;

    /// <summary>S0, 64 entries each.</summary>
    public static readonly Vector512<byte> S0Quarter0;

    public static readonly Vector512<byte> S0Quarter1;

    public static readonly Vector512<byte> S0Quarter2;

    public static readonly Vector512<byte> S0Quarter3;

    private static byte RotateBy5(int x) => (byte)((x << 5) | (x >> 3));

    private static int Multiply(int a, int b, int field)
    {
        int product = 0;
        for (; b != 0; b >>= 1)
        {
            product ^= (b & 1) * a;
            a <<= 1;
            a ^= (a >> 8) * field;
        }

        return product;
    }

    private static int Inverse(int x, int field)
    {
        int power = 1;
        for (int i = 0; i < 254; i++)
        {
            power = Multiply(power, x, field);
        }

        return power;
    }

    // The polynomial with these coefficients at a point of the field of AES.
    private static int Evaluate(int polynomial, int point)
    {
        int value = 0;
        for (int i = 8; i >= 0; i--)
        {
            value = Multiply(value, point, AesField) ^ ((polynomial >> i) & 1);
        }

        return value;
    }

    private static int Apply(byte[] columns, int x)
    {
        int value = 0;
        for (int i = 0; i < 8; i++)
        {
            value ^= ((x >> i) & 1) * columns[i];
        }

        return value;
    }

    // FIPS 197 5.1.1.
    private static int AesSubstitute(int inverse)
    {
        int y = inverse * 0x101;
        return ((y ^ (y >> 4) ^ (y >> 5) ^ (y >> 6) ^ (y >> 7)) & 0xFF) ^ 0x63;
    }

    // GFNI keeps the row of output bit i in byte 7 - i.
    private static ulong Matrix(Func<int, int> column)
    {
        ulong matrix = 0;
        for (int output = 0; output < 8; output++)
        {
            for (int input = 0; input < 8; input++)
            {
                matrix |= (ulong)((column(input) >> output) & 1) << (((7 - output) * 8) + input);
            }
        }

        return matrix;
    }

    // The table twice: shuffles look up in each half of a register.
    private static Vector256<byte> Nibbles(Func<int, int> function)
    {
        Span<byte> table = stackalloc byte[16];
        for (int i = 0; i < 16; i++)
        {
            table[i] = (byte)function(i);
        }

        return Vector256.Create(Vector128.Create<byte>(table), Vector128.Create<byte>(table));
    }

    private static Vector512<byte> Quarter(byte[] table, int start) => Vector512.Create<byte>(table.AsSpan(start, 64));

    private static ulong[] TruthTables(byte[] table)
    {
        ulong[] words = new ulong[32];
        for (int output = 0; output < 8; output++)
        {
            for (int x = 0; x < 256; x++)
            {
                words[(output * 4) + (x >> 6)] |= (ulong)((table[x] >> output) & 1) << (x & 63);
            }
        }

        return words;
    }
}
