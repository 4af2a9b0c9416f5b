using Outboard.Captures;
using Outboard.Ethernet;
using Outboard.Host;
using Outboard.Mbufs;

namespace Outboard.Cli.Inspect;

/// <summary>The last stage: frames out through a port whose wire is a loop, and what comes back into the output capture.</summary>
/// <remarks>
/// A port has no place for the time of a frame of long ago; the loop hands the frames back in order, and here each meets its
/// record again. What a port cannot carry (only without protection: longer than its MTU, not Ethernet) is written in its place.
/// </remarks>
internal sealed class TransmitStage
{
    /// <summary>Frames on the loop at once; the receive ring holds more, so none is lost.</summary>
    public const int FlightMax = 128;

    private const int EthernetHeader = 14;

    private readonly EthernetDevice _port;
    private readonly OutputCapture? _output;
    private readonly InspectCounters _counters;
    private readonly CycleClock _clock;
    private readonly Mbuf[] _back = new Mbuf[FlightMax];
    private readonly int _frameMax;
    private readonly bool _isProtected;
    private bool _isUnproven;

    /// <param name="port">The port; started.</param>
    /// <param name="output">Where frames go, or null for nowhere.</param>
    /// <param name="counters">Where to count.</param>
    /// <param name="clock">To wait by.</param>
    /// <param name="isProtected">Whether the frames are ours, round those of the capture.</param>
    /// <param name="withOffload">Whether the port writes their checksums.</param>
    public TransmitStage(
        EthernetDevice port,
        OutputCapture? output,
        InspectCounters counters,
        CycleClock clock,
        bool isProtected,
        bool withOffload)
    {
        _port = port;
        _output = output;
        _counters = counters;
        _clock = clock;
        _frameMax = port.Configuration.Mtu + EthernetHeader;
        _isProtected = isProtected;
        _isUnproven = withOffload;
    }

    /// <summary>Sends and writes the burst; its frames are gone afterwards.</summary>
    public void Run(OutputBurst frames)
    {
        int next = 0;
        while (next < frames.Count)
        {
            int count = 0;
            while (count < FlightMax && next + count < frames.Count && IsForPort(frames, next + count))
            {
                count++;
            }

            if (count == 0)
            {
                Write(frames.Frames[next], frames.Headers[next]);
                frames.Frames[next].Free();
                frames.Frames[next++] = default;
            }
            else
            {
                Send(frames, next, count);
                next += count;
            }
        }

        frames.Clear();
    }

    private bool IsForPort(OutputBurst frames, int index)
    {
        int length = frames.Frames[index].PacketLength;
        return length >= EthernetHeader && length <= _frameMax && frames.Frames[index].IsContiguous
            && (_isProtected || frames.Headers[index].LinkType == LinkType.Ethernet);
    }

    private void Send(OutputBurst frames, int first, int count)
    {
        Span<Mbuf> burst = frames.Frames.AsSpan(first, count);

        // All of these frames have the same headers and ask for the same: what a port says of one it says of all.
        if (_isUnproven && _port.PrepareTransmit(0, burst[..1]) != 1)
        {
            throw new WorkException($"{_port.Name} refuses a frame with checksums to write");
        }

        _isUnproven = false;

        int sent = 0;
        int done = 0;
        var patience = new Patience(_clock, _port.Name);
        while (done < count)
        {
            int accepted = _port.TransmitBurst(0, burst[sent..]);
            burst.Slice(sent, accepted).Clear();
            sent += accepted;
            int received = _port.ReceiveBurst(0, _back.AsSpan(0, count - done));
            for (int i = 0; i < received; i++)
            {
                Write(_back[i], frames.Headers[first + done + i]);
            }

            MbufPool.FreeBulk(_back.AsSpan(0, received));
            done += received;
            if (accepted + received != 0)
            {
                patience.Reset();
            }
            else
            {
                patience.Wait();
            }
        }

        _counters.SentFrames += count;
    }

    private void Write(Mbuf frame, CaptureRecordHeader header)
    {
        if (_output is null)
        {
            return;
        }

        if (_isProtected)
        {
            _output.Write(header.Timestamp, frame, (uint)frame.PacketLength, LinkType.Ethernet);
        }
        else
        {
            _output.Write(header.Timestamp, frame, header.OriginalLength, header.LinkType);
        }
    }
}
