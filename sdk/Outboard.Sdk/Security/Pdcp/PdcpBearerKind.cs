namespace Outboard.Security.Pdcp;

/// <summary>What a PDCP entity serves; it decides what suspend, re-establishment and loss mean.</summary>
public enum PdcpBearerKind
{
    /// <summary>A signalling radio bearer (SRB): no control PDUs, no discard timer.</summary>
    Signalling,

    /// <summary>A data radio bearer over unacknowledged RLC (UM DRB).</summary>
    Unacknowledged,

    /// <summary>A data radio bearer over acknowledged RLC (AM DRB): SDUs are kept until they are confirmed.</summary>
    Acknowledged,
}
