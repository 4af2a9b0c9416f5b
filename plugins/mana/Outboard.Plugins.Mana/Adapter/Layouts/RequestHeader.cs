using System.Runtime.InteropServices;

namespace Outboard.Plugins.Mana.Adapter.Layouts;

/// <summary>First 40 bytes of every request, as the adapter reads them.</summary>
/// <remarks>
/// 0 header type, 4 message type, 8 version, 10 message id, 12 size; 16 to 31 the same of the answer that is expected;
/// 32 device type, 34 device instance, 36 activity.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct RequestHeader
{
    public const int Size = 40;

    [FieldOffset(0)] public uint HeaderType;
    [FieldOffset(4)] public uint MessageType;
    [FieldOffset(8)] public ushort Version;
    [FieldOffset(10)] public ushort MessageId;
    [FieldOffset(12)] public uint MessageSize;
    [FieldOffset(16)] public uint AnswerHeaderType;
    [FieldOffset(20)] public uint AnswerMessageType;
    [FieldOffset(24)] public ushort AnswerVersion;
    [FieldOffset(26)] public ushort AnswerMessageId;
    [FieldOffset(28)] public uint AnswerSize;
    [FieldOffset(32)] public ushort DeviceType;
    [FieldOffset(34)] public ushort DeviceInstance;
    [FieldOffset(36)] public uint Activity;
}
