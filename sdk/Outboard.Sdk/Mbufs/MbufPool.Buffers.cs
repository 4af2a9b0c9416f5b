namespace Outboard.Mbufs;

/// <content>Which buffer an mbuf of this pool owns.</content>
public sealed unsafe partial class MbufPool
{
    /// <summary>Whether every mbuf of the pool holds an external buffer of its own for good.</summary>
    public bool IsPinned { get; }

    /// <summary>Flags that every new mbuf of the pool has.</summary>
    internal MbufOffloadFlags ResetFlags => IsPinned ? MbufOffloadFlags.External : MbufOffloadFlags.None;

    /// <summary>Points an mbuf that was attached elsewhere at its own buffer again, empty.</summary>
    internal void RestoreBuffer(MbufHeader* header)
    {
        header->PrivateSize = (ushort)PrivateSize;
        header->BufferAddress = (byte*)header + MbufHeader.Size + PrivateSize;
        header->IoAddress = (ulong)header->BufferAddress;
        header->BufferLength = (ushort)DataRoomSize;
        header->DataOffset = (ushort)Headroom;
        header->DataLength = 0;
        header->OffloadFlags &= ~MbufOffloadFlags.AttachedMask;
    }
}
