using Outboard.Mbufs;

namespace Outboard.Security.Pdcp;

/// <summary>What a PDCP entity is made from: the bearer's configuration and the room it may take.</summary>
/// <remarks><i>Source</i>: TS 38.331 PDCP-Config; TS 38.323 7.</remarks>
public sealed record PdcpEntityOptions
{
    /// <summary>NR or LTE.</summary>
    public PdcpSystem System { get; init; } = PdcpSystem.NewRadio;

    /// <summary>SRB, UM DRB or AM DRB.</summary>
    public required PdcpBearerKind Kind { get; init; }

    /// <summary>The BEARER input of the algorithms, 0 to 31.</summary>
    public required int Bearer { get; init; }

    /// <summary>The direction that this entity sends in: uplink in a terminal, downlink in a base station.</summary>
    public required PdcpDirection TransmitDirection { get; init; }

    /// <summary>Bits of the sequence number: NR 12 or 18 (SRB 12); LTE 7, 12, 15 or 18 (SRB 5).</summary>
    public required int SequenceNumberBits { get; init; }

    /// <summary>Bits of the sequence number of received PDUs where they differ; 0 for the same.</summary>
    public int ReceiveSequenceNumberBits { get; init; }

    /// <summary>Algorithms and keys to start with.</summary>
    public required PdcpProtection Protection { get; init; }

    /// <summary>Whether SDUs that are sent begin with an SDAP header.</summary>
    public bool HasTransmitSdapHeader { get; init; }

    /// <summary>Whether SDUs that are received begin with an SDAP header.</summary>
    public bool HasReceiveSdapHeader { get; init; }

    /// <summary>Whether SDUs are delivered as they come (outOfOrderDelivery). Duplicates are discarded all the same.</summary>
    public bool OutOfOrderDelivery { get; init; }

    /// <summary>t-Reordering; null for infinity.</summary>
    public TimeSpan? ReorderingTime { get; init; }

    /// <summary>discardTimer; null for infinity. Data bearers only.</summary>
    public TimeSpan? DiscardTime { get; init; }

    /// <summary>Whether a re-establishment or data recovery of an AM DRB asks for a status report (statusReportRequired).</summary>
    public bool StatusReportRequired { get; init; }

    /// <summary>The HFN from which the near-end events are raised; 0 for none.</summary>
    public uint HfnThreshold { get; init; }

    /// <summary>TX_NEXT at establishment: 0, but for a bearer that is handed over.</summary>
    public uint TransmitNext { get; init; }

    /// <summary>RX_NEXT and RX_DELIV at establishment: 0, but for a bearer that is handed over.</summary>
    public uint ReceiveNext { get; init; }

    /// <summary>
    /// COUNTs that the reordering buffer spans, a power of two from 16 to the receive window (2 to the power of the sequence number's bits
    /// less 1); 0 for the window. Below the window a PDU further ahead of RX_DELIV than this moves RX_DELIV up as an expiry of t-Reordering
    /// would: what is stored below is delivered in order, the gaps in it are given up. The entity takes about 24.5 bytes for each COUNT.
    /// </summary>
    public int ReorderBufferCount { get; init; }

    /// <summary>SDUs that may wait to be sent and, on an AM DRB, PDUs that may be unconfirmed (there at most the transmit window); a power of two.</summary>
    public int TransmitBufferCount { get; init; } = 1024;

    /// <summary>
    /// Where PDUs are made whose SDU has to stay (AM DRB, where it is required) or cannot become the PDU: shared data, or no room for header or
    /// MAC-I. Null: such SDUs are refused. The caller disposes it after the entity.
    /// </summary>
    public MbufPool? PduPool { get; init; }

    /// <summary>A number of the application's, to find the entity of a finished op by (<see cref="PdcpEntity.TagOf"/>).</summary>
    public uint Tag { get; init; }
}
