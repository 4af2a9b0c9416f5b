namespace Outboard.Plugins.Mana.Gdma;

/// <summary>Request numbers of the hardware channel that the driver speaks (reference 1.8).</summary>
internal enum RequestCode : uint
{
    VerifyDriverVersion = 1,
    QueryMaxResources = 2,
    ListDevices = 3,
    RegisterDevice = 4,
    DeregisterDevice = 5,
    CreateQueue = 12,
    DisableQueue = 13,
    AllocateResourceRange = 22,
    FreeResourceRange = 24,
    CreateDmaRegion = 25,
    AddDmaRegionPages = 26,
    DestroyDmaRegion = 27,
    CreateProtectionDomain = 29,
    DestroyProtectionDomain = 30,
    CreateMemoryRegion = 31,
    DestroyMemoryRegion = 32,
    QueryDeviceConfig = 0x20001,
    QueryStatistics = 0x20002,
    ConfigureVportTransmit = 0x20003,
    CreateWorkQueueObject = 0x20004,
    DestroyWorkQueueObject = 0x20005,
    FenceReceiveQueue = 0x20006,
    ConfigureVportReceive = 0x20007,
    QueryVportConfig = 0x20008,
}
