using System.Formats.Asn1;

namespace Outboard.Plugins.Crypto.Asymmetric;

/// <summary>The two forms of an ECDSA signature: r and s side by side (IEEE P1363), and the SEQUENCE of RFC 3279 2.2.3.</summary>
internal static class EcdsaSignature
{
    /// <summary>The SEQUENCE of two numbers that stand side by side.</summary>
    public static byte[] ToDer(ReadOnlySpan<byte> sideBySide)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        int half = sideBySide.Length / 2;
        using (writer.PushSequence())
        {
            Write(writer, sideBySide[..half]);
            Write(writer, sideBySide[half..]);
        }

        return writer.Encode();
    }

    /// <summary>The numbers of a SEQUENCE side by side, each of the length of the group's order.</summary>
    public static void FromDer(ReadOnlySpan<byte> der, Span<byte> sideBySide)
    {
        var reader = new AsnReader(der.ToArray(), AsnEncodingRules.DER);
        AsnReader pair = reader.ReadSequence();
        int half = sideBySide.Length / 2;
        Read(pair, sideBySide[..half]);
        Read(pair, sideBySide[half..]);
    }

    private static void Write(AsnWriter writer, ReadOnlySpan<byte> number)
    {
        int first = number.IndexOfAnyExcept((byte)0);
        writer.WriteIntegerUnsigned(first < 0 ? [0] : number[first..]);
    }

    private static void Read(AsnReader reader, Span<byte> number)
    {
        ReadOnlySpan<byte> bytes = reader.ReadIntegerBytes().Span;
        bytes = bytes.TrimStart((byte)0);
        number.Clear();
        bytes.CopyTo(number[(number.Length - bytes.Length)..]);
    }
}
