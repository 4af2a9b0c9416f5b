using System.Numerics;

namespace Outboard.Plugins.Regex.Rules;

/// <summary>A set of byte values, 256 bits by value.</summary>
internal readonly record struct ByteSet(ulong Low, ulong MidLow, ulong MidHigh, ulong High)
{
    public static ByteSet Empty => default;

    public static ByteSet All => new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    public static ByteSet Digits => Range((byte)'0', (byte)'9');

    public static ByteSet Upper => Range((byte)'A', (byte)'Z');

    public static ByteSet Lower => Range((byte)'a', (byte)'z');

    public static ByteSet Word => Upper | Lower | Digits | Of((byte)'_');

    /// <summary>What \s takes: PCRE2 counts the vertical tab since 8.34.</summary>
    public static ByteSet Space => Range(9, 13) | Of(32);

    public static ByteSet HorizontalSpace => Of(9) | Of(32) | Of(0xA0);

    public static ByteSet VerticalSpace => Range(10, 13) | Of(0x85);

    public static ByteSet Newline => Of((byte)'\n');

    public int Count =>
        BitOperations.PopCount(Low) + BitOperations.PopCount(MidLow)
        + BitOperations.PopCount(MidHigh) + BitOperations.PopCount(High);

    public bool IsEmpty => (Low | MidLow | MidHigh | High) == 0;

    public static ByteSet Of(byte value) => default(ByteSet).With(value);

    public static ByteSet Range(byte first, byte last)
    {
        ByteSet set = default;
        for (int value = first; value <= last; value++)
        {
            set = set.With((byte)value);
        }

        return set;
    }

    public static ByteSet operator |(ByteSet left, ByteSet right) => new(
        left.Low | right.Low, left.MidLow | right.MidLow, left.MidHigh | right.MidHigh, left.High | right.High);

    public static ByteSet operator &(ByteSet left, ByteSet right) => new(
        left.Low & right.Low, left.MidLow & right.MidLow, left.MidHigh & right.MidHigh, left.High & right.High);

    public static ByteSet operator ~(ByteSet set) => new(~set.Low, ~set.MidLow, ~set.MidHigh, ~set.High);

    public bool Contains(byte value) => (Word64(value >> 6) >> (value & 63) & 1) != 0;

    public ByteSet With(byte value)
    {
        ulong bit = 1UL << (value & 63);
        return (value >> 6) switch
        {
            0 => this with { Low = Low | bit },
            1 => this with { MidLow = MidLow | bit },
            2 => this with { MidHigh = MidHigh | bit },
            _ => this with { High = High | bit },
        };
    }

    /// <summary>Adds the other case of every ASCII letter: the C locale folds nothing else.</summary>
    public ByteSet FoldCase()
    {
        const ulong Letters = 0x07FF_FFFEUL;
        ulong upper = MidLow & Letters;
        ulong lower = MidLow >> 32 & Letters;
        return this with { MidLow = MidLow | upper << 32 | lower };
    }

    /// <summary>The smallest member; the set must not be empty.</summary>
    public byte First()
    {
        for (int word = 0; word < 4; word++)
        {
            ulong bits = Word64(word);
            if (bits != 0)
            {
                return (byte)((word << 6) + BitOperations.TrailingZeroCount(bits));
            }
        }

        throw new InvalidOperationException("The set is empty.");
    }

    /// <summary>The members, smallest first.</summary>
    public byte[] ToArray()
    {
        var members = new byte[Count];
        int at = 0;
        for (int word = 0; word < 4; word++)
        {
            for (ulong bits = Word64(word); bits != 0; bits &= bits - 1)
            {
                members[at++] = (byte)((word << 6) + BitOperations.TrailingZeroCount(bits));
            }
        }

        return members;
    }

    private ulong Word64(int index) => index switch { 0 => Low, 1 => MidLow, 2 => MidHigh, _ => High };
}
