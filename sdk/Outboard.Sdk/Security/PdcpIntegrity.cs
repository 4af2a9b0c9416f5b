namespace Outboard.Security;

/// <summary>The integrity algorithm of a PDCP session (TS 33.501 D.3).</summary>
public enum PdcpIntegrity
{
    /// <summary>No MAC-I at all.</summary>
    None,

    /// <summary>A MAC-I of zeros.</summary>
    Nia0,

    /// <summary>SNOW 3G.</summary>
    Nia1,

    /// <summary>AES-CMAC.</summary>
    Nia2,

    /// <summary>ZUC.</summary>
    Nia3,
}
