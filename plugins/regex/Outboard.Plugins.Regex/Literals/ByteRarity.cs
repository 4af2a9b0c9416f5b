using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// How much a byte value or a window tells, in bits, in traffic that is part text and part binary. Coarse on purpose: it only ranks
/// windows of literals against each other, and a wrong rank costs candidates, never matches.
/// </summary>
internal static class ByteRarity
{
    /// <summary>What a window that stands in common text tells at most.</summary>
    private const int CommonBits = 9;

    private static readonly double s_all = Enumerable.Range(0, 256).Sum(static v => Math.Pow(2, -Bits((byte)v)));

    public static int Bits(byte value) => value switch
    {
        0 or (byte)' ' => 4,
        (byte)'e' or (byte)'t' or (byte)'a' or (byte)'o' or (byte)'i' or (byte)'n' or (byte)'s' or (byte)'r' => 5,
        (byte)'/' or (byte)'.' or (byte)'-' or (byte)':' or (byte)'=' or (byte)'%' => 6,
        0xFF or 1 or (byte)'\r' or (byte)'\n' => 6,
        (byte)'j' or (byte)'q' or (byte)'x' or (byte)'z' => 8,
        >= (byte)'a' and <= (byte)'z' => 6,
        >= (byte)'0' and <= (byte)'9' => 6,
        >= (byte)'A' and <= (byte)'Z' => 7,
        _ => 8,
    };

    /// <summary>The estimated share of a value among the bytes of traffic.</summary>
    public static double Share(byte value) => Math.Pow(2, -Bits(value)) / s_all;

    /// <summary>The same for a set.</summary>
    public static double Share(ByteSet set) => set.ToArray().Sum(static v => Share(v));

    public static int Bits(MaskedByte value) =>
        value.IsCaseless ? Bits((byte)(value.Value | 0x20)) : Bits(value.Value);

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

        sum = run ? Bits(window[0]) + 2 : sum;
        return CommonText.Holds(window) ? Math.Min(sum, CommonBits + window.Length) : sum;
    }
}
