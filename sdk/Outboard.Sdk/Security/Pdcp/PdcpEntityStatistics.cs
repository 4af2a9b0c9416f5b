namespace Outboard.Security.Pdcp;

/// <summary>The counters of a PDCP entity; each outcome of a PDU or SDU has one.</summary>
public readonly record struct PdcpEntityStatistics
{
    /// <summary>SDUs taken to be sent.</summary>
    public ulong SubmittedCount { get; init; }

    /// <summary>Data PDUs handed out to the lower layers, retransmissions among them.</summary>
    public ulong SentCount { get; init; }

    /// <summary>Data PDUs made again for an SDU that had its COUNT already.</summary>
    public ulong RetransmittedCount { get; init; }

    /// <summary>SDUs confirmed by the lower layers or by a status report.</summary>
    public ulong ConfirmedCount { get; init; }

    /// <summary>SDUs that the discard timer dropped before they were sent.</summary>
    public ulong DiscardedByTimerCount { get; init; }

    /// <summary>SDUs that the discard timer dropped unconfirmed after their PDU was handed out.</summary>
    public ulong DiscardedUnconfirmedCount { get; init; }

    /// <summary>SDUs dropped by suspend, re-establishment, release or an op that failed.</summary>
    public ulong DroppedCount { get; init; }

    /// <summary>Data PDUs received.</summary>
    public ulong ReceivedCount { get; init; }

    /// <summary>SDUs delivered.</summary>
    public ulong DeliveredCount { get; init; }

    /// <summary>Data PDUs that came after one of a higher COUNT and were still of use.</summary>
    public ulong ReorderedCount { get; init; }

    /// <summary>Data PDUs discarded because their COUNT had been received before.</summary>
    public ulong DuplicateCount { get; init; }

    /// <summary>Data PDUs discarded because their COUNT is below RX_DELIV or out of range, and had not been received.</summary>
    public ulong OutOfWindowCount { get; init; }

    /// <summary>Data PDUs discarded because their MAC-I did not verify.</summary>
    public ulong IntegrityFailureCount { get; init; }

    /// <summary>PDUs discarded because they are too short or of a reserved type.</summary>
    public ulong MalformedCount { get; init; }

    /// <summary>Ops that the device did not do, for other reasons than the MAC-I.</summary>
    public ulong OpFailureCount { get; init; }

    /// <summary>Ops given to Complete that are not this entity's; they were left as they are.</summary>
    public ulong ForeignOpCount { get; init; }

    /// <summary>Expiries of t-Reordering.</summary>
    public ulong ReorderingExpiryCount { get; init; }

    /// <summary>Times that a PDU beyond the reordering buffer moved RX_DELIV up.</summary>
    public ulong BufferPushCount { get; init; }

    /// <summary>COUNTs given up: passed by RX_DELIV without having been received.</summary>
    public ulong MissingCount { get; init; }

    /// <summary>Control PDUs received.</summary>
    public ulong ControlCount { get; init; }

    /// <summary>Data PDUs, of either direction, with an HFN at or above the threshold.</summary>
    public ulong CountNearEndCount { get; init; }
}
