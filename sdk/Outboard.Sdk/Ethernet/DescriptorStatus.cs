namespace Outboard.Ethernet;

/// <summary>The state of one descriptor of a queue.</summary>
public enum DescriptorStatus
{
    /// <summary>With the device: an empty receive buffer, or a frame not yet sent.</summary>
    Device,

    /// <summary>Done, and not yet taken by the driver.</summary>
    Done,

    /// <summary>Not in use.</summary>
    Unused,
}
