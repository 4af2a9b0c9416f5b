using Outboard.Plugins.Mana.Bus;

namespace Outboard.Plugins.Mana.Gdma;

/// <summary>
/// A function brought up: hardware channel, registered Ethernet device, doorbell page, protection domain, vport.
/// </summary>
/// <remarks>
/// Registers -> mailbox -> channel -> version -> devices -> registration -> doorbell page -> protection domain ->
/// vport,
/// and the same backwards at the end. Control path.
/// </remarks>
internal sealed unsafe class GdmaDevice : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly AdapterBus _bus;
    private readonly DeviceId _ethernetId;
    private readonly ulong _protectionDomain;
    private readonly bool _registered;
    private readonly uint? _doorbellPage;
    private bool _disposed;

    public GdmaDevice(AdapterBus bus)
    {
        _bus = bus;
        uint version = bus.ReadRegister32(Registers.Version);
        if (version == Registers.Gone)
        {
            throw new GdmaException("The adapter is gone: its registers read as all ones.");
        }

        uint pageSize = bus.ReadRegister32(Registers.DoorbellPageSize) & 0xFFFF;
        if (pageSize != DmaBlock.PageSize)
        {
            throw new GdmaException($"The adapter has doorbell pages of {pageSize} bytes; this driver knows 4096.");
        }

        FirmwareVersion = $"{version >> 24}.{(version >> 16) & 0xFF}.{version & 0xFFFF}";
        var mailbox = new SharedMemoryChannel(bus, bus.ReadRegister32(Registers.SharedMemoryOffset), s_timeout);
        Channel = OpenChannel(bus, mailbox);
        try
        {
            Gdma = new GdmaRequests(Channel);
            Gdma.VerifyDriverVersion();
            Limits = Gdma.QueryMaxResources();
            _ethernetId = Gdma.FindDevice(DeviceId.EthernetType);
            Gdma.RegisterDevice(_ethernetId);
            _registered = true;
            Ethernet = new EthernetRequests(Channel, _ethernetId);
            Config = Ethernet.QueryDeviceConfig();
            if (Config.VportMax < 1)
            {
                throw new GdmaException("The Ethernet device has no vport.");
            }

            Vport = Ethernet.QueryVportConfig(0);
            _doorbellPage = Gdma.AllocateDoorbellPage();
            (_protectionDomain, ProtectionDomainId) = Gdma.CreateProtectionDomain();
            (VportOffset, IsShortFormAllowed) =
                Ethernet.ConfigureTransmit(Vport.Handle, ProtectionDomainId, DoorbellPage);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public AdapterBus Bus => _bus;

    public HardwareChannel Channel { get; }

    public GdmaRequests Gdma { get; }

    public EthernetRequests Ethernet { get; }

    public string FirmwareVersion { get; }

    public ResourceLimits Limits { get; }

    public DeviceConfig Config { get; }

    public VportConfig Vport { get; }

    public uint VportOffset { get; }

    public bool IsShortFormAllowed { get; }

    public uint DoorbellPage => _doorbellPage.GetValueOrDefault();

    public uint ProtectionDomainId { get; }

    /// <summary>Maps memory and makes one key for all of it.</summary>
    public MemoryKey Register(byte* address, nuint byteCount)
    {
        _bus.MapMemory(address, byteCount);
        try
        {
            return CreateKey((ulong)address, byteCount);
        }
        catch
        {
            _bus.UnmapMemory(address);
            throw;
        }
    }

    public void Unregister(MemoryKey key)
    {
        DestroyKey(key);
        _bus.UnmapMemory((byte*)key.Address);
    }

    /// <summary>Makes a key for memory that is mapped already.</summary>
    public MemoryKey CreateKey(ulong address, ulong byteCount)
    {
        ulong region = Gdma.CreateDmaRegion(address, byteCount);
        try
        {
            return Gdma.CreateMemoryRegion(_protectionDomain, region, address, byteCount);
        }
        catch
        {
            Gdma.DestroyDmaRegion(region);
            throw;
        }
    }

    public void DestroyKey(MemoryKey key)
    {
        try
        {
            Gdma.DestroyMemoryRegion(key.Handle);
        }
        catch (GdmaException)
        {
            // An adapter that is gone reaches nothing any more.
        }
    }

    /// <summary>Creates a work queue with its completion queue in memory of this driver.</summary>
    public GdmaQueuePair CreateQueue(
        GdmaQueueType type, uint workByteCount, uint completionCount, uint? eventQueue = null) =>
        new(this, type, workByteCount, completionCount, eventQueue);

    /// <summary>Creates an event queue that raises a vector.</summary>
    public GdmaEventQueue CreateEventQueue(uint entryCount, uint vector) => new(this, _ethernetId, entryCount, vector);

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        try
        {
            if (_protectionDomain != 0)
            {
                Gdma.DestroyProtectionDomain(_protectionDomain);
            }

            if (_doorbellPage is { } page)
            {
                Gdma.FreeDoorbellPage(page);
            }

            if (_registered)
            {
                Gdma.DeregisterDevice(_ethernetId);
            }
        }
        catch (GdmaException)
        {
            // The channel's reset below takes back everything that could not be given back piece by piece.
        }

        Channel.Dispose();
    }

    /// <summary>Opens the channel; where an earlier driver left one behind, the function is reset first.</summary>
    private static HardwareChannel OpenChannel(AdapterBus bus, SharedMemoryChannel mailbox)
    {
        try
        {
            return new HardwareChannel(bus, mailbox, s_timeout);
        }
        catch (GdmaException e) when (e.Status != 0)
        {
            mailbox.Destroy();
            return new HardwareChannel(bus, mailbox, s_timeout);
        }
    }
}
