namespace Outboard.Plugins.Mana.Adapter.Requests;

/// <summary>
/// Status of an answer. 0, <see cref="MoreEntries"/> and <see cref="Unsupported"/> are known; what hardware says to a
/// mistake is not public, so the others are this adapter's own numbers.
/// </summary>
internal enum Status : uint
{
    Ok = 0,
    MoreEntries = 0x105,
    BadSize = 0x1001,
    BadDevice = 0x1002,
    BadHandle = 0x1003,
    BadParameter = 0x1004,
    Exhausted = 0x1005,
    Busy = 0x1006,
    BadVersion = 0x1007,
    BadMemory = 0x1008,
    Unsupported = 0xFFFFFFFF,
}
