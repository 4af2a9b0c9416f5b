namespace Outboard.Plugins.Mana.Gdma;

/// <summary>What the Ethernet device says of itself.</summary>
/// <param name="VportMax">Vports behind the device.</param>
/// <param name="EventQueueMax">Event queues that it takes.</param>
/// <param name="AdapterMtu">Longest frame with its Ethernet header, without tag and FCS.</param>
/// <param name="LinkSpeedMbps">Link speed in Mbit/s; 0 where the adapter does not say.</param>
internal readonly record struct DeviceConfig(int VportMax, int EventQueueMax, int AdapterMtu, int LinkSpeedMbps);
