using Outboard.Captures;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Host;
using Outboard.Mbufs;

namespace Outboard.Cli.Inspect;

/// <summary>The fifth stage: every frame becomes the content of one or more records, in place where it fits.</summary>
/// <remarks>
/// The preamble goes in front of the frame, into the headroom; the device adds the record's header and trailer; the envelope's
/// headers come last. A frame that is too long for one record in one frame of the port is copied out in pieces.
/// </remarks>
internal sealed class ProtectStage : IDisposable
{
    private readonly CryptoDevice _device;
    private readonly RecordSession _session;
    private readonly Envelope _envelope;
    private readonly CryptoOpPool _ops;
    private readonly MbufPool _mbufs;
    private readonly InspectCounters _counters;
    private readonly CycleClock _clock;
    private readonly CaptureFormat _format;
    private readonly CryptoOp[] _sent;
    private readonly CryptoOp[] _done;
    private readonly bool _withOffload;

    public ProtectStage(
        CryptoDevice device,
        RecordSession session,
        Envelope envelope,
        MbufPool mbufs,
        InspectCounters counters,
        CycleClock clock,
        ProtectStageOptions options)
    {
        _device = device;
        _session = session;
        _envelope = envelope;
        _mbufs = mbufs;
        _counters = counters;
        _clock = clock;
        _format = options.Format;
        _withOffload = options.WithOffload;
        _sent = new CryptoOp[options.Capacity];
        _done = new CryptoOp[options.Capacity];
        _ops = new CryptoOpPool(new CryptoOpPoolOptions { Name = "crypto ops", Count = options.Capacity, CacheSize = 0 });
        int overhead = envelope.HeaderLength + envelope.RecordHeaderLength + envelope.RecordTrailerLength;
        PieceMax = Math.Min(envelope.ContentMax, options.FrameMax - overhead) - FramePreamble.Length;
    }

    /// <summary>The most bytes of a frame that one record takes.</summary>
    public int PieceMax { get; }

    /// <summary>Ops that are not in the pool.</summary>
    public int InUseCount => _ops.InUseCount;

    /// <summary>Protects the burst; its frames are gone afterwards.</summary>
    public void Run(FrameBurst frames, OutputBurst output)
    {
        for (int i = 0; i < frames.Count; i++)
        {
            // Whatever happens from here on, a frame is in one of the two.
            Mbuf frame = frames.Frames[i];
            frames.Frames[i] = default;
            AddPieces(frame, frames.Headers[i], output);
        }

        frames.Clear();
        for (int first = 0; first < output.Count;)
        {
            int count = _session.Take(output.Count - first);
            Protect(output.Frames.AsSpan(first, count));
            _session.Advance(count);
            first += count;
        }

        for (int i = 0; i < output.Count; i++)
        {
            if (!_envelope.TryWrap(output.Frames[i], _withOffload))
            {
                throw new WorkException("a record left no room for its frame's headers");
            }
        }

        _counters.Protected += output.Count;
    }

    public void Dispose() => _ops.Dispose();

    private void AddPieces(Mbuf frame, CaptureRecordHeader header, OutputBurst output)
    {
        var preamble = new FramePreamble(
            _format, header.LinkType, 0, header.CapturedLength, header.OriginalLength, header.Timestamp);
        if (frame.PacketLength <= PieceMax && frame.IsContiguous && frame.Tailroom >= _envelope.RecordTrailerLength)
        {
            Open(frame, preamble);
            output.Add(frame, header);
            return;
        }

        int offset = 0;
        do
        {
            if (!frame.TryCopy(_mbufs, out Mbuf piece, offset, PieceMax))
            {
                frame.Free();
                throw new WorkException($"{_mbufs.Name}: no buffer for a piece of a frame of {header.CapturedLength} bytes");
            }

            output.Add(piece, header);
            int length = piece.PacketLength;
            Open(piece, preamble with { Offset = offset });
            offset += length;
        }
        while (offset < frame.PacketLength);
        frame.Free();
    }

    private static void Open(Mbuf mbuf, FramePreamble preamble)
    {
        if (!mbuf.TryPrepend(FramePreamble.Length, out Span<byte> front))
        {
            throw new WorkException($"a frame has {mbuf.Headroom} bytes of headroom, too few");
        }

        preamble.Write(front);
    }

    private void Protect(Span<Mbuf> mbufs)
    {
        int count = mbufs.Length;
        if (!_ops.TryAllocBulk(_sent.AsSpan(0, count)))
        {
            throw new WorkException("crypto ops are missing from their pool");
        }

        for (int i = 0; i < count; i++)
        {
            _sent[i].Source = mbufs[i];
            _session.Prepare(_sent[i]);
        }

        RecordBurst.Run(_device, _clock, _sent.AsSpan(0, count), _done);

        OpStatus status = OpStatus.Success;
        for (int i = 0; i < count; i++)
        {
            status = status == OpStatus.Success ? _done[i].Status : status;
        }

        _ops.FreeBulk(_done.AsSpan(0, count));
        if (status != OpStatus.Success)
        {
            throw new WorkException($"{_device.Name}: a record could not be protected: {RecordSession.Describe(status)}");
        }
    }
}
