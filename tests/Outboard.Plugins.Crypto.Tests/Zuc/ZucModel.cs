namespace Outboard.Plugins.Crypto.Tests.Zuc;

/// <summary>ZUC, 128-EEA3 and 128-EIA3 step by step as the specifications write them, in 64-bit integers; slow, and shares nothing with the kernels.</summary>
internal sealed class ZucModel
{
    private static readonly byte[] s_s0 = new byte[256];
    private static readonly byte[] s_s1 = new byte[256];

    private readonly ulong[] _cells;
    private uint _r1;
    private uint _r2;

    static ZucModel()
    {
        byte[] p1 = [9, 15, 0, 14, 15, 15, 2, 10, 0, 4, 0, 12, 7, 5, 3, 9];
        byte[] p2 = [8, 13, 6, 5, 7, 0, 12, 4, 11, 1, 14, 10, 15, 3, 9, 2];
        byte[] p3 = [2, 6, 10, 6, 0, 13, 10, 15, 3, 3, 13, 5, 0, 9, 12, 13];

        // Rows of the matrix of S1, most significant output first.
        byte[] rows = [0b01110111, 0b10111011, 0b11011101, 0b11101110, 0b11001011, 0b01101101, 0b00111110, 0b10010111];
        for (int x = 0; x < 256; x++)
        {
            int high = x >> 4, low = x & 15;
            high ^= p1[low];
            low ^= p2[high];
            high ^= p3[low];
            int y = (high << 4) | low;
            s_s0[x] = (byte)((y << 5) | (y >> 3));

            int inverse = Enumerable.Range(0, 256).FirstOrDefault(candidate => Multiply(candidate, x) == 1);
            int value = 0;
            for (int column = 0; column < 8; column++)
            {
                value ^= ((inverse >> column) & 1) * rows[7 - column];
            }

            s_s1[x] = (byte)(value ^ 0x55);
        }
    }

    /// <summary>Starts from sixteen cells and drops the rounds of initialisation.</summary>
    public ZucModel(IEnumerable<ulong> cells, int rounds)
    {
        _cells = [.. cells];
        for (int i = 0; i < rounds; i++)
        {
            uint w = Reorganise(out _);
            Shift(w >> 1);
        }

        Reorganise(out _);
        Shift(0);
    }

    public static ZucModel With128BitKey(byte[] key, byte[] iv)
    {
        ulong[] d =
        [
            0b100010011010111, 0b010011010111100, 0b110001001101011, 0b001001101011110, 0b101011110001001, 0b011010111100010,
            0b111000100110101, 0b000100110101111, 0b100110101111000, 0b010111100010011, 0b110101111000100, 0b001101011110001,
            0b101111000100110, 0b011110001001101, 0b111100010011010, 0b100011110101100,
        ];
        return new ZucModel(Enumerable.Range(0, 16).Select(i => ((ulong)key[i] << 23) | (d[i] << 8) | iv[i]), 32);
    }

    public byte[] Keystream(int byteCount)
    {
        byte[] stream = new byte[byteCount + 4];
        for (int i = 0; i < byteCount; i += 4)
        {
            uint word = Reorganise(out uint x3) ^ x3;
            Shift(0);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(stream.AsSpan(i), word);
        }

        return stream[..byteCount];
    }

    /// <summary>128-EEA3; bits behind the message stay as they are.</summary>
    public static byte[] Encrypt(byte[] stream, byte[] message, int bits)
    {
        byte[] output = [.. message];
        for (int i = 0; i < bits; i++)
        {
            output[i / 8] ^= (byte)(stream[i / 8] & (0x80 >> (i % 8)));
        }

        return output;
    }

    /// <summary>128-EIA3, a bit at a time.</summary>
    public static byte[] Authenticate(byte[] key, byte[] iv, byte[] message, int bits)
    {
        int words = ((bits + 31) / 32) + 2;
        byte[] stream = With128BitKey(key, iv).Keystream((4 * words) + 8);
        uint sum = 0;
        for (int i = 0; i < bits; i++)
        {
            if ((message[i / 8] & (0x80 >> (i % 8))) != 0)
            {
                sum ^= Window(stream, i);
            }
        }

        sum ^= Window(stream, bits);
        sum ^= Window(stream, 32 * (words - 1));
        byte[] code = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(code, sum);
        return code;
    }

    private static uint Window(byte[] stream, int bit)
    {
        ulong five = 0;
        for (int i = 0; i < 5; i++)
        {
            five = (five << 8) | stream[(bit / 8) + i];
        }

        return (uint)(five >> (8 - (bit % 8)));
    }

    private uint Reorganise(out uint x3)
    {
        uint x0 = Halves(High(15), Low(14)), x1 = Halves(Low(11), High(9)), x2 = Halves(Low(7), High(5));
        x3 = Halves(Low(2), High(0));
        uint w = (x0 ^ _r1) + _r2;
        uint w1 = _r1 + x1, w2 = _r2 ^ x2;
        uint u = Halves(w1 & 0xFFFF, w2 >> 16), v = Halves(w2 & 0xFFFF, w1 >> 16);
        _r1 = Substitute(u ^ Turn(u, 2) ^ Turn(u, 10) ^ Turn(u, 18) ^ Turn(u, 24));
        _r2 = Substitute(v ^ Turn(v, 8) ^ Turn(v, 14) ^ Turn(v, 22) ^ Turn(v, 30));
        return w;
    }

    private void Shift(uint u)
    {
        const ulong Prime = 0x7FFFFFFF;
        ulong sum = ((1UL << 15) * _cells[15]) + ((1UL << 17) * _cells[13]) + ((1UL << 21) * _cells[10]) + ((1UL << 20) * _cells[4]) + (257 * _cells[0]);
        ulong cell = (sum + u) % Prime;
        Array.Copy(_cells, 1, _cells, 0, 15);
        _cells[15] = cell == 0 ? Prime : cell;
    }

    private uint High(int cell) => (uint)(_cells[cell] >> 15);

    private uint Low(int cell) => (uint)(_cells[cell] & 0xFFFF);

    private static uint Halves(uint high, uint low) => (high << 16) | low;

    private static uint Turn(uint x, int count) => (x << count) | (x >> (32 - count));

    private static uint Substitute(uint x) =>
        ((uint)s_s0[x >> 24] << 24) | ((uint)s_s1[(x >> 16) & 255] << 16) | ((uint)s_s0[(x >> 8) & 255] << 8) | s_s1[x & 255];

    private static int Multiply(int a, int b)
    {
        int product = 0;
        for (int bit = 0; bit < 8; bit++)
        {
            product ^= ((b >> bit) & 1) * (a << bit);
        }

        for (int bit = 14; bit >= 8; bit--)
        {
            product ^= ((product >> bit) & 1) * (0x18B << (bit - 8));
        }

        return product;
    }
}
