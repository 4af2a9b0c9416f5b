namespace Outboard.Plugins.Mana.Pmd;

/// <summary>How MTU, frame and buffer sizes hang together.</summary>
internal static class MtuRules
{
    /// <summary>Least MTU of an IPv4 link (RFC 791).</summary>
    public const int MtuMin = 68;

    /// <summary>
    /// MTU of an adapter unless told otherwise, with its Ethernet header: the jumbo frames that Azure has.
    /// </summary>
    public const int AdapterMtuDefault = 9014;

    /// <summary>
    /// Most that an adapter may be given: what the 16-bit length of a completion can say. Captures taken above a
    /// segmenting network card hold frames this long.
    /// </summary>
    public const int AdapterMtuMax = ushort.MaxValue - VlanTag;

    public const int MtuDefault = 1500;

    public const int EthernetHeader = 14;

    public const int VlanTag = 4;

    /// <summary>Greatest MTU on an adapter whose MTU counts the Ethernet header.</summary>
    public static int MaxFor(int adapterMtu) => adapterMtu - EthernetHeader;

    /// <summary>Longest frame at an MTU, one VLAN tag included, FCS not.</summary>
    public static int FrameMax(int mtu) => mtu + EthernetHeader + VlanTag;

    /// <summary>What keeps a buffer from holding every frame; null where nothing does.</summary>
    public static string? Misfit(int mtu, int bufferRoom) => bufferRoom >= FrameMax(mtu)
        ? null
        : $"MTU {mtu} needs {FrameMax(mtu)} bytes in one buffer and the pool's have {bufferRoom} behind their "
            + "headroom; the adapter does not scatter a frame over buffers.";
}
