namespace Outboard.Plugins.Mana.Gdma;

/// <summary>Requests to the Ethernet device as the driver writes them. Control path.</summary>
internal sealed class EthernetRequests(HardwareChannel channel, DeviceId device)
{
    /// <summary>Counters in the answer to a statistics query.</summary>
    public const int CounterCount = 27;

    private const int Header = HardwareChannel.RequestHeaderSize;
    private const int Answer = HardwareChannel.ResponseHeaderSize;
    private const ushort ConfigAnswerVersion = 4;
    private const uint SteeringOff = 1;
    private const uint SteeringOn = 2;

    public DeviceConfig QueryDeviceConfig()
    {
        Span<byte> request = stackalloc byte[88];
        Span<byte> response = stackalloc byte[80];
        new MessageWriter(request[Header..]).U64(0).U64(0).U64(0).U64(0).U32(1).U32(0).U32(0).U32(0);
        channel.Request(
            RequestCode.QueryDeviceConfig, device, request, response, responseVersion: ConfigAnswerVersion);
        var reader = new MessageReader(response[Answer..]);
        reader.Skip(32);
        int vports = reader.U16();
        reader.Skip(2);
        int eventQueues = (int)reader.U32();
        int mtu = reader.U16();
        reader.Skip(2);

        // Old firmware answers without an MTU, or with 0: both mean a plain Ethernet frame.
        return new DeviceConfig(vports, eventQueues, mtu == 0 ? 1514 : mtu, (int)reader.U32());
    }

    public VportConfig QueryVportConfig(uint index)
    {
        Span<byte> request = stackalloc byte[44];
        Span<byte> response = stackalloc byte[64];
        new MessageWriter(request[Header..]).U32(index);
        channel.Request(RequestCode.QueryVportConfig, device, request, response);
        var reader = new MessageReader(response[Answer..]);
        int send = (int)reader.U32();
        int receive = (int)reader.U32();
        int entries = (int)reader.U32();
        reader.Skip(4);
        ulong mac = reader.U64() & 0xFFFF_FFFF_FFFF;
        return new VportConfig(reader.U64(), send, receive, entries, mac);
    }

    /// <summary>Takes the vport for a protection domain and doorbell page.</summary>
    public (uint VportOffset, bool ShortFormAllowed) ConfigureTransmit(
        ulong vport, uint protectionDomain, uint doorbellPage)
    {
        Span<byte> request = stackalloc byte[56];
        Span<byte> response = stackalloc byte[36];
        new MessageWriter(request[Header..]).U64(vport).U32(protectionDomain).U32(doorbellPage);
        channel.Request(RequestCode.ConfigureVportTransmit, device, request, response);
        var reader = new MessageReader(response[Answer..]);
        return (reader.U16(), reader.U8() != 0);
    }

    /// <summary>Creates a work queue and its completion queue; both DMA regions are consumed.</summary>
    public WorkQueueObject CreateWorkQueue(
        ulong vport,
        GdmaQueueType type,
        ulong workRegion,
        uint workByteCount,
        ulong completionRegion,
        uint completionByteCount,
        uint eventQueue)
    {
        Span<byte> request = stackalloc byte[88];
        Span<byte> response = stackalloc byte[48];
        new MessageWriter(request[Header..])
            .U64(vport)
            .U32((uint)type).U32(0)
            .U64(workRegion).U64(completionRegion)
            .U32(workByteCount).U32(completionByteCount)
            .U32(0).U32(eventQueue);
        channel.Request(RequestCode.CreateWorkQueueObject, device, request, response);
        var reader = new MessageReader(response[Answer..]);
        uint work = reader.U32();
        uint completion = reader.U32();
        return new WorkQueueObject(reader.U64(), work, completion);
    }

    public void DestroyWorkQueue(GdmaQueueType type, ulong handle)
    {
        Span<byte> request = stackalloc byte[56];
        Span<byte> response = stackalloc byte[32];
        new MessageWriter(request[Header..]).U32((uint)type).U32(0).U64(handle);
        channel.Request(RequestCode.DestroyWorkQueueObject, device, request, response);
    }

    /// <summary>Asks for a fence entry in the receive queue's completion queue, behind every frame under way.</summary>
    public void FenceReceiveQueue(ulong handle)
    {
        Span<byte> request = stackalloc byte[48];
        Span<byte> response = stackalloc byte[32];
        new MessageWriter(request[Header..]).U64(handle);
        channel.Request(RequestCode.FenceReceiveQueue, device, request, response);
    }

    public void ConfigureReceive(ulong vport, ReceiveSteering steering)
    {
        Span<byte> request = stackalloc byte[120 + (steering.Table.Length * 8)];
        Span<byte> response = stackalloc byte[32];
        EncodeReceiveSteering(request, vport, steering);
        channel.Request(RequestCode.ConfigureVportReceive, device, request, response);
    }

    /// <summary>Writes a CONFIG_VPORT_RX request behind its header.</summary>
    public static void EncodeReceiveSteering(Span<byte> request, ulong vport, ReceiveSteering steering)
    {
        const int TableOffset = 120;
        request.Clear();
        MessageWriter writer = new MessageWriter(request[Header..])
            .U64(vport)
            .U16((ushort)steering.Table.Length).U16(steering.Table.IsEmpty ? (ushort)0 : (ushort)TableOffset)
            .U32(steering.ReceiveEnabled ? SteeringOn : SteeringOff)
            .U32(steering.RssEnabled ? SteeringOn : SteeringOff)
            .U8(steering.DefaultObject.HasValue ? (byte)1 : (byte)0)
            .U8(steering.Key.IsEmpty ? (byte)0 : (byte)1)
            .U8(steering.Table.IsEmpty ? (byte)0 : (byte)1)
            .U8(steering.Coalesce ? (byte)1 : (byte)0)
            .U64(steering.DefaultObject.GetValueOrDefault());
        writer = steering.Key.IsEmpty ? writer.Zeros(40) : writer.Bytes(steering.Key);
        writer = writer.U32(steering.HashTypes).U32(0);
        foreach (ulong handle in steering.Table)
        {
            writer = writer.U64(handle);
        }
    }

    /// <summary>Reads all 27 counters.</summary>
    public void QueryStatistics(Span<ulong> counters)
    {
        Span<byte> request = stackalloc byte[48];
        Span<byte> response = stackalloc byte[256];
        new MessageWriter(request[Header..]).U64((1UL << CounterCount) - 1);
        channel.Request(RequestCode.QueryStatistics, device, request, response);
        var reader = new MessageReader(response[Answer..]);
        reader.Skip(8);
        for (int i = 0; i < CounterCount; i++)
        {
            counters[i] = reader.U64();
        }
    }
}
