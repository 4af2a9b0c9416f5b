namespace Outboard.Plugins.Crypto.Tests.Snow3g;

/// <summary>
/// SNOW 3G, UEA2 and UIA2 as TS 35.216 and TS 35.215 write them down, function by function and bit by bit; shares nothing with the kernels.
/// </summary>
internal sealed class Snow3gModel
{
    private static readonly byte[] s_sr = MakeSr();
    private static readonly byte[] s_sq = MakeSq();

    private readonly uint[] _s = new uint[16];
    private uint _r1, _r2, _r3;

    /// <summary>TS 35.216 4.1; key and vector as k3..k0 and IV3..IV0 in the order of TS 35.215 3.4.</summary>
    public Snow3gModel(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        uint[] k = new uint[4], v = new uint[4];
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                k[3 - i] = (k[3 - i] << 8) | key[(4 * i) + j];
                v[3 - i] = (v[3 - i] << 8) | iv[(4 * i) + j];
            }
        }

        const uint One = 0xFFFFFFFF;
        _s[15] = k[3] ^ v[0];
        _s[14] = k[2];
        _s[13] = k[1];
        _s[12] = k[0] ^ v[1];
        _s[11] = k[3] ^ One;
        _s[10] = k[2] ^ One ^ v[2];
        _s[9] = k[1] ^ One ^ v[3];
        _s[8] = k[0] ^ One;
        _s[7] = k[3];
        _s[6] = k[2];
        _s[5] = k[1];
        _s[4] = k[0];
        _s[3] = k[3] ^ One;
        _s[2] = k[2] ^ One;
        _s[1] = k[1] ^ One;
        _s[0] = k[0] ^ One;
        for (int i = 0; i < 32; i++)
        {
            ClockRegister(ClockMachine());
        }

        ClockMachine();
        ClockRegister(0);
    }

    /// <summary>The next word of keystream (TS 35.216 4.2).</summary>
    public uint Next()
    {
        uint z = ClockMachine() ^ _s[0];
        ClockRegister(0);
        return z;
    }

    /// <summary>UEA2 over the first bits of a message; the rest of it stays.</summary>
    public static byte[] Uea2(byte[] key, byte[] iv, byte[] message, int bitLength, byte[] behind)
    {
        var model = new Snow3gModel(key, iv);
        byte[] output = [.. behind];
        uint word = 0;
        for (int i = 0; i < bitLength; i++)
        {
            word = i % 32 == 0 ? model.Next() : word;
            int bit = ((message[i / 8] >> (7 - (i % 8))) & 1) ^ (int)((word >> (31 - (i % 32))) & 1);
            output[i / 8] = (byte)((output[i / 8] & ~(0x80 >> (i % 8))) | (bit << (7 - (i % 8))));
        }

        return output;
    }

    /// <summary>UIA2 (TS 35.215 4.4).</summary>
    public static byte[] Uia2(byte[] key, byte[] iv, byte[] message, int bitLength)
    {
        var model = new Snow3gModel(key, iv);
        ulong p = ((ulong)model.Next() << 32) | model.Next(), q = ((ulong)model.Next() << 32) | model.Next();
        uint z5 = model.Next();
        ulong eval = 0;
        for (int i = 0; i < bitLength; i += 64)
        {
            ulong word = 0;
            for (int j = i; j < i + 64; j++)
            {
                word = (word << 1) | (j < bitLength ? (ulong)(message[j / 8] >> (7 - (j % 8))) & 1 : 0);
            }

            eval = Multiply(eval ^ word, p);
        }

        eval = Multiply(eval ^ (ulong)bitLength, q);
        uint code = (uint)(eval >> 32) ^ z5;
        return [(byte)(code >> 24), (byte)(code >> 16), (byte)(code >> 8), (byte)code];
    }

    private uint ClockMachine()
    {
        uint f = (_s[15] + _r1) ^ _r2;
        uint r = _r2 + (_r3 ^ _s[5]);
        _r3 = Box(s_sq, 0x69, _r2);
        _r2 = Box(s_sr, 0x1B, _r1);
        _r1 = r;
        return f;
    }

    private void ClockRegister(uint f)
    {
        uint v = (_s[0] << 8) ^ MulAlpha((byte)(_s[0] >> 24)) ^ _s[2] ^ (_s[11] >> 8) ^ DivAlpha((byte)_s[11]) ^ f;
        Array.Copy(_s, 1, _s, 0, 15);
        _s[15] = v;
    }

    private static byte MulX(byte v, byte c) => (byte)((v & 0x80) != 0 ? (v << 1) ^ c : v << 1);

    private static byte MulXPow(byte v, int i, byte c) => i == 0 ? v : MulX(MulXPow(v, i - 1, c), c);

    private static uint MulAlpha(byte c) => Word(MulXPow(c, 23, 0xA9), MulXPow(c, 245, 0xA9), MulXPow(c, 48, 0xA9), MulXPow(c, 239, 0xA9));

    private static uint DivAlpha(byte c) => Word(MulXPow(c, 16, 0xA9), MulXPow(c, 39, 0xA9), MulXPow(c, 6, 0xA9), MulXPow(c, 64, 0xA9));

    private static uint Word(int b0, int b1, int b2, int b3) => (uint)((b0 << 24) | (b1 << 16) | (b2 << 8) | b3);

    private static uint Box(byte[] table, byte c, uint w)
    {
        byte w0 = table[w >> 24], w1 = table[(w >> 16) & 0xFF], w2 = table[(w >> 8) & 0xFF], w3 = table[w & 0xFF];
        return Word(
            MulX(w0, c) ^ w1 ^ w2 ^ MulX(w3, c) ^ w3,
            MulX(w0, c) ^ w0 ^ MulX(w1, c) ^ w2 ^ w3,
            w0 ^ MulX(w1, c) ^ w1 ^ MulX(w2, c) ^ w3,
            w0 ^ w1 ^ MulX(w2, c) ^ w2 ^ MulX(w3, c));
    }

    private static byte Product(byte a, byte b, byte c)
    {
        byte sum = 0;
        for (int i = 0; i < 8; i++)
        {
            sum ^= ((b >> i) & 1) != 0 ? MulXPow(a, i, c) : (byte)0;
        }

        return sum;
    }

    // S_R is the S-box of FIPS 197 5.1.1: the inverse, found by trying, then the affine map.
    private static byte[] MakeSr()
    {
        byte[] table = new byte[256];
        for (int x = 0; x < 256; x++)
        {
            byte inverse = 0;
            for (int y = 1; y < 256 && x != 0; y++)
            {
                inverse = Product((byte)x, (byte)y, 0x1B) == 1 ? (byte)y : inverse;
            }

            for (int i = 0; i < 8; i++)
            {
                int bit = (inverse >> i) ^ (inverse >> ((i + 4) % 8)) ^ (inverse >> ((i + 5) % 8)) ^ (inverse >> ((i + 6) % 8))
                    ^ (inverse >> ((i + 7) % 8)) ^ (0x63 >> i);
                table[x] |= (byte)((bit & 1) << i);
            }
        }

        return table;
    }

    // S_Q: the Dickson polynomial g49 by its recurrence, D(n) = x . D(n-1) + D(n-2) with D(0) = 0 in characteristic 2 and D(1) = x.
    private static byte[] MakeSq()
    {
        byte[] table = new byte[256];
        for (int x = 0; x < 256; x++)
        {
            byte before = 0, now = (byte)x;
            for (int n = 2; n <= 49; n++)
            {
                (before, now) = (now, (byte)(Product((byte)x, now, 0x69) ^ before));
            }

            table[x] = (byte)(now ^ 0x25);
        }

        return table;
    }

    private static ulong Multiply(ulong v, ulong p)
    {
        ulong result = 0;
        for (int i = 0; i < 64; i++)
        {
            result ^= ((p >> i) & 1) != 0 ? v : 0;
            v = (v >> 63) != 0 ? (v << 1) ^ 0x1B : v << 1;
        }

        return result;
    }
}
