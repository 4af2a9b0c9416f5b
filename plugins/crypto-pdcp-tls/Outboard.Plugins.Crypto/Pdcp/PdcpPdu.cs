using System.Buffers.Binary;

namespace Outboard.Plugins.Crypto.Pdcp;

/// <summary>Headers, COUNT and the inputs of the algorithms (TS 38.323 6.2 and 6.3.5, TS 36.323 6.2, TS 33.401 Annex B, TS 33.501 Annex D).</summary>
internal static class PdcpPdu
{
    public const int IntegrityLength = 4;

    /// <summary>Bytes of header for a sequence number of 5, 7, 12, 15 or 18 bits; 0 for any other.</summary>
    public static int HeaderLength(int sequenceBits) => sequenceBits switch
    {
        5 or 7 => 1,
        12 or 15 => 2,
        18 => 3,
        _ => 0,
    };

    /// <summary>The sequence number in the low bits of the header; the bits above it are D/C and reserved.</summary>
    public static uint ReadSequence(ReadOnlySpan<byte> header, int sequenceBits)
    {
        uint value = HeaderLength(sequenceBits) switch
        {
            1 => header[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(header),
            _ => ((uint)header[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(header[1..]),
        };
        return value & ((1u << sequenceBits) - 1);
    }

    /// <summary>The header of a data PDU: on the user plane D/C is 1, everything else above the sequence number is 0.</summary>
    public static void WriteHeader(Span<byte> header, uint sequence, bool userPlane)
    {
        for (int i = header.Length - 1; i >= 0; i--)
        {
            header[i] = (byte)sequence;
            sequence >>= 8;
        }

        if (userPlane)
        {
            header[0] |= 0x80;
        }
    }

    /// <summary>COUNT: the hyper frame number above the sequence number, 32 bits.</summary>
    public static uint Count(uint hyperFrame, uint sequence, int sequenceBits) => (hyperFrame << sequenceBits) | sequence;

    /// <summary>The largest hyper frame number that fits beside the sequence number.</summary>
    public static uint HyperFrameMax(int sequenceBits) => uint.MaxValue >> sequenceBits;

    /// <summary>COUNT, bearer and direction in eight bytes: the first half of the NEA2 counter block and the head of the NIA2 message.</summary>
    public static void WriteInput(Span<byte> input, uint count, int bearer, int direction)
    {
        BinaryPrimitives.WriteUInt32BigEndian(input, count);
        input[4] = (byte)((bearer << 3) | (direction << 2));
        input[5] = 0;
        input[6] = 0;
        input[7] = 0;
    }
}
