using System.Numerics;

namespace Outboard.Plugins.Mana.Gdma;

/// <summary>Device-independent requests as the driver writes them. Control path.</summary>
internal sealed class GdmaRequests(HardwareChannel channel)
{
    public const uint ResourceDoorbellPages = 27;

    private const int Header = HardwareChannel.RequestHeaderSize;
    private const int Answer = HardwareChannel.ResponseHeaderSize;
    private const uint OperatingSystemOther = 0x30;
    private const uint MemoryTypeGuestVirtual = 2;
    private const uint AccessLocalReadWrite = 3;

    // Capabilities that this driver lives up to: link state by events (6), holes in the device list (11).
    private const ulong DriverCapabilities = (1UL << 6) | (1UL << 11);

    private static DeviceId Channel => DeviceId.HardwareChannel;

    /// <summary>Agrees on protocol version 1; returns the adapter's capability words' first.</summary>
    public ulong VerifyDriverVersion()
    {
        Span<byte> request = stackalloc byte[640];
        Span<byte> response = stackalloc byte[72];
        request.Clear();
        new MessageWriter(request[Header..])
            .U64(1).U64(1)
            .U64(DriverCapabilities).U64(0).U64(0).U64(0)
            .U64(0)
            .U32(OperatingSystemOther).U32(0)
            .U32((uint)Environment.OSVersion.Version.Major).U32((uint)Environment.OSVersion.Version.Minor)
            .U32((uint)Math.Max(0, Environment.OSVersion.Version.Build)).U32(0)
            .U64(0)
            .Bytes("Outboard net_mana"u8);
        channel.Request(RequestCode.VerifyDriverVersion, Channel, request, response);
        var reader = new MessageReader(response[Answer..]);
        ulong version = reader.U64();
        return version == 1
            ? reader.U64()
            : throw new GdmaException($"The adapter speaks GDMA protocol {version}; this driver speaks 1.");
    }

    public ResourceLimits QueryMaxResources()
    {
        Span<byte> request = stackalloc byte[40];
        Span<byte> response = stackalloc byte[72];
        channel.Request(RequestCode.QueryMaxResources, Channel, request, response);
        var reader = new MessageReader(response[Answer..]);
        reader.Skip(4);
        return new ResourceLimits
        {
            SendQueues = reader.U32(),
            ReceiveQueues = reader.U32(),
            CompletionQueues = reader.U32(),
            EventQueues = reader.U32(),
            DoorbellPages = reader.U32(),
            MemoryRegions = reader.U32(),
        };
    }

    /// <summary>First device of a type; throws where there is none.</summary>
    public DeviceId FindDevice(ushort type)
    {
        Span<byte> request = stackalloc byte[40];
        Span<byte> response = stackalloc byte[296];
        channel.Request(RequestCode.ListDevices, Channel, request, response);
        var reader = new MessageReader(response[Answer..]);
        uint count = Math.Min(reader.U32(), 64);
        reader.Skip(4);

        // The list may have holes (type 0), so it is read to its end and not to the count.
        for (int i = 0; i < 64; i++)
        {
            var id = new DeviceId(reader.U16(), reader.U16());
            if (id.Type == type)
            {
                return id;
            }
        }

        throw new GdmaException($"The adapter lists {count} devices and none of type {type}.");
    }

    /// <summary>Registers a device; answers with its protection domain, memory key and doorbell page.</summary>
    public (uint ProtectionDomain, uint MemoryKey, uint DoorbellPage) RegisterDevice(DeviceId device)
    {
        Span<byte> request = stackalloc byte[40];
        Span<byte> response = stackalloc byte[44];
        channel.Request(RequestCode.RegisterDevice, device, request, response);
        var reader = new MessageReader(response[Answer..]);
        return (reader.U32(), reader.U32(), reader.U32());
    }

    public void DeregisterDevice(DeviceId device)
    {
        Span<byte> request = stackalloc byte[40];
        Span<byte> response = stackalloc byte[32];
        channel.Request(RequestCode.DeregisterDevice, device, request, response);
    }

    public uint AllocateDoorbellPage()
    {
        Span<byte> request = stackalloc byte[56];
        Span<byte> response = stackalloc byte[36];
        new MessageWriter(request[Header..]).U32(ResourceDoorbellPages).U32(1).U32(1).U32(0);
        channel.Request(RequestCode.AllocateResourceRange, Channel, request, response);
        return new MessageReader(response[Answer..]).U32();
    }

    public void FreeDoorbellPage(uint page)
    {
        Span<byte> request = stackalloc byte[52];
        Span<byte> response = stackalloc byte[32];
        new MessageWriter(request[Header..]).U32(ResourceDoorbellPages).U32(1).U32(page);
        channel.Request(RequestCode.FreeResourceRange, Channel, request, response);
    }

    public (ulong Handle, uint Id) CreateProtectionDomain()
    {
        Span<byte> request = stackalloc byte[48];
        Span<byte> response = stackalloc byte[48];
        request.Clear();
        channel.Request(RequestCode.CreateProtectionDomain, Channel, request, response);
        var reader = new MessageReader(response[Answer..]);
        return (reader.U64(), reader.U32());
    }

    public void DestroyProtectionDomain(ulong handle) =>
        SendHandle(RequestCode.DestroyProtectionDomain, handle);

