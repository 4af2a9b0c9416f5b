namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// How much a byte value tells, in bits, in traffic that is part text and part binary. Coarse on purpose: it only ranks windows of
/// literals against each other, and a wrong rank costs candidates, never matches.
/// </summary>
internal static class ByteRarity
{
    public static int Bits(MaskedByte value)
    {
        int bits = value.Value switch
        {
            0 or (byte)' ' => 3,
            (byte)'e' or (byte)'t' or (byte)'a' or (byte)'o' or (byte)'i' or (byte)'n' or (byte)'s' or (byte)'r' => 5,
            (byte)'/' or (byte)'.' or (byte)'-' or (byte)':' or (byte)'=' => 5,
            0xFF or 1 or (byte)'\r' or (byte)'\n' => 5,
            >= (byte)'0' and <= (byte)'9' => 5,
            >= (byte)'A' and <= (byte)'Z' => value.IsCaseless ? 5 : 7,
            (byte)'j' or (byte)'q' or (byte)'x' or (byte)'z' => 7,
            >= (byte)'a' and <= (byte)'z' => 6,
            _ => 7,
        };
        return bits;
    }

    /// <summary>The sum over a window; a run of one value tells no more than that value, because such runs come in floods.</summary>
    public static int Bits(ReadOnlySpan<MaskedByte> window)
    {
        int sum = 0;
        bool run = window.Length > 1;
        for (int i = 0; i < window.Length; i++)
        {
            sum += Bits(window[i]);
            run &= window[i] == window[0];
        }

        return run ? Bits(window[0]) + 2 : sum;
    }
}
