using System.Runtime.InteropServices;
using Outboard.Plugins.Mana.Adapter.Layouts;

namespace Outboard.Plugins.Mana.Adapter.Requests;

/// <summary>Takes a request of the hardware channel apart, has it done, and puts the answer together.</summary>
internal sealed partial class RequestHandler(SoftwareAdapter adapter)
{
    private const ushort ChannelDevice = 1;
    private const ushort EthernetDevice = 2;
    private const int AnswerBody = ResponseHeader.Size;

    private AdapterResources Resources => adapter.Resources;

    /// <summary>Handles one message; returns the length of the answer.</summary>
    public int Handle(ReadOnlySpan<byte> request, Span<byte> answer)
    {
        answer.Clear();
        var view = new RequestView(request);
        RequestHeader header = view.Header;
        (int requestSize, int answerSize) = Sizes(header.MessageType);
        Status status;
        if (answerSize == 0)
        {
            status = Status.Unsupported;
        }
        else if (header.MessageSize != request.Length || request.Length < requestSize
            || header.AnswerSize is < ResponseHeader.Size || header.AnswerSize > answer.Length)
        {
            status = Status.BadSize;
        }
        else if (!IsAddressee(header))
        {
            status = Status.BadDevice;
        }
        else
        {
            status = Dispatch(header, view, new AnswerView(answer));
        }

        int length = (int)Math.Clamp(header.AnswerSize, ResponseHeader.Size, (uint)answer.Length);
        if (status is not (Status.Ok or Status.MoreEntries))
        {
            answer[AnswerBody..].Clear();
        }

        var response = new ResponseHeader
        {
            MessageType = header.MessageType,
            Version = header.AnswerVersion,
            MessageId = header.MessageId,
            MessageSize = (uint)length,
            DeviceType = header.DeviceType,
            DeviceInstance = header.DeviceInstance,
            Activity = header.Activity,
            Status = (uint)status,
        };
        MemoryMarshal.Write(answer, in response);
        return length;
    }

    /// <summary>Least size of each request and of the answer to it (reference 1.8); 0 for an unknown one.</summary>
    private static (int Request, int Answer) Sizes(uint type) => type switch
    {
        1 => (640, 72),
        2 => (40, 72),
        3 => (40, 296),
        4 => (40, 44),
        5 => (40, 32),
        12 => (96, 36),
        13 => (52, 32),
        22 => (56, 36),
        24 => (52, 32),
        25 => (64, 40),
        26 => (56, 32),
        27 => (48, 32),
        29 => (48, 48),
        30 => (48, 32),
        31 => (88, 48),
        32 => (48, 32),
        0x20001 => (88, 72),
        0x20002 => (48, 256),
        0x20003 => (56, 36),
        0x20004 => (88, 48),
        0x20005 => (56, 32),
        0x20006 => (48, 32),
        0x20007 => (120, 32),
        0x20008 => (44, 64),
        _ => (0, 0),
    };

    private static bool IsAddressee(RequestHeader header)
    {
        bool ethernet = header is { DeviceType: EthernetDevice, DeviceInstance: 0 };
        bool channel = header is { DeviceType: ChannelDevice, DeviceInstance: 0 };
        return header.MessageType switch
        {
            >= 0x20000 => ethernet,
            4 or 5 => ethernet,
            12 or 13 => ethernet || channel,
            _ => channel,
        };
    }

    private Status Dispatch(RequestHeader header, RequestView request, AnswerView answer) => header.MessageType switch
    {
        1 => VerifyVersion(request, answer),
        2 => QueryMaxResources(answer),
        3 => ListDevices(answer),
        4 => RegisterDevice(answer),
        5 => DeregisterDevice(),
        12 => CreateQueue(request, answer),
        13 => DisableQueue(request),
        22 => AllocateResources(request, answer),
        24 => FreeResources(request),
        25 => CreateDmaRegion(request, answer),
        26 => AddPages(request),
        27 => Resources.DmaRegions.Remove(request.U64(40)) ? Status.Ok : Status.BadHandle,
        29 => CreateProtectionDomain(answer),
        30 => DestroyProtectionDomain(request),
        31 => CreateMemoryRegion(request, answer),
        32 => DestroyMemoryRegion(request),
        0x20001 => QueryDeviceConfig(header, answer),
        0x20002 => QueryStatistics(request, answer),
        0x20003 => ConfigureTransmit(request, answer),
        0x20004 => CreateWorkQueue(request, answer),
        0x20005 => DestroyWorkQueue(request),
        0x20006 => FenceReceive(request),
        0x20007 => ConfigureReceive(request),
        0x20008 => QueryVportConfig(request, answer),
        _ => Status.Unsupported,
    };
}
