using Outboard.Devices;
using Outboard.Host;
using Outboard.Regex;
using Outboard.Regex.Ids;

namespace Outboard.Cli.Inspect;

/// <summary>The second stage: every payload against every rule.</summary>
internal sealed class MatchStage : IDisposable
{
    private readonly RegexDevice _device;
    private readonly RegexOpPool _pool;
    private readonly InspectCounters _counters;
    private readonly CycleClock _clock;
    private readonly RegexOp[] _ops;
    private readonly RegexOp[] _done;
    private readonly Dictionary<int, int> _indexOf = [];
    private readonly int[] _ruleIds;
    private readonly long[] _hits;
    private readonly int _payloadMax;
    private readonly AlertCounter? _alerts;

    // Which frame of the burst an op is about.
    private readonly int[] _frames;

    /// <param name="device">The device; started, with the rules in force.</param>
    /// <param name="rules">Those rules.</param>
    /// <param name="counters">Where to count.</param>
    /// <param name="clock">To wait by.</param>
    /// <param name="burst">Frames a burst.</param>
    public MatchStage(
        RegexDevice device, RuleFile rules, InspectCounters counters, CycleClock clock, int burst)
    {
        _device = device;
        _counters = counters;
        _clock = clock;
        _payloadMax = device.Info.PayloadLengthMax;
        _alerts = rules.Ids is null ? null : new AlertCounter(rules.Ids, _payloadMax);
        int count = burst * (_alerts?.BuffersMax ?? 1);
        _ops = new RegexOp[count];
        _done = new RegexOp[count];
        _frames = new int[count];
        _ruleIds = [.. rules.Rules.Select(static rule => rule.Id)];
        _hits = new long[_ruleIds.Length];
        for (int i = 0; i < _ruleIds.Length; i++)
        {
            _indexOf.Add(_ruleIds[i], i);
        }

        _pool = new RegexOpPool(new RegexOpPoolOptions
        {
            Name = "regex ops",
            Count = count,
            CacheSize = 0,
            MatchesMax = device.Configuration.MatchesMax,
        });
    }

    /// <summary>Ops that are not in the pool.</summary>
    public int InUseCount => _pool.InUseCount;

    /// <summary>The rules that matched, with their matches.</summary>
    public IEnumerable<(int RuleId, long Count)> Hits =>
        _ruleIds.Zip(_hits).Where(pair => pair.Second != 0).Select(pair => (pair.First, pair.Second));

    /// <summary>What fired; null when the rules are plain.</summary>
    public AlertCounter? Alerts => _alerts;

    /// <summary>Searches the burst.</summary>
    public void Run(FrameBurst frames)
    {
        int count = Prepare(frames);
        int sent = 0;
        int done = 0;
        var patience = new Patience(_clock, _device.Name);
        while (done < count)
        {
            int accepted = _device.EnqueueBurst(0, _ops.AsSpan(sent, count - sent));
            sent += accepted;
            int finished = _device.DequeueBurst(0, _done.AsSpan(done, count - done));
            done += finished;
            if (accepted + finished != 0)
            {
                patience.Reset();
            }
            else if (sent < count && sent == done && IsRefused())
            {
                _counters.UnsearchedFrames++;
                _done[done++] = _ops[sent++];
            }
            else
            {
                patience.Wait();
            }
        }

        if (_alerts is null)
        {
            for (int i = 0; i < count; i++)
            {
                Count(_done[i].Status, Found(_done[i]));
            }
        }
        else
        {
            CountAlerts(frames, count);
        }

        _pool.FreeBulk(_done.AsSpan(0, count));
    }

    public void Dispose() => _pool.Dispose();

    private int Prepare(FrameBurst frames)
    {
        if (!_pool.TryAllocBulk(_ops))
        {
            throw new WorkException("regex ops are missing from their pool");
        }

        int next = 0;
        for (int i = 0; i < frames.Count; i++)
        {
            int length = Math.Min(frames.PayloadLengths[i], _payloadMax);
            if (length <= 0)
            {
                continue;
            }

            if (_alerts is null)
            {
                Prepare(frames, i, next++, new IdsBufferRange(IdsBuffer.Payload, 0, length));
            }
            else
            {
                foreach (IdsBufferRange range in _alerts.Locate(frames.Frames[i], frames.PayloadOffsets[i], length))
                {
                    Prepare(frames, i, next++, range);
                }
            }

            _counters.SearchedFrames++;
            _counters.UnsearchedFrames += frames.PayloadLengths[i] > _payloadMax ? 1 : 0;
        }

        _pool.FreeBulk(_ops.AsSpan(next));
        return next;
    }

    private void Prepare(FrameBurst frames, int frame, int index, IdsBufferRange range)
    {
        RegexOp op = _ops[index];
        _frames[index] = frame;
        op.Mbuf = frames.Frames[frame];
        op.PayloadOffset = frames.PayloadOffsets[frame] + range.Offset;
        op.PayloadLength = range.Length;
        op.SetGroup(0, (ushort)range.Buffer);
    }

    private bool IsRefused() =>
        _device.GetRejection(0) is EnqueueRejection.InvalidArguments or EnqueueRejection.InvalidSession;

    // Ops come back in the order in which they were sent, so those of one frame stand together.
    private void CountAlerts(FrameBurst frames, int count)
    {
        for (int i = 0; i < count;)
        {
            int frame = _frames[i];
            RegexResponseFlags flags = RegexResponseFlags.None;
            OpStatus status = OpStatus.Success;
            int matches = 0;
            _alerts!.Begin();
            for (; i < count && _frames[i] == frame; i++)
            {
                RegexOp op = _done[i];
                (int found, RegexResponseFlags response) = Found(op);
                status = op.Status == OpStatus.Success ? status : op.Status;
                flags |= response;
                matches += found;
                _alerts.Add(op);
            }

            Count(status, (matches, flags));
            int length = Math.Min(frames.PayloadLengths[frame], _payloadMax);
            _alerts.Complete(frames.Packets[frame], frames.Frames[frame], frames.PayloadOffsets[frame], length);
        }
    }

    // The matches of one op, counted by rule.
    private (int Matches, RegexResponseFlags Flags) Found(RegexOp op)
    {
        if (op.Status != OpStatus.Success)
        {
            return default;
        }

        ReadOnlySpan<RegexMatch> matches = op.Matches;
        foreach (ref readonly RegexMatch match in matches)
        {
            _hits[_indexOf[match.RuleId]]++;
        }

        return (matches.Length, op.ResponseFlags);
    }

    private void Count(OpStatus status, (int Matches, RegexResponseFlags Flags) found)
    {
        if (found.Matches != 0)
        {
            _counters.MatchedFrames++;
            _counters.Matches += found.Matches;
        }

        if (status != OpStatus.Success)
        {
            _counters.UnsearchedFrames += status == OpStatus.NotProcessed ? 0 : 1;
            return;
        }

        if ((found.Flags & RegexResponseFlags.MatchesExceeded) != 0)
        {
            _counters.OverflowedFrames++;
        }

        if ((found.Flags & (RegexResponseFlags.ResourceExceeded | RegexResponseFlags.Timeout | RegexResponseFlags.PrefixExceeded)) != 0)
        {
            _counters.UnsearchedFrames++;
        }
    }
}