    /// <summary>
    /// Describes memory to the adapter as a list of pages, the largest size that suits the range, in as many messages
    /// as the channel's request size needs.
    /// </summary>
    public ulong CreateDmaRegion(ulong address, ulong byteCount)
    {
        int pageShift = PageShiftFor(address, byteCount);
        ulong pageSize = 1UL << pageShift;
        ulong first = address & ~(pageSize - 1);
        ulong total = (address + byteCount - first + pageSize - 1) >> pageShift;
        int perCreate = (channel.RequestMax - 64) / 8;
        int perAdd = (channel.RequestMax - 56) / 8;
        ulong sent = Math.Min(total, (ulong)perCreate);
        Span<byte> buffer = stackalloc byte[channel.RequestMax];
        Span<byte> response = stackalloc byte[40];
        Span<byte> request = buffer[..(64 + ((int)sent * 8))];
        new MessageWriter(request[Header..])
            .U64(byteCount)
            .U32((uint)(address - first))
            .U32((uint)(pageShift - 12))
            .U32((uint)total)
            .U32((uint)sent);
        WritePages(request[64..], first, pageSize);
        uint status = channel.Request(RequestCode.CreateDmaRegion, Channel, request, response);
        ulong handle = new MessageReader(response[Answer..]).U64();
        try
        {
            while (sent < total)
            {
                ulong now = Math.Min(total - sent, (ulong)perAdd);
                request = buffer[..(56 + ((int)now * 8))];
                new MessageWriter(request[Header..]).U64(handle).U32((uint)now).U32(0);
                WritePages(request[56..], first + (sent << pageShift), pageSize);
                status = channel.Request(RequestCode.AddDmaRegionPages, Channel, request, response[..Answer]);
                sent += now;
            }

            return status == 0
                ? handle
                : throw new GdmaException($"The adapter wants more than the {total} pages of the region.", status);
        }
        catch
        {
            DestroyDmaRegion(handle);
            throw;
        }
    }

    public void DestroyDmaRegion(ulong handle) => SendHandle(RequestCode.DestroyDmaRegion, handle);

    /// <summary>
    /// Makes a memory region over a DMA region, addressed by virtual address. Consumes the DMA region.
    /// </summary>
    public MemoryKey CreateMemoryRegion(ulong protectionDomain, ulong dmaRegion, ulong virtualAddress, ulong byteCount)
    {
        Span<byte> request = stackalloc byte[88];
        Span<byte> response = stackalloc byte[48];
        request.Clear();
        new MessageWriter(request[Header..])
            .U64(protectionDomain)
            .U32(MemoryTypeGuestVirtual).U32(0)
            .U64(dmaRegion)
            .U64(virtualAddress)
            .U32(AccessLocalReadWrite);
        channel.Request(RequestCode.CreateMemoryRegion, Channel, request, response);
        var reader = new MessageReader(response[Answer..]);
        return new MemoryKey(reader.U64(), reader.U32(), virtualAddress, byteCount);
    }

    public void DestroyMemoryRegion(ulong handle) => SendHandle(RequestCode.DestroyMemoryRegion, handle);

    /// <summary>Creates an event queue over a DMA region, which it consumes.</summary>
    public uint CreateEventQueue(
        DeviceId device, uint protectionDomain, uint doorbellPage, ulong region, uint byteCount, uint vector)
    {
        Span<byte> request = stackalloc byte[96];
        Span<byte> response = stackalloc byte[36];
        request.Clear();
        new MessageWriter(request[Header..])
            .U32((uint)GdmaQueueType.Event).U32(0)
            .U32(protectionDomain).U32(doorbellPage)
            .U64(region)
            .U32(0).U32(byteCount)
            .U32((uint)BitOperations.Log2(byteCount / EventEntry.Size) - 1)
            .U32(vector);
        channel.Request(RequestCode.CreateQueue, device, request, response);
        return new MessageReader(response[Answer..]).U32();
    }

    public void DisableEventQueue(DeviceId device, uint id)
    {
        Span<byte> request = stackalloc byte[52];
        Span<byte> response = stackalloc byte[32];
        new MessageWriter(request[Header..]).U32((uint)GdmaQueueType.Event).U32(id).U32(1);
        channel.Request(RequestCode.DisableQueue, device, request, response);
    }

    /// <summary>Largest page of 4 KiB to 2 MiB that wastes no more than one page at each end of the range.</summary>
    public static int PageShiftFor(ulong address, ulong byteCount)
    {
        int shift = 21;
        while (shift > 12 && (byteCount < (1UL << shift) || (address & ((1UL << shift) - 1)) > uint.MaxValue))
        {
            shift--;
        }

        return shift;
    }

    private static void WritePages(Span<byte> target, ulong first, ulong pageSize)
    {
        for (int i = 0; i < target.Length / 8; i++)
        {
            new MessageWriter(target[(i * 8)..]).U64(first + ((ulong)i * pageSize));
        }
    }

    private void SendHandle(RequestCode code, ulong handle)
    {
        Span<byte> request = stackalloc byte[48];
        Span<byte> response = stackalloc byte[32];
        new MessageWriter(request[Header..]).U64(handle);
        channel.Request(code, Channel, request, response);
    }
}
