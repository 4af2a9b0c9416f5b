using System.Buffers.Binary;

namespace Outboard.Security.Pdcp;

/// <summary>A received PDCP status report: which COUNTs the peer has and which it misses.</summary>
/// <remarks><i>Source</i>: TS 38.323 6.2.3.1, 6.3.9, 6.3.10; TS 36.323 6.2.6, 6.3.9, 6.3.10.</remarks>
public readonly ref struct PdcpStatusReport
{
    private readonly uint _mask;

    private PdcpStatusReport(uint firstMissing, uint mask, ReadOnlySpan<byte> bitmap)
    {
        FirstMissing = firstMissing;
        _mask = mask;
        Bitmap = bitmap;
    }

    /// <summary>FMC, the COUNT of the first missing SDU; in LTE FMS, its sequence number.</summary>
    public uint FirstMissing { get; }

    /// <summary>One bit for each COUNT behind the first missing one, the leftmost first: 1 was received.</summary>
    public ReadOnlySpan<byte> Bitmap { get; }

    /// <summary>Reads a report.</summary>
    /// <param name="pdu">The control PDU.</param>
    /// <param name="system">NR or LTE.</param>
    /// <param name="sequenceNumberBits">The bearer's sequence number length; LTE only.</param>
    /// <param name="report">The report; valid as long as the PDU is.</param>
    /// <returns>Whether the PDU is a status report and whole.</returns>
    public static bool TryParse(
        ReadOnlySpan<byte> pdu, PdcpSystem system, int sequenceNumberBits, out PdcpStatusReport report)
    {
        report = default;
        int head = PdcpFormat.ReportHeaderLength(system, sequenceNumberBits);
        if (pdu.Length < head || !PdcpFormat.IsControl(pdu[0])
            || PdcpFormat.TypeOf(pdu[0], system) != PdcpControlType.StatusReport)
        {
            return false;
        }

        report = system == PdcpSystem.NewRadio
            ? new(BinaryPrimitives.ReadUInt32BigEndian(pdu[1..]), uint.MaxValue, pdu[head..])
            : new(PdcpFormat.ReadSequence(pdu[..head], sequenceNumberBits), (1u << sequenceNumberBits) - 1, pdu[head..]);
        return true;
    }

    /// <summary>Whether the bitmap says that a COUNT was received. What lies behind the bitmap is not said to be.</summary>
    /// <param name="count">The COUNT, or in LTE the sequence number.</param>
    public bool IsReceived(uint count)
    {
        // The bit at position n, from 1, is for (FMC + n) modulo the range; the first is the leftmost of its byte (6.3.10).
        uint position = ((count - FirstMissing) & _mask) - 1;
        return position < (uint)Bitmap.Length * 8 && (Bitmap[(int)(position >> 3)] & (0x80 >> (int)(position & 7))) != 0;
    }
}
