using System.Runtime.InteropServices;

namespace Outboard.Plugins.Mana.Adapter.Layouts;

/// <summary>Out-of-band data of an Ethernet send element, as the adapter reads it.</summary>
/// <remarks>
/// 0 flags, 1 completion queue (24 bits); 4 L4 offset (10 bits) and virtual queue frame (14 bits), 7 vport offset;
/// long form: 8 inner flags, 10 VLAN tag control (PCP 3, DEI 1, id 12 bits from bit 16 on), 12 inner frame offset (10
/// bits), then inner IP offset (6 bits), 14 long vport offset (12 bits), 16 reserved.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = LongSize)]
internal struct SendOob
{
    public const int ShortSize = 8;
    public const int LongSize = 24;

    [FieldOffset(0)] public SendOobFlags Flags;
    [FieldOffset(0)] public uint FlagsAndCompletionQueue;
    [FieldOffset(4)] public uint OffsetAndFrame;
    [FieldOffset(7)] public byte VportOffset;
    [FieldOffset(8)] public uint InnerAndVlan;
    [FieldOffset(12)] public uint InnerOffsets;
    [FieldOffset(16)] public ulong Reserved;

    public readonly uint CompletionQueue => FlagsAndCompletionQueue >> 8;

    public readonly int L4Offset => (int)(OffsetAndFrame & 0x3FF);

    public readonly uint VirtualQueueFrame => (OffsetAndFrame >> 10) & 0x3FFF;

    public readonly bool InjectVlan => (InnerAndVlan & 8) != 0;

    /// <summary>Tag control information in the packet's order: PCP, DEI, id.</summary>
    public readonly ushort VlanTci =>
        (ushort)((((InnerAndVlan >> 16) & 7) << 13) | (((InnerAndVlan >> 19) & 1) << 12) | (InnerAndVlan >> 20));

    public readonly uint LongVportOffset => (InnerOffsets >> 16) & 0xFFF;
}
