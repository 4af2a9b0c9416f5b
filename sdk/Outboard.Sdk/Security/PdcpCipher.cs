namespace Outboard.Security;

/// <summary>The ciphering algorithm of a PDCP session (TS 33.501 D.2).</summary>
public enum PdcpCipher
{
    /// <summary>None.</summary>
    Nea0,

    /// <summary>SNOW 3G.</summary>
    Nea1,

    /// <summary>AES-CTR.</summary>
    Nea2,

    /// <summary>ZUC.</summary>
    Nea3,
}
