using Outboard.Captures;
using Outboard.Mbufs;

namespace Outboard.Cli.Inspect;

/// <summary>The frames that leave together, each with the record that it comes from.</summary>
internal sealed class OutputBurst(int capacity)
{
    /// <summary>The frames.</summary>
    public Mbuf[] Frames { get; } = new Mbuf[capacity];

    /// <summary>What the capture said of the frame inside each.</summary>
    public CaptureRecordHeader[] Headers { get; } = new CaptureRecordHeader[capacity];

    /// <summary>The most there may be.</summary>
    public int Capacity => capacity;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a frame.</summary>
    public void Add(Mbuf frame, CaptureRecordHeader header)
    {
        Frames[Count] = frame;
        Headers[Count++] = header;
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
