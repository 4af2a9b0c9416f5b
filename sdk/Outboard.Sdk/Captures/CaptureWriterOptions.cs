namespace Outboard.Captures;

/// <summary>What a capture file is written as.</summary>
public sealed record CaptureWriterOptions
{
    /// <summary>The file format.</summary>
    public CaptureFormat Format { get; init; } = CaptureFormat.PcapNg;

    /// <summary>What the first byte of a frame belongs to (first interface).</summary>
    public LinkType LinkType { get; init; } = LinkType.Ethernet;

    /// <summary>Most bytes kept of a frame (first interface); 1 to <see cref="CaptureReader.CapturedLengthMax"/>.</summary>
    public int SnapLength { get; init; } = CaptureReader.CapturedLengthMax;

    /// <summary>Whether numbers are written big-endian. Readers take either.</summary>
    public bool BigEndian { get; init; }

    /// <summary>A comment on the whole file; pcapng only, at most 65 535 bytes of UTF-8.</summary>
    public string? Comment { get; init; }

    /// <summary>The program that writes; pcapng only, at most 65 535 bytes of UTF-8.</summary>
    public string? Application { get; init; }

    /// <summary>Name of the first interface; pcapng only, at most 65 535 bytes of UTF-8.</summary>
    public string? InterfaceName { get; init; }
}
