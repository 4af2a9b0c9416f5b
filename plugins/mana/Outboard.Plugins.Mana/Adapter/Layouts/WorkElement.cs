using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Mana.Adapter.Layouts;

/// <summary>Header of a work queue element, as the adapter reads it.</summary>
/// <remarks>
/// 0 reserved (24 bits) and last vbytes, 4 scatter-gather count, 5 inline OOB size in 4-byte units (3 bits), OOB in
/// list, credit, fence, 6 client data unit (14 bits), check SN, direct list.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct WorkElement
{
    public const int Size = 8;
    public const int SendByteMax = 512;
    public const int ReceiveByteMax = 256;
    public const int BasicUnit = 32;

    [FieldOffset(0)] public uint Vbytes;
    [FieldOffset(4)] public byte SegmentCount;
    [FieldOffset(5)] public byte Control;
    [FieldOffset(6)] public ushort ClientData;

    /// <summary>Bytes of inline OOB, or -1 for a size that no element has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int OobByteCount(byte control) => (control & 7) switch
    {
        2 => 8,
        6 => 24,
        7 => 32,
        _ => -1,
    };

    /// <summary>Maximum segment size of an LSO frame; 0 for any other.</summary>
    public static int SegmentationSize(ushort clientData) => clientData & 0x3FFF;
}
