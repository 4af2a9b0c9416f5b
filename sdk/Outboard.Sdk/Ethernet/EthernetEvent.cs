namespace Outboard.Ethernet;

/// <summary>Something that happened to a port.</summary>
public enum EthernetEvent
{
    /// <summary>The link came up or went down.</summary>
    LinkChanged,

    /// <summary>A queue was started or stopped.</summary>
    QueueStateChanged,

    /// <summary>The device asks to be reset.</summary>
    ResetRequested,

    /// <summary>The device was taken away; the port only stops and disposes.</summary>
    Removed,

    /// <summary>The device failed and is being brought back; bursts move nothing meanwhile.</summary>
    Recovering,

    /// <summary>The device is back.</summary>
    RecoverySucceeded,

    /// <summary>The device did not come back.</summary>
    RecoveryFailed,
}
