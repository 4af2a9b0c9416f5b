namespace Outboard.Plugins.Crypto.Engine;

/// <summary>Moves strings of bits, most significant first, by less than a byte.</summary>
internal static unsafe class BitString
{
    /// <summary>Moves all bits towards the front; zeros follow at the end.</summary>
    /// <param name="bytes">The string.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="bits">0 to 7.</param>
    public static void ShiftLeft(byte* bytes, int length, int bits)
    {
        if (bits == 0)
        {
            return;
        }

        for (int i = 0; i < length; i++)
        {
            int next = i + 1 < length ? bytes[i + 1] : 0;
            bytes[i] = (byte)((bytes[i] << bits) | (next >> (8 - bits)));
        }
    }

    /// <summary>Moves all bits towards the end; zeros come in at the front.</summary>
    /// <param name="bytes">The string.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="bits">0 to 7.</param>
    public static void ShiftRight(byte* bytes, int length, int bits)
    {
        if (bits == 0)
        {
            return;
        }

        for (int i = length - 1; i >= 0; i--)
        {
            int before = i > 0 ? bytes[i - 1] : 0;
            bytes[i] = (byte)((bytes[i] >> bits) | (before << (8 - bits)));
        }
    }
}
