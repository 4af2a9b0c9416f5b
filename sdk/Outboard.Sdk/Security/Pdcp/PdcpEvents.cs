namespace Outboard.Security.Pdcp;

/// <summary>What happened in a PDCP entity that its control plane should hear of.</summary>
[Flags]
public enum PdcpEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A PDU was sent with an HFN at or above the threshold: keys have to be changed soon.</summary>
    TransmitCountNearEnd = 1 << 0,

    /// <summary>An SDU was not sent because COUNT would wrap: no more is sent under these keys.</summary>
    TransmitCountExhausted = 1 << 1,

    /// <summary>A PDU was received with an HFN at or above the threshold.</summary>
    ReceiveCountNearEnd = 1 << 2,

    /// <summary>The MAC-I of a received PDU did not verify (TS 38.323 5.9).</summary>
    IntegrityFailure = 1 << 3,

    /// <summary>A status report is to be sent before anything else (TS 38.323 5.4.1).</summary>
    StatusReportDue = 1 << 4,

    /// <summary>SDUs whose PDUs the lower layers may still hold were discarded; see <see cref="PdcpEntity.HeldFirst"/> (TS 38.323 5.3).</summary>
    SubmittedDiscarded = 1 << 5,

    /// <summary>A device did not do an op; the PDU is lost unless the entity still holds the SDU.</summary>
    OpFailed = 1 << 6,
}
