using System.Runtime.InteropServices;

namespace Outboard.Plugins.Mana.Adapter.Layouts;

/// <summary>First 32 bytes of every answer, as the adapter writes them.</summary>
/// <remarks>
/// 0 header type, 4 message type, 8 version, 10 message id, 12 size, 16 device type, 18 device instance, 20 activity,
/// 24 status, 28 reserved.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct ResponseHeader
{
    public const int Size = 32;

    [FieldOffset(0)] public uint HeaderType;
    [FieldOffset(4)] public uint MessageType;
    [FieldOffset(8)] public ushort Version;
    [FieldOffset(10)] public ushort MessageId;
    [FieldOffset(12)] public uint MessageSize;
    [FieldOffset(16)] public ushort DeviceType;
    [FieldOffset(18)] public ushort DeviceInstance;
    [FieldOffset(20)] public uint Activity;
    [FieldOffset(24)] public uint Status;
}
