namespace Outboard.Ethernet;

/// <summary>The state of a port's link.</summary>
/// <param name="IsUp">Whether frames pass.</param>
/// <param name="SpeedMbps">The speed in Mbit/s; 0 when unknown.</param>
/// <param name="IsFullDuplex">Whether both directions pass at once.</param>
public readonly record struct EthernetLink(bool IsUp, uint SpeedMbps, bool IsFullDuplex);
