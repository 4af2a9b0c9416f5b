using System.Runtime.CompilerServices;

namespace Outboard.Mbufs;

/// <summary>Header lengths and the segment size that transmit offloads need, packed into 64 bits as in rte_mbuf.</summary>
/// <param name="Value">Bits: L2 0-6, L3 7-15, L4 16-23, TSO segment size 24-39, outer L3 40-48, outer L2 49-55.</param>
public record struct MbufTransmitOffload(ulong Value)
{
    /// <summary>Packs the lengths.</summary>
    /// <param name="l2Length">Bytes; 0 to 127.</param>
    /// <param name="l3Length">Bytes; 0 to 511.</param>
    /// <param name="l4Length">Bytes; 0 to 255.</param>
    /// <param name="tsoSegmentSize">Bytes of payload a segment; 0 to 65535.</param>
    /// <param name="outerL3Length">Bytes; 0 to 511.</param>
    /// <param name="outerL2Length">Bytes; 0 to 127.</param>
    public static MbufTransmitOffload Pack(
        int l2Length, int l3Length, int l4Length = 0, int tsoSegmentSize = 0, int outerL3Length = 0, int outerL2Length = 0) => new(
        Bits(l2Length, 0, 7) | Bits(l3Length, 7, 9) | Bits(l4Length, 16, 8) | Bits(tsoSegmentSize, 24, 16)
        | Bits(outerL3Length, 40, 9) | Bits(outerL2Length, 49, 7));

    /// <summary>Length of the layer 2 header, or of the inner one of a tunnel; bytes, 0 to 127.</summary>
    public int L2Length
    {
        readonly get => Get(0, 7);
        set => Set(value, 0, 7);
    }

    /// <summary>Length of the layer 3 header; bytes, 0 to 511.</summary>
    public int L3Length
    {
        readonly get => Get(7, 9);
        set => Set(value, 7, 9);
    }

    /// <summary>Length of the layer 4 header; bytes, 0 to 255.</summary>
    public int L4Length
    {
        readonly get => Get(16, 8);
        set => Set(value, 16, 8);
    }

    /// <summary>Payload bytes of one segment when segmentation is offloaded; 0 to 65535.</summary>
    public int TsoSegmentSize
    {
        readonly get => Get(24, 16);
        set => Set(value, 24, 16);
    }

    /// <summary>Length of the outer layer 3 header of a tunnel; bytes, 0 to 511.</summary>
    public int OuterL3Length
    {
        readonly get => Get(40, 9);
        set => Set(value, 40, 9);
    }

    /// <summary>Length of the outer layer 2 header of a tunnel; bytes, 0 to 127.</summary>
    public int OuterL2Length
    {
        readonly get => Get(49, 7);
        set => Set(value, 49, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(int value, int shift, int width) => ((ulong)(uint)value & ((1UL << width) - 1)) << shift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int Get(int shift, int width) => (int)((Value >> shift) & ((1UL << width) - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Set(int value, int shift, int width) =>
        Value = (Value & ~(((1UL << width) - 1) << shift)) | Bits(value, shift, width);
}
