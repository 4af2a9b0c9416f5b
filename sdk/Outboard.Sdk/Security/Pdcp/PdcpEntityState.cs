namespace Outboard.Security.Pdcp;

/// <summary>Where a PDCP entity is in its life (TS 38.323 5.1).</summary>
public enum PdcpEntityState
{
    /// <summary>Established: it sends and receives.</summary>
    Active,

    /// <summary>Suspended: COUNT is back at its start, so nothing is protected before a re-establishment with fresh keys.</summary>
    Suspended,

    /// <summary>Released: only what was delivered can still be taken.</summary>
    Released,
}
