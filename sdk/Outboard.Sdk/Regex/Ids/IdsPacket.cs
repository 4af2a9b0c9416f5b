namespace Outboard.Regex.Ids;

/// <summary>What the headers of a packet say, as far as rules are asked for it.</summary>
/// <param name="Transport">The IP protocol number; -1 where there is none.</param>
/// <param name="SourcePort">The source port; 0 where there is none.</param>
/// <param name="DestinationPort">The destination port; 0 where there is none.</param>
public readonly record struct IdsPacket(int Transport, int SourcePort, int DestinationPort);
