namespace Outboard.Security;

/// <summary>The DIRECTION bit of the 3GPP algorithms.</summary>
public enum PdcpDirection
{
    /// <summary>From the terminal: 0.</summary>
    Uplink = 0,

    /// <summary>To the terminal: 1.</summary>
    Downlink = 1,
}
