using Outboard.Devices;
using Outboard.Security;

namespace Outboard.Ethernet;

/// <summary>What a port is and can do.</summary>
public sealed record EthernetDeviceInfo : DeviceInfo
{
    /// <inheritdoc/>
    public override DeviceClass Class => DeviceClass.Ethernet;

    /// <summary>The port's address.</summary>
    public required MacAddress MacAddress { get; init; }

    /// <summary>The least MTU.</summary>
    public required int MtuMin { get; init; }

    /// <summary>The greatest MTU.</summary>
    public required int MtuMax { get; init; }

    /// <summary>The least number of descriptors in a queue.</summary>
    public required int DescriptorMin { get; init; }

    /// <summary>The greatest number of segments of a frame to transmit.</summary>
    public required int TransmitSegmentsMax { get; init; }

    /// <summary>What the port can do to frames it receives.</summary>
    public required ReceiveOffloads ReceiveOffloads { get; init; }

    /// <summary>What the port can do to frames it transmits.</summary>
    public required TransmitOffloads TransmitOffloads { get; init; }

    /// <summary>Over which headers the RSS hash can be taken.</summary>
    public required RssHashTypes RssHashTypes { get; init; }

    /// <summary>The length of the RSS key in bytes; 0 without RSS.</summary>
    public required int RssKeyLength { get; init; }

    /// <summary>The length of the RSS indirection table; 0 without RSS.</summary>
    public required int RetaLength { get; init; }

    /// <summary>What the port can do beyond receiving and transmitting.</summary>
    public required EthernetCapabilities Capabilities { get; init; }

    /// <summary>The in-line security protocols; empty without.</summary>
    public IReadOnlyList<SecurityCapability> SecurityCapabilities { get; init; } = [];

    /// <summary>The version of the device's firmware, or empty.</summary>
    public string FirmwareVersion { get; init; } = string.Empty;

    /// <inheritdoc/>
    public override IReadOnlyList<string> CapabilityNames =>
    [
        .. Enum.GetValues<ReceiveOffloads>().Where(o => o != 0 && ReceiveOffloads.HasFlag(o)).Select(o => $"rx {o}"),
        .. Enum.GetValues<TransmitOffloads>().Where(o => o != 0 && TransmitOffloads.HasFlag(o)).Select(o => $"tx {o}"),
        .. RssHashTypes == 0 ? [] : new[] { $"RSS {RssHashTypes} RETA {RetaLength}" },
        .. Enum.GetValues<EthernetCapabilities>().Where(c => c != 0 && Capabilities.HasFlag(c)).Select(c => c.ToString()),
    ];
}
