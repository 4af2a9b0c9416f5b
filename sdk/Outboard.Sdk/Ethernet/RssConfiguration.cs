namespace Outboard.Ethernet;

/// <summary>How received frames are spread over queues.</summary>
/// <param name="HashTypes">Over which headers the hash is taken.</param>
/// <param name="Key">The Toeplitz key, of <see cref="EthernetDeviceInfo.RssKeyLength"/> bytes; empty for the device's own.</param>
public sealed record RssConfiguration(RssHashTypes HashTypes, ReadOnlyMemory<byte> Key = default);
