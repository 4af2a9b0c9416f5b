using Outboard.Captures;
using Outboard.Devices;
using Outboard.Host;
using Outboard.Mbufs;
using Outboard.Ml.Features;
using Outboard.Regex;
using Outboard.Regex.Ids;

namespace Outboard.Samples.IntrusionDetection;

/// <summary>A regex device with the rules' patterns in force, and the evaluator that makes alerts of its matches.</summary>
internal sealed class Sensor : IDisposable
{
    private const int BurstSize = 32;
    private const int MatchesMax = 254;
    private const int FrameMax = ushort.MaxValue - Headroom;
    private const int Headroom = 128;

    private readonly MbufPool _mbufs;
    private readonly RegexOpPool _pool;
    private readonly RegexDevice _regex;
    private readonly IdsEvaluator _evaluator;
    private readonly IdsBufferRange[] _ranges = new IdsBufferRange[IdsEvaluator.RangesMax];
    private readonly RegexOp[] _ops = new RegexOp[BurstSize * IdsEvaluator.RangesMax];
    private readonly RegexOp[] _done = new RegexOp[BurstSize * IdsEvaluator.RangesMax];
    private readonly int[] _frameOf = new int[BurstSize * IdsEvaluator.RangesMax];
    private readonly Mbuf[] _frames = new Mbuf[BurstSize];
    private readonly CaptureRecordHeader[] _headers = new CaptureRecordHeader[BurstSize];
    private readonly int _payloadMax;

    public Sensor(OutboardHost host, IdsRuleSet rules)
    {
        // Control path. Every buffer of the rules is a group of the device; rules whose patterns the device refuses are left out.
        _regex = host.OpenRegex("regex_simd0");
        _regex.Configure(new RegexConfiguration { GroupCount = IdsRuleSet.GroupCount, MatchesMax = MatchesMax });
        _regex.ConfigureQueuePair(0, new QueuePairOptions<RegexOp> { DescriptorCount = 256 });
        Rules = rules.Activate(_regex);
        _regex.Start();
        _payloadMax = _regex.Info.PayloadLengthMax;
        _evaluator = new IdsEvaluator(Rules);
        _mbufs = new MbufPool(new MbufPoolOptions { Name = "frames", Count = BurstSize, CacheSize = 0, DataRoomSize = FrameMax + Headroom });
        _pool = new RegexOpPool(new RegexOpPoolOptions { Name = "searches", Count = _ops.Length, CacheSize = 0, MatchesMax = MatchesMax });
    }

    /// <summary>The rules in force.</summary>
    public IdsRuleSet Rules { get; }

    /// <summary>Frames seen.</summary>
    public long Frames { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Frames that were not searched to their end: alerts may be missing.</summary>
    public long IncompleteFrames { get; private set; }

    /// <summary>Takes the next frames of a capture through the device.</summary>
    /// <returns>Whether there may be more.</returns>
    public bool RunBurst(CaptureReader capture, EveLog log)
    {
        int frames = 0;
        int count = 0;
        for (; frames < BurstSize && capture.TryRead(out CaptureRecord record); frames++)
        {
            if (!_mbufs.TryAlloc(out Mbuf frame))
            {
                throw new InvalidOperationException("The pool holds a burst, so this cannot be.");
            }

            if (!frame.TryAppend(record.CapturedLength, out Span<byte> room))
            {
                frame.Free();
                throw new FormatException($"a frame of {record.CapturedLength} bytes; one mbuf of this sensor holds {FrameMax}");
            }

            record.Data.CopyTo(room);
            _frames[frames] = frame;
            _headers[frames] = record.Header;
            Bytes += record.CapturedLength;
            count = Describe(frames, count);
        }

        Search(count);
        for (int i = 0; i < count;)
        {
            i = Evaluate(i, count, log);
        }

        _pool.FreeBulk(_done.AsSpan(0, count));
        MbufPool.FreeBulk(_frames.AsSpan(0, frames));
        Frames += frames;
        return frames == BurstSize;
    }

    public void Dispose()
    {
        _regex.Dispose();
        _pool.Dispose();
        _mbufs.Dispose();
    }

    private PacketLayers Layers(int frame, out ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> data = _frames[frame].Data;
        var layers = PacketLayers.Parse(data, _headers[frame].LinkType);
        payload = data.Slice(layers.PayloadOffset, Math.Min(layers.PayloadLength, _payloadMax));
        return layers;
    }

    // An op for each part of the payload that rules ask for: the payload itself, the URI, the header lines, ...
    private int Describe(int frame, int count)
    {
        PacketLayers layers = Layers(frame, out ReadOnlySpan<byte> payload);
        foreach (IdsBufferRange range in _ranges.AsSpan(0, _evaluator.Locate(payload, _ranges)))
        {
            if (!_pool.TryAlloc(out RegexOp op))
            {
                throw new InvalidOperationException("The pool holds an op for every buffer of a burst, so this cannot be.");
            }

            op.Mbuf = _frames[frame];
            op.PayloadOffset = layers.PayloadOffset + range.Offset;
            op.PayloadLength = range.Length;
            op.SetGroup(0, (ushort)range.Buffer);
            _ops[count] = op;
            _frameOf[count++] = frame;
        }

        return count;
    }

    // Both directions in one loop: a full queue drains only if somebody dequeues.
    private void Search(int count)
    {
        for (int sent = 0, done = 0; done < count;)
        {
            sent += _regex.EnqueueBurst(0, _ops.AsSpan(sent..count));
            done += _regex.DequeueBurst(0, _done.AsSpan(done..count));
        }
    }

    // Ops come back in order, so those of one frame stand together.
    private int Evaluate(int first, int count, EveLog log)
    {
        int frame = _frameOf[first];
        int next = first;
        _evaluator.Begin();
        for (; next < count && _frameOf[next] == frame; next++)
        {
            _evaluator.Add(_done[next]);
        }

        PacketLayers layers = Layers(frame, out ReadOnlySpan<byte> payload);
        foreach (int rule in _evaluator.Complete(new IdsPacket(layers.Transport, layers.SourcePort, layers.DestinationPort), payload))
        {
            log.WriteAlert(Rules.Rules[rule], _headers[frame].Timestamp, layers, payload);
        }

        IncompleteFrames += _evaluator.IsIncomplete ? 1 : 0;
        return next;
    }
}
