using System.Diagnostics;
using System.Numerics;
using Outboard.Cli.Verbs;
using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Regex;

namespace Outboard.Cli.Bench;

/// <summary>
/// One pass after the other over a corpus whose payloads lie ready as ops. A pass is walked in slices of about 200 microseconds whose best
/// times are kept: added up they say what a pass takes when nothing disturbs it, also where a whole pass is never left alone.
/// </summary>
internal sealed class RegexBenchLoop : IDisposable
{
    private const int MatchesMax = 254;
    private const int RoomMin = 256;
    private const double SliceSeconds = 200e-6;

    /// <summary>Slices are measured out anew after passes 1, 2, 4 ... to here: the first ones run code that is not compiled for good.</summary>
    private const int CalibrationMax = 16;

    private readonly RegexSession _session;
    private readonly string _name;
    private readonly int _burst;
    private readonly long _byteCount;
    private readonly RegexOpPool _pool;
    private readonly SortedDictionary<int, MbufPool> _mbufs = [];
    private readonly RegexOp[] _ops;
    private readonly RegexOp[] _back;
    private readonly long[] _best;
    private int _slice;
    private int _passes;
    private long _matches;
    private int _incomplete;

    public RegexBenchLoop(RegexSession session, string name, List<byte[]> payloads, int burst)
    {
        _session = session;
        _name = name;
        _burst = burst;
        _byteCount = payloads.Sum(static payload => (long)payload.Length);
        _slice = burst;
        _back = new RegexOp[burst];
        _ops = new RegexOp[payloads.Count];
        _best = new long[(payloads.Count + burst - 1) / burst];
        Array.Fill(_best, long.MaxValue);
        _pool = new RegexOpPool(new RegexOpPoolOptions { Name = name, Count = payloads.Count, CacheSize = 0, MatchesMax = MatchesMax });

        // Payloads of all lengths in rooms of one size would take a hundred times their bytes.
        foreach (IGrouping<int, byte[]> rooms in payloads.GroupBy(static payload => Room(payload.Length)))
        {
            _mbufs.Add(rooms.Key, new MbufPool(new MbufPoolOptions
            {
                Name = $"{name} {rooms.Key}",
                Count = rooms.Count(),
                CacheSize = 0,
                DataRoomSize = rooms.Key + MbufPoolOptions.DefaultHeadroom,
            }));
        }

        for (int i = 0; i < _ops.Length; i++)
        {
            byte[] payload = payloads[i];
            if (payload.Length > session.Device.Info.PayloadLengthMax)
            {
                throw new UserException(
                    $"--corpus: a payload has {payload.Length} bytes and {session.Device.Name} takes {session.Device.Info.PayloadLengthMax}; --sizes cuts them anew.");
            }

            if (!_pool.TryAlloc(out _ops[i]) || !_mbufs[Room(payload.Length)].TryAlloc(out Mbuf mbuf)
                || !mbuf.TryAppend(payload.Length, out Span<byte> room))
            {
                throw new WorkException("the benchmark's pools are too small.");
            }

            payload.CopyTo(room);
            _ops[i].Mbuf = mbuf;
            _ops[i].SetGroup(0, session.Group);
        }
    }

    /// <summary>The loop as a case.</summary>
    public BenchCase ToCase(int width) =>
        new(_name, _session.Device.Name, width, "op", (double)_byteCount / _ops.Length, _ => Pass()) { Facts = Facts };

    public void Dispose()
    {
        _pool.Dispose();
        foreach (MbufPool mbufs in _mbufs.Values)
        {
            mbufs.Dispose();
        }
    }

    private static int Room(int length) => Math.Max(RoomMin, (int)BitOperations.RoundUpToPowerOf2((uint)length));

    /// <summary>One pass over the whole corpus, so that a sample never sees easy payloads only.</summary>
    private int Pass()
    {
        long matches = 0;
        int incomplete = 0;
        long begin = Stopwatch.GetTimestamp();
        for (int s = 0, at = 0; at < _ops.Length; s++, at += _slice)
        {
            long start = Stopwatch.GetTimestamp();
            Search(at, Math.Min(at + _slice, _ops.Length), ref matches, ref incomplete);
            _best[s] = Math.Min(_best[s], Stopwatch.GetTimestamp() - start);
        }

        _matches = matches;
        _incomplete = incomplete;
        _passes++;
        if (_passes <= CalibrationMax && BitOperations.IsPow2(_passes))
        {
            double perOp = Stopwatch.GetElapsedTime(begin).TotalSeconds / _ops.Length;
            _slice = _burst * Math.Max(1, (int)(SliceSeconds / perOp / _burst));
            Array.Fill(_best, long.MaxValue);
        }

        return _ops.Length;
    }

    private void Search(int next, int end, ref long matches, ref int incomplete)
    {
        RegexDevice device = _session.Device;
        int left = end - next;
        while (left != 0)
        {
            next += device.EnqueueBurst(0, _ops.AsSpan(next, Math.Min(_burst, end - next)));
            int done = device.DequeueBurst(0, _back);
            left -= done;
            for (int i = 0; i < done; i++)
            {
                RegexOp op = _back[i];
                matches += op.ActualMatchCount;
                bool whole = op.Status == OpStatus.Success && (op.ResponseFlags & ~RegexResponseFlags.MatchesExceeded) == RegexResponseFlags.None;
                incomplete += whole ? 0 : 1;
            }
        }
    }

    private List<(string Name, double Value)> Facts()
    {
        int slices = (_ops.Length + _slice - 1) / _slice;
        double nanoseconds = _best.AsSpan(0, slices).ToArray().Sum(static ticks => (double)ticks) / Stopwatch.Frequency * 1e9;
        List<(string Name, double Value)> facts =
        [
            ("rules", _session.Rules.Count),
            ("refused", _session.Refused.Count),
            ("matches", _matches),
            ("incomplete", _incomplete),
            ("payloads", _ops.Length),
            ("bytes", _byteCount),
            ("slice_ns", nanoseconds / _ops.Length),
            ("slice_gbps", _byteCount * 8 / nanoseconds),
            ("compile_ms", _session.CompileMilliseconds),
        ];
        foreach (string name in (ReadOnlySpan<string>)["database_bytes", "scratch_bytes"])
        {
            if (_session.Statistic(name) is { } value)
            {
                facts.Add((name, value));
            }
        }

        return facts;
    }
}
