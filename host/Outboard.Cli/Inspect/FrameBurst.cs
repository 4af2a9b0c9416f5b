using Outboard.Captures;
using Outboard.Mbufs;
using Outboard.Ml.Features;
using Outboard.Regex.Ids;

namespace Outboard.Cli.Inspect;

/// <summary>The frames that go through the stages together, with what is known of each.</summary>
internal sealed class FrameBurst(int capacity)
{
    /// <summary>The frames.</summary>
    public Mbuf[] Frames { get; } = new Mbuf[capacity];

    /// <summary>What the capture says of each.</summary>
    public CaptureRecordHeader[] Headers { get; } = new CaptureRecordHeader[capacity];

    /// <summary>Where the payload of each starts.</summary>
    public int[] PayloadOffsets { get; } = new int[capacity];

    /// <summary>How long the payload of each is.</summary>
    public int[] PayloadLengths { get; } = new int[capacity];

    /// <summary>Transport and ports of each.</summary>
    public IdsPacket[] Packets { get; } = new IdsPacket[capacity];

    /// <summary>The most there may be.</summary>
    public int Capacity => capacity;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a frame and finds its layers.</summary>
    /// <returns>Its protocols.</returns>
    public PacketLayers Add(Mbuf frame, CaptureRecordHeader header)
    {
        var layers = PacketLayers.Parse(frame.Data, header.LinkType);
        int length = layers.PayloadLength;
        if (!frame.IsContiguous && layers.PayloadOffset + length == frame.DataLength)
        {
            // The payload reaches the end of the first segment and so goes on in the next.
            length = frame.PacketLength - layers.PayloadOffset;
        }

        Frames[Count] = frame;
        Headers[Count] = header;
        PayloadOffsets[Count] = layers.PayloadOffset;
        PayloadLengths[Count] = length;
        Packets[Count] = new IdsPacket(layers.Transport, layers.SourcePort, layers.DestinationPort);
        Count++;
        return layers;
    }

    /// <summary>Forgets the frames; they are someone else's by now.</summary>
    public void Clear() => Count = 0;

    /// <summary>Frees the frames that are still here.</summary>
    public void Free()
    {
        for (int i = 0; i < Count; i++)
        {
            if (!Frames[i].IsNull)
            {
                Frames[i].Free();
            }
        }

        Count = 0;
    }
}
