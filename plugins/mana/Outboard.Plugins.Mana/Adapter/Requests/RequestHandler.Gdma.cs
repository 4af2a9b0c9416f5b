using System.Numerics;
using Outboard.Plugins.Mana.Adapter.Hwc;
using Outboard.Plugins.Mana.Adapter.Memory;
using Outboard.Plugins.Mana.Adapter.Queues;

namespace Outboard.Plugins.Mana.Adapter.Requests;

/// <content>Device-independent requests. Offsets are from the start of the message.</content>
internal sealed partial class RequestHandler
{
    private const uint EventQueueType = 4;
    private const uint DoorbellPageResource = 27;
    private const uint GuestVirtualMemory = 2;
    private const uint DevicePageId = 1;
    private const ulong PageCountMax = 1 << 20;

    private static Status VerifyVersion(RequestView request, AnswerView answer)
    {
        ulong least = request.U64(40);
        ulong most = request.U64(48);
        if (least > 1 || most < 1)
        {
            return Status.BadVersion;
        }

        answer.U64(32, 1);
        return Status.Ok;
    }

    private Status QueryMaxResources(AnswerView answer)
    {
        uint queues = (uint)adapter.Options.QueueMax;
        answer.U32(36, queues);
        answer.U32(40, queues);
        answer.U32(44, queues * 2);
        answer.U32(48, queues);
        answer.U32(52, AdapterResources.DoorbellPageMax);
        answer.U32(56, MemoryRegionTable.SlotMax - 1);
        answer.U32(68, (uint)adapter.VectorCount);
        return Status.Ok;
    }

    private static Status ListDevices(AnswerView answer)
    {
        answer.U32(32, 2);
        answer.U16(40, ChannelDevice);
        answer.U16(44, EthernetDevice);
        return Status.Ok;
    }

    private Status RegisterDevice(AnswerView answer)
    {
        if (_isRegistered)
        {
            return Status.Busy;
        }

        _isRegistered = true;
        answer.U32(32, 2);
        answer.U32(36, HwcEndpoint.GuestMemoryKey);
        answer.U32(40, DevicePageId);
        return Status.Ok;
    }

    private Status DeregisterDevice()
    {
        bool registered = _isRegistered;
        _isRegistered = false;
        adapter.Steer(Steering.Off);
        adapter.IsTransmitEnabled = false;
        _transmitDomain = null;
        return registered ? Status.Ok : Status.BadDevice;
    }

    private Status CreateQueue(RequestView request, AnswerView answer)
    {
        uint doorbellPage = request.U32(52);
        uint byteCount = request.U32(68);
        uint vector = request.U32(76);
        if (request.U32(40) != EventQueueType || !IsRingSize(byteCount) || vector >= adapter.VectorCount
            || !Resources.IsDoorbellPage(doorbellPage))
        {
            return Status.BadParameter;
        }

        if (Resources.FreeEventId() is not { } id)
        {
            return Status.Exhausted;
        }

        Status status = Claim(request.U64(56), byteCount, out nint ring);
        if (status == Status.Ok)
        {
            unsafe
            {
                Resources.Add(new EventProducer(
                    id, doorbellPage, (byte*)ring, byteCount, adapter.VectorAt((int)vector)));
            }

            answer.U32(32, id);
        }

        return status;
    }

    private Status DisableQueue(RequestView request) =>
        request.U32(40) == EventQueueType && Resources.RemoveEvent(request.U32(44))
            ? Status.Ok
            : Status.BadHandle;

    private Status AllocateResources(RequestView request, AnswerView answer)
    {
        if (request.U32(40) != DoorbellPageResource || request.U32(44) != 1)
        {
            return Status.BadParameter;
        }

        if (Resources.AllocateDoorbellPage() is not { } page)
        {
            return Status.Exhausted;
        }

        answer.U32(32, page);
        return Status.Ok;
    }

    private Status FreeResources(RequestView request) =>
        request.U32(40) == DoorbellPageResource && request.U32(44) == 1 && Resources.FreeDoorbellPage(request.U32(48))
            ? Status.Ok
            : Status.BadHandle;

