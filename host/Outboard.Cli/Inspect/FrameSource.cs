using Outboard.Captures;
using Outboard.Ethernet;
using Outboard.Host;
using Outboard.Mbufs;

namespace Outboard.Cli.Inspect;

/// <summary>The first stage: frames out of the port, each beside its record in the capture.</summary>
/// <remarks>
/// A record that the port passes over (longer than its MTU allows, or not Ethernet) is copied out of the capture in its
/// place, as a chain of mbufs, so that no frame is lost and the order stays.
/// </remarks>
internal sealed class FrameSource(
    EthernetDevice? port, CaptureLedger ledger, MbufPool pool, InspectCounters counters, CycleClock clock, int burst)
{
    private const int EthernetHeader = 14;
    private const MbufOffloadFlags BadChecksum =
        MbufOffloadFlags.ReceiveIPChecksumBad | MbufOffloadFlags.ReceiveL4ChecksumBad;

    private readonly Mbuf[] _received = new Mbuf[burst];
    private readonly int _frameMax = port is null ? 0 : port.Configuration.Mtu + EthernetHeader;
    private Patience _patience = new(clock, port?.Name ?? "the capture");
    private int _next;
    private int _end;

    /// <summary>Whether every frame of the capture has been handed out.</summary>
    public bool IsExhausted => ledger.IsAtEnd;

    /// <summary>Fills the burst as far as frames are there.</summary>
    /// <param name="frames">The burst; empty.</param>
    /// <param name="segmentMax">Pieces that all frames together may come to.</param>
    /// <param name="pieceMax">The most bytes of a piece.</param>
    /// <exception cref="CaptureFormatException">The capture is damaged.</exception>
    /// <exception cref="WorkException">The port handed over what is not in the capture, or nothing for too long.</exception>
    public void Fill(FrameBurst frames, int segmentMax, int pieceMax)
    {
        int pieces = 0;
        while (frames.Count < frames.Capacity && !ledger.IsAtEnd)
        {
            CaptureRecordHeader header = ledger.Header;
            pieces += 1 + (header.CapturedLength / pieceMax);
            if (pieces > segmentMax && frames.Count != 0)
            {
                break;
            }

            if (!TryTake(out Mbuf frame))
            {
                break;
            }

            CountFlags(frame);
            counters.CountFrame(header.CapturedLength, frames.Add(frame, header));
            ledger.Advance();
        }

        if (frames.Count != 0)
        {
            _patience.Reset();
        }
        else if (!ledger.IsAtEnd)
        {
            _patience.Wait();
        }
        else if (_next < _end)
        {
            throw new WorkException($"{port!.Name} handed over a frame that is not in the capture");
        }
    }

    /// <summary>Frees frames received and not handed out.</summary>
    public void Free()
    {
        MbufPool.FreeBulk(_received.AsSpan(_next, _end - _next));
        _next = _end = 0;
    }

    // The frame of the current record: from the port, or round it.
    private bool TryTake(out Mbuf frame)
    {
        if (_next == _end && port is not null)
        {
            _next = 0;
            _end = port.ReceiveBurst(0, _received);
        }

        if (_next < _end)
        {
            frame = _received[_next];
            if (frame.DataLength == ledger.Header.CapturedLength && frame.Data.SequenceEqual(ledger.Data))
            {
                _next++;
                return true;
            }

            // Frames of one queue keep their order: the port has passed this record over.
            return TryCopy(out frame);
        }

        frame = default;
        return !IsForPort(ledger.Header) && TryCopy(out frame);
    }

    private bool IsForPort(CaptureRecordHeader header) =>
        port is not null && header.LinkType == LinkType.Ethernet
        && header.CapturedLength >= EthernetHeader && header.CapturedLength <= _frameMax;

    private bool TryCopy(out Mbuf frame)
    {
        ReadOnlySpan<byte> left = ledger.Data;
        if (!pool.TryAlloc(out frame))
        {
            return false;
        }

        Mbuf segment = frame;
        while (true)
        {
            int count = Math.Min(left.Length, segment.Tailroom);
            segment.TryAppend(count, out Span<byte> room);
            left[..count].CopyTo(room);
            left = left[count..];
            if (segment != frame)
            {
                frame.TryChain(segment);
            }

            if (left.IsEmpty)
            {
                counters.BypassedFrames++;
                return true;
            }

            if (!pool.TryAlloc(out segment))
            {
                frame.Free();
                frame = default;
                return false;
            }
        }
    }

    private void CountFlags(Mbuf frame)
    {
        if ((frame.OffloadFlags & BadChecksum) != 0)
        {
            counters.BadChecksumFrames++;
        }
    }
}
