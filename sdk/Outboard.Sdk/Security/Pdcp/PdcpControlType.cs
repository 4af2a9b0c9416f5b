namespace Outboard.Security.Pdcp;

/// <summary>What a PDCP control PDU carries (TS 38.323 6.3.8, TS 36.323 6.3.8).</summary>
public enum PdcpControlType
{
    /// <summary>A value that the standard reserves.</summary>
    Reserved,

    /// <summary>A PDCP status report.</summary>
    StatusReport,

    /// <summary>Interspersed ROHC feedback.</summary>
    RohcFeedback,

    /// <summary>EHC feedback.</summary>
    EhcFeedback,

    /// <summary>UDC feedback.</summary>
    UdcFeedback,

    /// <summary>LWA status report; LTE only.</summary>
    LwaStatusReport,

    /// <summary>LWA end marker; LTE only.</summary>
    LwaEndMarker,
}
