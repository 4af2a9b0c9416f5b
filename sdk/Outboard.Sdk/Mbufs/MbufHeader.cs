using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Mbufs;

/// <summary>The 128 bytes in front of every mbuf's data, field for field those of rte_mbuf.</summary>
/// <remarks>
/// <code>
/// line 0:  0 BufferAddress   8 IoAddress  16 DataOffset  18 ReferenceCount  20 SegmentCount  22 Port  24 OffloadFlags
///         32 PacketType     36 PacketLength  40 DataLength  42 VlanTci  44 Hash (8)  52 OuterVlanTci  54 BufferLength  56 Pool
/// line 1: 64 Next  72 TransmitOffload  80 SharedInfo  88 PrivateSize  90 TimeSync  92 Dynamic (36)
/// </code>
/// 16 to 23 is one store when a driver re-arms a buffer; 32 to 55 are what it fills on receive. The pool field holds a GC handle.
/// Invariant of a free mbuf: reference count 1, next null, one segment.
/// Source: DPDK lib/mbuf/rte_mbuf_core.h.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal unsafe struct MbufHeader
{
    public const int Size = 128;
    public const int DynamicOffset = 92;
    public const int DynamicSize = 36;

    [FieldOffset(0)] public byte* BufferAddress;
    [FieldOffset(8)] public ulong IoAddress;
    [FieldOffset(16)] public ulong Rearm;
    [FieldOffset(16)] public uint OffsetAndReferences;
    [FieldOffset(16)] public ushort DataOffset;
    [FieldOffset(18)] public ushort ReferenceCount;
    [FieldOffset(20)] public ushort SegmentCount;
    [FieldOffset(22)] public ushort Port;
    [FieldOffset(24)] public MbufOffloadFlags OffloadFlags;
    [FieldOffset(32)] public uint PacketType;
    [FieldOffset(36)] public uint PacketLength;
    [FieldOffset(40)] public ushort DataLength;
    [FieldOffset(42)] public ushort VlanTci;
    [FieldOffset(44)] public ulong Hash;
    [FieldOffset(44)] public uint RssHash;
    [FieldOffset(48)] public uint FlowId;
    [FieldOffset(52)] public ushort OuterVlanTci;
    [FieldOffset(54)] public ushort BufferLength;
    [FieldOffset(56)] public nint Pool;
    [FieldOffset(64)] public MbufHeader* Next;
    [FieldOffset(72)] public MbufTransmitOffload TransmitOffload;
    [FieldOffset(80)] public MbufSharedInfo* SharedInfo;
    [FieldOffset(88)] public ushort PrivateSize;
    [FieldOffset(90)] public ushort TimeSync;
    [FieldOffset(92)] public fixed byte Dynamic[DynamicSize];

    /// <summary>Whether this is a whole packet of one segment in its own buffer that nobody shares: what most frees see.</summary>
    public readonly bool IsPlain
    {
        // Field by field: the re-arm word as one load would wait for the 16-bit store that moved the data offset just before.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ReferenceCount == 1
            && SegmentCount == 1
            && (OffloadFlags & MbufOffloadFlags.AttachedMask) == 0
            && Next is null;
    }
}
