using Outboard.Devices;
using Outboard.Host;
using Outboard.Regex;

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

    /// <param name="device">The device; started, with the rules in force.</param>
    /// <param name="rules">Those rules.</param>
    /// <param name="counters">Where to count.</param>
    /// <param name="clock">To wait by.</param>
    /// <param name="burst">Frames a burst.</param>
    public MatchStage(
        RegexDevice device, IReadOnlyList<RegexRule> rules, InspectCounters counters, CycleClock clock, int burst)
    {
        _device = device;
        _counters = counters;
        _clock = clock;
        _payloadMax = device.Info.PayloadLengthMax;
        _ops = new RegexOp[burst];
        _done = new RegexOp[burst];
        _ruleIds = [.. rules.Select(rule => rule.Id)];
        _hits = new long[rules.Count];
        for (int i = 0; i < _ruleIds.Length; i++)
        {
            _indexOf.Add(_ruleIds[i], i);
        }

        _pool = new RegexOpPool(new RegexOpPoolOptions
        {
            Name = "regex ops",
            Count = burst,
            CacheSize = 0,
            MatchesMax = device.Configuration.MatchesMax,
        });
    }

    /// <summary>Ops that are not in the pool.</summary>
    public int InUseCount => _pool.InUseCount;

    /// <summary>The rules that matched, with their matches.</summary>
    public IEnumerable<(int RuleId, long Count)> Hits =>
        _ruleIds.Zip(_hits).Where(pair => pair.Second != 0).Select(pair => (pair.First, pair.Second));

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

        for (int i = 0; i < count; i++)
        {
            Count(_done[i]);
        }

        _pool.FreeBulk(_done.AsSpan(0, count));
    }

    public void Dispose() => _pool.Dispose();

    private int Prepare(FrameBurst frames)
    {
        int count = 0;
        for (int i = 0; i < frames.Count; i++)
        {
            count += frames.PayloadLengths[i] > 0 ? 1 : 0;
        }

        if (!_pool.TryAllocBulk(_ops.AsSpan(0, count)))
        {
            throw new WorkException("regex ops are missing from their pool");
        }

        int next = 0;
        for (int i = 0; i < frames.Count; i++)
        {
            int length = frames.PayloadLengths[i];
            if (length > 0)
            {
                RegexOp op = _ops[next++];
                op.Mbuf = frames.Frames[i];
                op.PayloadOffset = frames.PayloadOffsets[i];
                op.PayloadLength = Math.Min(length, _payloadMax);
                _counters.UnsearchedFrames += length > _payloadMax ? 1 : 0;
            }
        }

        _counters.SearchedFrames += count;
        return count;
    }

    private bool IsRefused() =>
        _device.GetRejection(0) is EnqueueRejection.InvalidArguments or EnqueueRejection.InvalidSession;

    private void Count(RegexOp op)
    {
        if (op.Status != OpStatus.Success)
        {
            _counters.UnsearchedFrames += op.Status == OpStatus.NotProcessed ? 0 : 1;
            return;
        }

        ReadOnlySpan<RegexMatch> matches = op.Matches;
        if (matches.Length != 0)
        {
            _counters.MatchedFrames++;
            _counters.Matches += matches.Length;
            foreach (ref readonly RegexMatch match in matches)
            {
                _hits[_indexOf[match.RuleId]]++;
            }
        }

        if ((op.ResponseFlags & RegexResponseFlags.MatchesExceeded) != 0)
        {
            _counters.OverflowedFrames++;
        }

        if ((op.ResponseFlags & (RegexResponseFlags.ResourceExceeded | RegexResponseFlags.Timeout | RegexResponseFlags.PrefixExceeded)) != 0)
        {
            _counters.UnsearchedFrames++;
        }
    }
}
