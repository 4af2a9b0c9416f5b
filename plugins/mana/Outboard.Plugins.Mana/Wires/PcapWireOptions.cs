namespace Outboard.Plugins.Mana.Wires;

/// <summary>Which files a pcap wire reads and writes.</summary>
internal sealed record PcapWireOptions
{
    /// <summary>Capture whose frames come in; null for none.</summary>
    public string? ReceivePath { get; init; }

    /// <summary>Capture that sent frames go to; null to drop them. pcapng when it ends in <c>.pcapng</c>.</summary>
    public string? TransmitPath { get; init; }

    /// <summary>How often the capture is played; 0 has no end.</summary>
    public int Loops { get; init; } = 1;

    /// <summary>The clock for the frames written, in nanoseconds since 1970.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
