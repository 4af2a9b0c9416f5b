namespace Outboard.Ethernet;

/// <summary>The counters of a port, or of one of its queues, since the last reset.</summary>
/// <param name="ReceivedPackets">Frames handed to the application.</param>
/// <param name="TransmittedPackets">Frames sent.</param>
/// <param name="ReceivedBytes">Their bytes, without frame check sequence.</param>
/// <param name="TransmittedBytes">Their bytes, without frame check sequence.</param>
/// <param name="MissedPackets">Frames dropped because no buffer waited in the queue.</param>
/// <param name="ReceiveErrors">Frames dropped because they were wrong.</param>
/// <param name="TransmitErrors">Frames that could not be sent.</param>
/// <param name="NoMbufCount">Times that no mbuf was to be had for a queue.</param>
public readonly record struct EthernetStatistics(
    ulong ReceivedPackets,
    ulong TransmittedPackets,
    ulong ReceivedBytes,
    ulong TransmittedBytes,
    ulong MissedPackets,
    ulong ReceiveErrors,
    ulong TransmitErrors,
    ulong NoMbufCount)
{
    /// <summary>Adds counter by counter.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static EthernetStatistics operator +(EthernetStatistics left, EthernetStatistics right) => new(
        left.ReceivedPackets + right.ReceivedPackets,
        left.TransmittedPackets + right.TransmittedPackets,
        left.ReceivedBytes + right.ReceivedBytes,
        left.TransmittedBytes + right.TransmittedBytes,
        left.MissedPackets + right.MissedPackets,
        left.ReceiveErrors + right.ReceiveErrors,
        left.TransmitErrors + right.TransmitErrors,
        left.NoMbufCount + right.NoMbufCount);

    /// <summary>Subtracts counter by counter.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static EthernetStatistics operator -(EthernetStatistics left, EthernetStatistics right) => new(
        left.ReceivedPackets - right.ReceivedPackets,
        left.TransmittedPackets - right.TransmittedPackets,
        left.ReceivedBytes - right.ReceivedBytes,
        left.TransmittedBytes - right.TransmittedBytes,
        left.MissedPackets - right.MissedPackets,
        left.ReceiveErrors - right.ReceiveErrors,
        left.TransmitErrors - right.TransmitErrors,
        left.NoMbufCount - right.NoMbufCount);
}