    private Status CreateDmaRegion(RequestView request, AnswerView answer)
    {
        ulong byteCount = request.U64(40);
        uint offset = request.U32(48);
        uint pageCode = request.U32(52);
        uint pages = request.U32(56);
        uint listed = request.U32(60);
        if (pageCode > 9 || byteCount == 0 || pages == 0 || pages > PageCountMax || listed > pages
            || offset >= 4096UL << (int)pageCode || request.Length < 64 + ((int)Math.Min(listed, 4096) * 8))
        {
            return Status.BadParameter;
        }

        var region = new DmaRegion(byteCount, offset, 12 + (int)pageCode, pages);
        for (int i = 0; i < listed; i++)
        {
            if (!region.TryAdd(request.U64(64 + (i * 8))))
            {
                return Status.BadParameter;
            }
        }

        ulong handle = Resources.NewHandle();
        Resources.DmaRegions.Add(handle, region);
        answer.U64(32, handle);
        return region.IsComplete ? Status.Ok : Status.MoreEntries;
    }

    private Status AddPages(RequestView request)
    {
        uint listed = request.U32(48);
        if (!Resources.DmaRegions.TryGetValue(request.U64(40), out DmaRegion? region))
        {
            return Status.BadHandle;
        }

        if (listed == 0 || request.Length < 56 + ((int)Math.Min(listed, 4096) * 8))
        {
            return Status.BadParameter;
        }

        for (int i = 0; i < listed; i++)
        {
            if (!region.TryAdd(request.U64(56 + (i * 8))))
            {
                return Status.BadParameter;
            }
        }

        return region.IsComplete ? Status.Ok : Status.MoreEntries;
    }

    private Status CreateProtectionDomain(AnswerView answer)
    {
        ulong handle = Resources.NewHandle();
        uint id = Resources.NewDomain();
        Resources.ProtectionDomains.Add(handle, id);
        answer.U64(32, handle);
        answer.U32(40, id);
        return Status.Ok;
    }

    private Status DestroyProtectionDomain(RequestView request)
    {
        ulong handle = request.U64(40);
        if (!Resources.ProtectionDomains.TryGetValue(handle, out uint id))
        {
            return Status.BadHandle;
        }

        if (adapter.Regions.AnyIn(id) || (_transmitDomain == id && Resources.HasQueues))
        {
            return Status.Busy;
        }

        Resources.ProtectionDomains.Remove(handle);
        if (_transmitDomain == id)
        {
            _transmitDomain = null;
            adapter.IsTransmitEnabled = false;
        }

        return Status.Ok;
    }

    private unsafe Status CreateMemoryRegion(RequestView request, AnswerView answer)
    {
        if (!Resources.ProtectionDomains.TryGetValue(request.U64(40), out uint domain))
        {
            return Status.BadHandle;
        }

        if (request.U32(48) != GuestVirtualMemory)
        {
            return Status.Unsupported;
        }

        ulong regionHandle = request.U64(56);
        if (!Resources.DmaRegions.TryGetValue(regionHandle, out DmaRegion? region))
        {
            return Status.BadHandle;
        }

        if (!region.TryResolve(adapter.Memory, out byte* pointer))
        {
            return Status.BadMemory;
        }

        MemoryRegion? memory = adapter.Regions.Add(domain, request.U64(64), region.ByteCount, pointer);
        if (memory is null)
        {
            return Status.Exhausted;
        }

        Resources.DmaRegions.Remove(regionHandle);
        ulong handle = Resources.NewHandle();
        Resources.MemoryRegions.Add(handle, memory.Key);
        answer.U64(32, handle);
        answer.U32(40, memory.Key);
        answer.U32(44, memory.Key);
        return Status.Ok;
    }

    private Status DestroyMemoryRegion(RequestView request) =>
        Resources.MemoryRegions.Remove(request.U64(40), out uint key) && adapter.Regions.Remove(key)
            ? Status.Ok
            : Status.BadHandle;

    /// <summary>Makes a ring of a DMA region, which is used up by it.</summary>
    private unsafe Status Claim(ulong handle, uint byteCount, out nint ring)
    {
        ring = 0;
        if (!Resources.DmaRegions.TryGetValue(handle, out DmaRegion? region))
        {
            return Status.BadHandle;
        }

        if (region.ByteCount < byteCount || !region.TryResolve(adapter.Memory, out byte* pointer))
        {
            return Status.BadMemory;
        }

        Resources.DmaRegions.Remove(handle);
        ring = (nint)pointer;
        return Status.Ok;
    }

    private static bool IsRingSize(uint byteCount) =>
        BitOperations.IsPow2(byteCount) && byteCount is >= 4096 and <= 1 << 24;
}
