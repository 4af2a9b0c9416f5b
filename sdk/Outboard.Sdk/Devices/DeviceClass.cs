namespace Outboard.Devices;

/// <summary>The class of a device: which of the four offload APIs it answers to.</summary>
public enum DeviceClass
{
    /// <summary>Pattern matching (DPDK's regexdev).</summary>
    Regex,

    /// <summary>Inference (DPDK's mldev).</summary>
    Ml,

    /// <summary>Ciphers, authentication and protocol security (DPDK's cryptodev and security).</summary>
    Crypto,

    /// <summary>Ports that receive and transmit frames (DPDK's ethdev).</summary>
    Ethernet,
}
