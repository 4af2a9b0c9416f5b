using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Literals;

/// <summary>One byte of a literal: it fits b when (b AND Mask) equals Value. The mask clears bit 5 where both cases fit.</summary>
internal readonly record struct MaskedByte(byte Value, byte Mask)
{
    public const byte ExactMask = 0xFF;

    /// <summary>Clears the bit in which the two cases of an ASCII letter differ.</summary>
    public const byte CaselessMask = 0xDF;

    public bool IsCaseless => Mask == CaselessMask;

    public bool Fits(byte value) => (value & Mask) == Value;

    /// <summary>Splits a set into masked bytes: letters of which both cases are in it become one.</summary>
    public static List<MaskedByte> Split(ByteSet set)
    {
        List<MaskedByte> parts = [];
        foreach (byte value in set.ToArray())
        {
            bool upper = value is >= (byte)'A' and <= (byte)'Z';
            bool lower = value is >= (byte)'a' and <= (byte)'z';
            if (upper && set.Contains((byte)(value | 0x20)))
            {
                parts.Add(new MaskedByte(value, CaselessMask));
            }
            else if (!lower || !set.Contains((byte)(value & CaselessMask)))
            {
                parts.Add(new MaskedByte(value, ExactMask));
            }
        }

        return parts;
    }
}
