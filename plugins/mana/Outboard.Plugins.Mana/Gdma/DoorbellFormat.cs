namespace Outboard.Plugins.Mana.Gdma;

/// <summary>64-bit doorbell values and their offsets in a page, as the driver writes them (reference 1.2).</summary>
internal static class DoorbellFormat
{
    public const uint SendOffset = 0x000;
    public const uint ReceiveOffset = 0x400;
    public const uint CompletionOffset = 0x800;
    public const uint EventOffset = 0xFF8;

    /// <summary>Value for a send or receive queue: id in 24 bits, free-running tail in bytes above bit 32.</summary>
    public static ulong WorkQueue(uint id, uint tailBasicUnits) =>
        (id & 0xFFFFFF) | ((ulong)(tailBasicUnits * WorkRequest.BasicUnit) << 32);

    /// <summary>Value for a completion queue: consumer head modulo eight laps, arm in the top bit.</summary>
    public static ulong CompletionQueue(uint id, uint head, uint entryCount, bool arm) =>
        (id & 0xFFFFFF) | ((ulong)(head & ((entryCount * 8) - 1)) << 32) | (arm ? 1UL << 63 : 0);

    /// <summary>Value for an event queue: the id has 16 bits here.</summary>
    public static ulong EventQueue(uint id, uint head, uint entryCount, bool arm) =>
        (id & 0xFFFF) | ((ulong)(head & ((entryCount * 8) - 1)) << 32) | (arm ? 1UL << 63 : 0);
}
