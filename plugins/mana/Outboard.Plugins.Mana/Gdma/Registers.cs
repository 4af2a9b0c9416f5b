namespace Outboard.Plugins.Mana.Gdma;

/// <summary>Offsets in the register block of a virtual function (reference mana-ethdev 1.1).</summary>
internal static class Registers
{
    /// <summary>u16 micro, u8 minor, u8 major.</summary>
    public const uint Version = 0x00;

    public const uint DoorbellZoneOffset = 0x08;

    /// <summary>u16 doorbell page size in the low half.</summary>
    public const uint DoorbellPageSize = 0x10;

    public const uint SharedMemoryOffset = 0x18;

    /// <summary>u16 shared memory size in the low half.</summary>
    public const uint SharedMemorySize = 0x20;

    /// <summary>What every register of a removed function reads as.</summary>
    public const uint Gone = 0xFFFFFFFF;
}
