namespace Outboard.Security.Pdcp;

/// <summary>Whose PDCP: the two differ in the form of their control PDUs and in the longest SDU.</summary>
public enum PdcpSystem
{
    /// <summary>NR, TS 38.323.</summary>
    NewRadio,

    /// <summary>LTE, TS 36.323: a bearer with the reordering function of 5.1.2.1.4.</summary>
    Lte,
}
