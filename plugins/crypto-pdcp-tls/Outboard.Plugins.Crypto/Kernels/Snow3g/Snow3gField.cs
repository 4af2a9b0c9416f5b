namespace Outboard.Plugins.Crypto.Kernels.Snow3g;

/// <summary>The fields of SNOW 3G, byte by byte, for making tables at start; nothing secret comes here.</summary>
/// <remarks>
/// <i>Source</i>: TS 35.216 (SNOW 3G specification) 3.1.1 MULx, 3.1.2 MULxPOW, 3.3.1 S-box S1, 3.3.2 S-box S2, 3.4.2 MULalpha, 3.4.3
/// DIValpha. S1 is the S-box of AES in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1. S_Q is the Dickson polynomial g49 plus 0x25 modulo
/// x^8 + x^6 + x^5 + x^3 + 1. The feedback multiplies bytes by powers of x modulo x^8 + x^7 + x^5 + x^3 + 1.
/// </remarks>
internal static class Snow3gField
{
    public const int AesPolynomial = 0x11B;
    public const int S2Polynomial = 0x169;
    public const int AlphaPolynomial = 0x1A9;

    /// <summary>What S1 adds behind its linear map.</summary>
    public const byte S1Constant = 0x63;

    /// <summary>What S2 adds behind its Dickson polynomial.</summary>
    public const byte S2Constant = 0x25;

    /// <summary>The exponents of x in the bytes of MULalpha, lowest byte first.</summary>
    private static ReadOnlySpan<byte> MultiplyExponents => [239, 48, 245, 23];

    /// <summary>The exponents of x in the bytes of DIValpha, lowest byte first.</summary>
    private static ReadOnlySpan<byte> DivideExponents => [64, 6, 39, 16];

    public static byte Multiply(int a, int b, int polynomial)
    {
        int product = 0;
        for (int i = 7; i >= 0; i--)
        {
            product <<= 1;
            product ^= (product & 0x100) != 0 ? polynomial : 0;
            product ^= ((b >> i) & 1) != 0 ? a : 0;
        }

        return (byte)product;
    }

    public static byte Power(int a, int exponent, int polynomial)
    {
        int power = 1;
        for (int i = 0; i < exponent; i++)
        {
            power = Multiply(power, a, polynomial);
        }

        return (byte)power;
    }

    /// <summary>The linear map of the AES S-box: bit i is the sum of bits i, i + 4, i + 5, i + 6 and i + 7, counted modulo 8.</summary>
    public static byte AesLinear(byte x)
    {
        int twice = x | (x << 8);
        return (byte)(x ^ (twice >> 4) ^ (twice >> 5) ^ (twice >> 6) ^ (twice >> 7));
    }

    /// <summary>S_Q: x + x^9 + x^13 + x^15 + x^33 + x^41 + x^45 + x^47 + x^49 + 0x25.</summary>
    public static byte S2(byte x)
    {
        int sum = S2Constant;
        foreach (byte exponent in (ReadOnlySpan<byte>)[1, 9, 13, 15, 33, 41, 45, 47, 49])
        {
            sum ^= Power(x, exponent, S2Polynomial);
        }

        return (byte)sum;
    }

    /// <summary>Byte <paramref name="place"/>, 0 the lowest, of MULalpha.</summary>
    public static byte MultiplyAlpha(byte c, int place) =>
        Multiply(c, Power(2, MultiplyExponents[place], AlphaPolynomial), AlphaPolynomial);

    /// <summary>Byte <paramref name="place"/>, 0 the lowest, of DIValpha.</summary>
    public static byte DivideAlpha(byte c, int place) =>
        Multiply(c, Power(2, DivideExponents[place], AlphaPolynomial), AlphaPolynomial);

    /// <summary>The columns of a linear map: byte i is what it makes of bit i.</summary>
    public static ulong Columns(Func<byte, byte> map)
    {
        ulong columns = 0;
        for (int i = 0; i < 8; i++)
        {
            columns |= (ulong)map((byte)(1 << i)) << (8 * i);
        }

        return columns;
    }

    /// <summary>A linear map as GF2P8AFFINEQB takes it: byte 7 - i has the input bits that add up to output bit i.</summary>
    public static ulong Matrix(Func<byte, byte> map)
    {
        ulong matrix = 0;
        for (int i = 0; i < 8; i++)
        {
            for (int j = 0; j < 8; j++)
            {
                matrix |= (ulong)((map((byte)(1 << j)) >> i) & 1) << ((8 * (7 - i)) + j);
            }
        }

        return matrix;
    }

    /// <summary>Finds a root of a polynomial in the field of AES: the map x to it carries a field over to the one GF2P8MULB works in.</summary>
    public static byte RootInAesField(int polynomial)
    {
        for (int candidate = 2; candidate < 256; candidate++)
        {
            int value = 0;
            for (int i = 0; i <= 8; i++)
            {
                value ^= ((polynomial >> i) & 1) != 0 ? Power(candidate, i, AesPolynomial) : 0;
            }

            if (value == 0)
            {
                return (byte)candidate;
            }
        }

        throw new InvalidOperationException("The polynomial has no root, so it is not irreducible of degree 8.");
    }

    /// <summary>Carries an element over to the field of AES.</summary>
    public static byte ToAesField(byte x, byte root)
    {
        int sum = 0;
        for (int i = 0; i < 8; i++)
        {
            sum ^= ((x >> i) & 1) != 0 ? Power(root, i, AesPolynomial) : 0;
        }

        return (byte)sum;
    }

    /// <summary>Carries an element back.</summary>
    public static byte FromAesField(byte y, byte root)
    {
        for (int x = 0; x < 256; x++)
        {
            if (ToAesField((byte)x, root) == y)
            {
                return (byte)x;
            }
        }

        throw new InvalidOperationException("The map between fields is not one to one.");
    }
}
