namespace Outboard.Captures;

/// <summary>The file formats a capture is read from and written to.</summary>
public enum CaptureFormat
{
    /// <summary>Classic pcap with microsecond timestamps (magic a1b2c3d4).</summary>
    Pcap,

    /// <summary>Classic pcap with nanosecond timestamps (magic a1b23c4d).</summary>
    PcapNanosecond,

    /// <summary>pcapng: sections of blocks, several interfaces, 64-bit timestamps, comments.</summary>
    PcapNg,
}
