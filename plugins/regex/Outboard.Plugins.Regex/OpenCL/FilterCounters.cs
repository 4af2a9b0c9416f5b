namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>What a queue pair has asked of the device. Written by the thread in the bursts, read by any other.</summary>
internal sealed class FilterCounters
{
    /// <summary>Batches sent.</summary>
    public ulong Batches { get; set; }

    /// <summary>Payloads in them.</summary>
    public ulong Payloads { get; set; }

    /// <summary>Payloads that the passes did not clear, so that the host scanned them.</summary>
    public ulong FlaggedPayloads { get; set; }

    /// <summary>Bytes of payloads that the host scanned.</summary>
    public ulong ScannedBytes { get; set; }

    /// <summary>Payloads in which more rules were woken than the lists have room for.</summary>
    public ulong OverflowedLists { get; set; }

    /// <summary>Batches that the device failed.</summary>
    public ulong DeviceErrors { get; set; }

    /// <summary>The OpenCL code of the last of them, without its sign.</summary>
    public ulong LastDeviceError { get; set; }
}
