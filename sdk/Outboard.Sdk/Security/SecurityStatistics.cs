namespace Outboard.Security;

/// <summary>The counters of one security session.</summary>
/// <param name="PacketCount">Records or PDUs done.</param>
/// <param name="ByteCount">Bytes of fragments or SDUs done.</param>
/// <param name="AuthenticationFailureCount">Refused: the tag, the MAC or the padding did not verify; which of them is not told.</param>
/// <param name="ReplayCount">Refused: seen before or outside the window.</param>
/// <param name="LifetimeCount">Refused: a limit is used up.</param>
/// <param name="MalformedCount">Refused: header, length, content type or room is wrong.</param>
public readonly record struct SecurityStatistics(
    ulong PacketCount,
    ulong ByteCount,
    ulong AuthenticationFailureCount,
    ulong ReplayCount,
    ulong LifetimeCount,
    ulong MalformedCount);
