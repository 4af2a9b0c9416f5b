namespace Outboard.Plugins.Mana.Pmd;

/// <summary>How MTU, frame and buffer sizes hang together.</summary>
internal static class MtuRules
{
    /// <summary>Least MTU of an IPv4 link (RFC 791).</summary>
    public const int MtuMin = 68;

    /// <summary>Most that the driver offers, whatever the adapter says: jumbo frames as Azure has them.</summary>
    public const int MtuMax = 9000;

    public const int MtuDefault = 1500;

    public const int EthernetHeader = 14;

    public const int VlanTag = 4;

    /// <summary>Greatest MTU on an adapter whose MTU counts the Ethernet header.</summary>
    public static int MaxFor(int adapterMtu) => Math.Min(MtuMax, adapterMtu - EthernetHeader);

    /// <summary>Longest frame at an MTU, one VLAN tag included, FCS not.</summary>
    public static int FrameMax(int mtu) => mtu + EthernetHeader + VlanTag;

    /// <summary>What keeps a buffer from holding every frame; null where nothing does.</summary>
    public static string? Misfit(int mtu, int bufferRoom) => bufferRoom >= FrameMax(mtu)
        ? null
        : $"MTU {mtu} needs {FrameMax(mtu)} bytes in one buffer and the pool's have {bufferRoom} behind their "
            + "headroom; the adapter does not scatter a frame over buffers.";
}
