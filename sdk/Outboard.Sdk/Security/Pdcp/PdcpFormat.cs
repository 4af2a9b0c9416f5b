using System.Buffers.Binary;

namespace Outboard.Security.Pdcp;

/// <summary>The formats of PDUs (TS 38.323 6.2, 6.3; TS 36.323 6.2, 6.3).</summary>
internal static class PdcpFormat
{
    public const int CodeLength = 4;
    public const int HeaderLengthMax = 3;

    /// <summary>The longest control PDU; bytes (TS 38.323 5.4.1).</summary>
    public const int ControlLengthMax = 9000;

    private const byte DataBit = 0x80;

    /// <summary>Bytes of header for a sequence number of 5, 7, 12, 15 or 18 bits.</summary>
    public static int HeaderLength(int sequenceBits) => (sequenceBits + 7) / 8;

    public static int SduLengthMax(PdcpSystem system) => system == PdcpSystem.Lte ? 8188 : 9000;

    public static void WriteHeader(Span<byte> header, uint sequence, bool userPlane)
    {
        for (int i = header.Length - 1; i >= 0; i--)
        {
            header[i] = (byte)sequence;
            sequence >>= 8;
        }

        header[0] |= userPlane ? DataBit : (byte)0;
    }

    public static uint ReadSequence(ReadOnlySpan<byte> header, int sequenceBits)
    {
        uint value = 0;
        foreach (byte one in header)
        {
            value = (value << 8) | one;
        }

        return value & ((1u << sequenceBits) - 1);
    }

    public static bool IsControl(byte first) => (first & DataBit) == 0;

    public static PdcpControlType TypeOf(byte first, PdcpSystem system) => ((first >> 4) & 7, system) switch
    {
        (0, _) => PdcpControlType.StatusReport,
        (1, _) => PdcpControlType.RohcFeedback,
        (2, PdcpSystem.NewRadio) => PdcpControlType.EhcFeedback,
        (3, PdcpSystem.NewRadio) => PdcpControlType.UdcFeedback,
        (2, _) => PdcpControlType.LwaStatusReport,
        (3, _) => PdcpControlType.LwaEndMarker,
        (4, PdcpSystem.Lte) => PdcpControlType.UdcFeedback,
        (5, PdcpSystem.Lte) => PdcpControlType.EhcFeedback,
        _ => PdcpControlType.Reserved,
    };

    /// <summary>Bytes of a status report in front of its bitmap: FMC of 32 bits behind one byte, or FMS in the first bytes (TS 36.323 6.2.6).</summary>
    public static int ReportHeaderLength(PdcpSystem system, int sequenceBits) =>
        system == PdcpSystem.NewRadio ? 5 : sequenceBits <= 12 ? 2 : 3;

    /// <summary>Writes what is in front of the bitmap: the COUNT of the first missing SDU, or its sequence number.</summary>
    public static void WriteReportHeader(Span<byte> report, PdcpSystem system, int sequenceBits, uint firstMissing)
    {
        if (system == PdcpSystem.NewRadio)
        {
            report[0] = 0;
            BinaryPrimitives.WriteUInt32BigEndian(report[1..], firstMissing);
        }
        else
        {
            // D/C and PDU type are zero, and so are the bits that are reserved, so the number stands alone at the low end.
            WriteHeader(report, firstMissing & ((1u << sequenceBits) - 1), userPlane: false);
        }
    }
}
