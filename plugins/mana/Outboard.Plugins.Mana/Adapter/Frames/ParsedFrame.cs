namespace Outboard.Plugins.Mana.Adapter.Frames;

/// <summary>Where the headers of a frame are, as far as the adapter understands it.</summary>
internal struct ParsedFrame
{
    /// <summary>4, 6, or 0 for neither.</summary>
    public byte Network;

    /// <summary>
    /// Protocol number of TCP or UDP, or 0: not one of them, a fragment, or cut off before its ports.
    /// </summary>
    public byte Transport;

    public bool IsFragment;

    /// <summary>The IP datagram lies whole within the frame, so a transport checksum can be computed.</summary>
    public bool IsWhole;

    /// <summary>What is missing was cut off by a capture, and not on the way.</summary>
    public bool IsCut;

    /// <summary>
    /// The destination in the header is not the final one (an IPv6 routing header has segments left).
    /// </summary>
    public bool IsRouted;

    public ushort NetworkOffset;

    /// <summary>Bytes of the IPv4 header.</summary>
    public ushort NetworkHeaderLength;

    public ushort TransportOffset;

    /// <summary>Offset of the first byte behind the IP datagram.</summary>
    public int NetworkEnd;
}
