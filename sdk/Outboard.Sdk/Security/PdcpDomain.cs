namespace Outboard.Security;

/// <summary>Which radio bearers a PDCP session serves.</summary>
public enum PdcpDomain
{
    /// <summary>Signalling bearers.</summary>
    ControlPlane,

    /// <summary>Data bearers.</summary>
    UserPlane,

    /// <summary>The short MAC-I of an RRC re-establishment (TS 38.331 5.3.7.4): authentication only.</summary>
    ShortMac,
}
