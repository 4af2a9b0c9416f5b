namespace Outboard.Plugins.Mana.Gdma;

/// <summary>Address of a device behind the hardware channel.</summary>
internal readonly record struct DeviceId(ushort Type, ushort Instance)
{
    public const ushort HardwareChannelType = 1;
    public const ushort EthernetType = 2;

    /// <summary>The channel itself: where device-independent requests go.</summary>
    public static DeviceId HardwareChannel => new(HardwareChannelType, 0);
}
