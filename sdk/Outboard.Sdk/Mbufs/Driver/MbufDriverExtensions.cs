using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Outboard.Memory;

namespace Outboard.Mbufs.Driver;

/// <summary>What only drivers do to mbufs: whole-word stores and raw buffers, without the checks that applications get.</summary>
public static unsafe class MbufDriverExtensions
{
    /// <summary>The re-arm word: data offset, one reference, one segment, port; bytes 16 to 23 of the header.</summary>
    /// <param name="dataOffset">Bytes of headroom.</param>
    /// <param name="port">The port that packets will come from.</param>
    public static ulong RearmWord(int dataOffset, int port) =>
        (ushort)dataOffset | (1UL << 16) | (1UL << 32) | ((ulong)(ushort)port << 48);

    /// <summary>Makes a raw mbuf ready to receive with one store.</summary>
    /// <param name="mbuf">The mbuf.</param>
    /// <param name="rearmWord">From <see cref="RearmWord"/>, computed once for a queue.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Rearm(this Mbuf mbuf, ulong rearmWord) => mbuf.Header->Rearm = rearmWord;

    /// <summary>Sets every field that a receive fills, for a packet of one segment; bytes 16 to 55 of the header, and the transmit offload.</summary>
    /// <param name="mbuf">A raw mbuf of a pool, with its own buffer.</param>
    /// <param name="rearmWord">From <see cref="RearmWord"/>.</param>
    /// <param name="length">Bytes of the packet.</param>
    /// <param name="flags">What the device found out.</param>
    /// <param name="type">What the packet is.</param>
    /// <param name="rssHash">The hash, where <paramref name="flags"/> says so.</param>
    /// <param name="vlanTci">The VLAN tag, where <paramref name="flags"/> says so.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetReceived(
        this Mbuf mbuf,
        ulong rearmWord,
        int length,
        MbufOffloadFlags flags,
        MbufPacketType type = MbufPacketType.Unknown,
        uint rssHash = 0,
        ushort vlanTci = 0)
    {
        MbufHeader* header = mbuf.Header;
        Vector256.Create(
            rearmWord,
            (ulong)flags,
            (uint)type | ((ulong)(uint)length << 32),
            (ushort)length | ((ulong)vlanTci << 16) | ((ulong)rssHash << 32)).Store((ulong*)header + 2);
        header->FlowId = 0;
        header->OuterVlanTci = 0;
        header->TransmitOffload = default;
    }

    /// <summary>Sets data and packet length of a packet of one segment.</summary>
    /// <param name="mbuf">The mbuf.</param>
    /// <param name="length">Bytes; at most the buffer less the data offset.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetLength(this Mbuf mbuf, int length)
    {
        mbuf.Header->DataLength = (ushort)length;
        mbuf.Header->PacketLength = (uint)length;
    }

    /// <summary>Sets this segment's data length alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetDataLength(this Mbuf mbuf, int length) => mbuf.Header->DataLength = (ushort)length;

    /// <summary>Sets the packet length alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetPacketLength(this Mbuf mbuf, int length) => mbuf.Header->PacketLength = (uint)length;

    /// <summary>Sets where in the buffer the data starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetDataOffset(this Mbuf mbuf, int offset) => mbuf.Header->DataOffset = (ushort)offset;

    /// <summary>Sets the segment count alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetSegmentCount(this Mbuf mbuf, int count) => mbuf.Header->SegmentCount = (ushort)count;

    /// <summary>Sets the following segment alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetNext(this Mbuf mbuf, Mbuf next) => mbuf.Header->Next = next.Header;

    /// <summary>The address that a device reads and writes the data at; here the same as the data pointer's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong IoAddress(this Mbuf mbuf) => mbuf.Header->IoAddress + mbuf.Header->DataOffset;

    /// <summary>Takes mbufs without resetting them: one reference, no next, one segment, its own buffer, everything else as it was.</summary>
    /// <returns>Whether the pool had that many.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryAllocRawBulk(this MbufPool pool, Span<Mbuf> mbufs, MempoolCache cache) =>
        cache.TryGetBulk(MemoryMarshal.Cast<Mbuf, nint>(mbufs));

    /// <summary>Gives back mbufs that are in the state <see cref="TryAllocRawBulk"/> hands them out in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FreeRawBulk(this MbufPool pool, ReadOnlySpan<Mbuf> mbufs, MempoolCache cache) =>
        cache.PutBulk(MemoryMarshal.Cast<Mbuf, nint>(mbufs));
}
