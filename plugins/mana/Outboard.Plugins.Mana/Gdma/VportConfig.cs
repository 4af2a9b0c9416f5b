namespace Outboard.Plugins.Mana.Gdma;

/// <summary>What the Ethernet device says of one vport.</summary>
/// <param name="Handle">Its handle in later requests.</param>
/// <param name="SendQueueMax">Send queues at most.</param>
/// <param name="ReceiveQueueMax">Receive queues at most.</param>
/// <param name="IndirectionEntries">Size of the RSS indirection table, a power of two.</param>
/// <param name="MacAddress">MAC address: six bytes, the first of them in the lowest bits.</param>
internal readonly record struct VportConfig(
    ulong Handle, int SendQueueMax, int ReceiveQueueMax, int IndirectionEntries, ulong MacAddress);
