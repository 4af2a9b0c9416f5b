namespace Outboard.Plugins.Crypto.Tls;

/// <summary>The padding of CBC records: every byte says how many more follow the first (RFC 5246 6.2.3.2).</summary>
internal static class CbcPadding
{
    /// <summary>Writes it.</summary>
    /// <param name="padding">1 to 256 bytes.</param>
    public static void Write(Span<byte> padding) => padding.Fill((byte)(padding.Length - 1));

    /// <summary>Bytes of padding at the end of what was deciphered, or 0 where it is not as it must be.</summary>
    /// <remarks>
    /// For encrypt-then-MAC, where what is looked at has been authenticated. It takes the same time whatever the bytes are all the same.
    /// </remarks>
    /// <param name="end">The last bytes of the plaintext: all of it, or 256.</param>
    public static int Read(ReadOnlySpan<byte> end)
    {
        int last = end[^1];
        int bad = (end.Length - last - 1) >> 31;
        for (int i = 0; i < end.Length; i++)
        {
            // All ones while the byte is one of the padding: i counts from the end.
            int inside = (i - last - 1) >> 31;
            bad |= inside & (end[end.Length - 1 - i] ^ last);
        }

        return (last + 1) & ~((bad | -bad) >> 31);
    }
}
