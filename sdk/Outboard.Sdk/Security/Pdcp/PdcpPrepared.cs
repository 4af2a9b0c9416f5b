namespace Outboard.Security.Pdcp;

/// <summary>What a Prepare call of a PDCP entity took and made.</summary>
/// <param name="Taken">PDUs taken from the front of the burst; the rest still belong to the caller. 0 for transmit, which takes from the entity's queue.</param>
/// <param name="OpCount">Ops made, from the front of the span.</param>
/// <param name="ControlCount">Control PDUs handed to the caller, from the front of the span.</param>
/// <param name="Stop">Why it stopped.</param>
public readonly record struct PdcpPrepared(int Taken, int OpCount, int ControlCount, PdcpStop Stop);
