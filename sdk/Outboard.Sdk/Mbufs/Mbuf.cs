using System.Runtime.CompilerServices;
using Outboard.Memory;

namespace Outboard.Mbufs;

/// <summary>A handle of one packet buffer segment; 8 bytes, and <c>Span&lt;Mbuf&gt;</c> is a burst.</summary>
/// <remarks>
/// <code>
/// pool.TryAlloc(out Mbuf m); m.TryAppend(64, out Span&lt;byte&gt; data); ... m.Free();
/// </code>
/// A packet is its first segment and the ones chained behind it by <see cref="Next"/>; the packet's length, segment count and flags are in
/// the first. *Thread*: one at a time for each mbuf; reference counts may be changed by any.
/// *Owns*: whoever holds the handle, until <see cref="Free()"/> or an enqueue passes it on.
/// The handle does not keep its pool alive, and using one after its free is an error that only debug checks find.
/// </remarks>
public readonly unsafe partial struct Mbuf : IEquatable<Mbuf>
{
    private readonly MbufHeader* _header;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Mbuf(MbufHeader* header) => _header = header;

    /// <summary>Whether this is no mbuf.</summary>
    public bool IsNull => _header is null;

    /// <summary>Where the header is; for other languages and for identity.</summary>
    public nint Address => (nint)_header;

    /// <summary>The first data byte of this segment.</summary>
    public byte* DataPointer => _header->BufferAddress + _header->DataOffset;

    /// <summary>The first byte of this segment's buffer.</summary>
    public byte* BufferPointer => _header->BufferAddress;

    /// <summary>The data of this segment.</summary>
    public Span<byte> Data => new(_header->BufferAddress + _header->DataOffset, _header->DataLength);

    /// <summary>Bytes from the start of the buffer to the data.</summary>
    public int DataOffset => _header->DataOffset;

    /// <summary>Data bytes in this segment.</summary>
    public int DataLength => _header->DataLength;

    /// <summary>Data bytes in all segments; valid on the first.</summary>
    public int PacketLength => (int)_header->PacketLength;

    /// <summary>Bytes of this segment's buffer.</summary>
    public int BufferLength => _header->BufferLength;

    /// <summary>Free bytes in front of the data of this segment.</summary>
    public int Headroom => _header->DataOffset;

    /// <summary>Free bytes behind the data of this segment.</summary>
    public int Tailroom => _header->BufferLength - _header->DataOffset - _header->DataLength;

    /// <summary>Segments of the packet; valid on the first.</summary>
    public int SegmentCount => _header->SegmentCount;

    /// <summary>The segment behind this one, or a null mbuf.</summary>
    public Mbuf Next => new(_header->Next);

    /// <summary>Whether the packet is one segment.</summary>
    public bool IsContiguous => _header->SegmentCount == 1;

    /// <summary>Whether the data is in this mbuf's own buffer.</summary>
    public bool IsDirect => (_header->OffloadFlags & MbufOffloadFlags.AttachedMask) == 0;

    /// <summary>Whether the data is in another mbuf's buffer.</summary>
    public bool IsClone => (_header->OffloadFlags & MbufOffloadFlags.Indirect) != 0;

    /// <summary>Whether the data is in a buffer outside of any mbuf.</summary>
    public bool HasExternalBuffer => (_header->OffloadFlags & MbufOffloadFlags.External) != 0;

    /// <summary>Port that the packet came from or goes to; 65535 when unknown.</summary>
    public ref ushort Port => ref _header->Port;

    /// <summary>What devices found out and are asked to do.</summary>
    public ref MbufOffloadFlags OffloadFlags => ref _header->OffloadFlags;

    /// <summary>What the packet is.</summary>
    public ref MbufPacketType PacketType => ref *(MbufPacketType*)&_header->PacketType;

    /// <summary>The receive-side scaling hash; valid with <see cref="MbufOffloadFlags.ReceiveRssHash"/>.</summary>
    public ref uint RssHash => ref _header->RssHash;

    /// <summary>The id of the matching flow rule; valid with <see cref="MbufOffloadFlags.ReceiveFlowDirectorId"/>.</summary>
    public ref uint FlowId => ref _header->FlowId;

    /// <summary>The VLAN tag control information.</summary>
    public ref ushort VlanTci => ref _header->VlanTci;

    /// <summary>The outer VLAN tag control information.</summary>
    public ref ushort OuterVlanTci => ref _header->OuterVlanTci;

    /// <summary>Which clock the timestamp is of.</summary>
    public ref ushort TimeSync => ref _header->TimeSync;

    /// <summary>Header lengths and the segment size for transmit offloads.</summary>
    public ref MbufTransmitOffload TransmitOffload => ref _header->TransmitOffload;

    /// <summary>Length of the layer 2 header; bytes, 0 to 127.</summary>
    public int L2Length
    {
        get => _header->TransmitOffload.L2Length;
        set => _header->TransmitOffload.L2Length = value;
    }

    /// <summary>Length of the layer 3 header; bytes, 0 to 511.</summary>
    public int L3Length
    {
        get => _header->TransmitOffload.L3Length;
        set => _header->TransmitOffload.L3Length = value;
    }

    /// <summary>Length of the layer 4 header; bytes, 0 to 255.</summary>
    public int L4Length
    {
        get => _header->TransmitOffload.L4Length;
        set => _header->TransmitOffload.L4Length = value;
    }

    /// <summary>Payload bytes of one segment when segmentation is offloaded.</summary>
    public int TsoSegmentSize
    {
        get => _header->TransmitOffload.TsoSegmentSize;
        set => _header->TransmitOffload.TsoSegmentSize = value;
    }

    /// <summary>Length of the outer layer 2 header; bytes, 0 to 127.</summary>
    public int OuterL2Length
    {
        get => _header->TransmitOffload.OuterL2Length;
        set => _header->TransmitOffload.OuterL2Length = value;
    }

    /// <summary>Length of the outer layer 3 header; bytes, 0 to 511.</summary>
    public int OuterL3Length
    {
        get => _header->TransmitOffload.OuterL3Length;
        set => _header->TransmitOffload.OuterL3Length = value;
    }

    /// <summary>References to this segment's buffer or, for one attached elsewhere, to this segment.</summary>
    public int ReferenceCount => Volatile.Read(ref _header->ReferenceCount);

    /// <summary>The application's bytes between header and buffer.</summary>
    public Span<byte> PrivateData => new((byte*)_header + MbufHeader.Size, _header->PrivateSize);

    /// <summary>The pool that this segment goes back to.</summary>
    public MbufPool Pool => MbufPool.Of(_header);

    /// <summary>The last segment of the packet.</summary>
    public Mbuf LastSegment
    {
        get
        {
            MbufHeader* last = _header;
            while (last->Next is not null)
            {
                last = last->Next;
            }

            return new(last);
        }
    }

    internal MbufHeader* Header
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _header;
    }

    /// <summary>Whether both are the same segment.</summary>
    public static bool operator ==(Mbuf left, Mbuf right) => left._header == right._header;

    /// <summary>Whether they are different segments.</summary>
    public static bool operator !=(Mbuf left, Mbuf right) => left._header != right._header;

    /// <summary>The mbuf whose header is at an address; the address of <see cref="Address"/> or of an object of a pool's <see cref="Mempool"/>.</summary>
    public static Mbuf FromAddress(nint address) => new((MbufHeader*)address);

    /// <inheritdoc/>
    public bool Equals(Mbuf other) => _header == other._header;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Mbuf other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((nint)_header).GetHashCode();

    /// <summary>Lengths and place, for logs.</summary>
    public override string ToString() => IsNull
        ? "mbuf (null)"
        : $"mbuf 0x{(nint)_header:x}: {PacketLength} bytes in {SegmentCount} segments, {DataLength} here at {DataOffset}";
}
