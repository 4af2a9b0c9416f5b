using Outboard.Crypto;
using Outboard.Crypto.Driver;
using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Plugins.Crypto.Asymmetric;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Symmetric;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>A queue pair in software: enqueue checks and remembers, dequeue does the work and hands back, in order.</summary>
/// <remarks>
/// The work is done at dequeue, so that a burst sees as many ops side by side as there are, and a lone op is done by the
/// very next dequeue. Session objects are looked up once, at enqueue. Asymmetric ops go to a worker at enqueue and hold back what is
/// behind them until they are done: an application that has both gives them queue pairs of their own.
/// </remarks>
internal sealed class SimdQueuePair : OffloadQueuePair<CryptoOp>
{
    private readonly Burst _burst = new();
    private readonly SessionlessSession _sessionless;
    private readonly AsymmetricWorker _worker;
    private readonly AsymmetricLane _lane;
    private readonly SessionTable<SimdSession> _sessions;
    private readonly CryptoOp[] _ring;
    private readonly SessionSlot[] _ringSessions;
    private readonly uint _mask;
    private uint _head;
    private uint _tail;
    private int _asymmetricCount;

    public SimdQueuePair(
        SessionTable<SimdSession> sessions, SessionlessSession sessionless, AsymmetricWorker worker, int descriptorCount)
    {
        _worker = worker;
        _lane = worker.Add(descriptorCount);
        _sessions = sessions;
        _sessionless = sessionless;
        _ring = new CryptoOp[descriptorCount];
        _ringSessions = new SessionSlot[descriptorCount];
        _mask = (uint)descriptorCount - 1;
    }

    public ref readonly EngineCounters Counters => ref _burst.Counters;

    /// <inheritdoc/>
    public override int InFlightCount => (int)(_tail - _head);

    /// <inheritdoc/>
    public override int EnqueueBurst(ReadOnlySpan<CryptoOp> ops)
    {
        int room = _ring.Length - (int)(_tail - _head);
        int taken = 0;
        Rejection = EnqueueRejection.None;
        for (; taken < ops.Length; taken++)
        {
            if (taken == room)
            {
                Rejection = EnqueueRejection.QueueFull;
                break;
            }

            CryptoOp op = ops[taken];
            OpStatus status = OpCheck.Check(op, _sessions, _sessionless, out SimdSession? session);
            if (status != OpStatus.Success)
            {
                op.Status = status;
                Rejection = status == OpStatus.InvalidSession
                    ? EnqueueRejection.InvalidSession
                    : EnqueueRejection.InvalidArguments;
                EnqueueErrorCount++;
                break;
            }

            uint slot = (_tail + (uint)taken) & _mask;
            _ring[slot] = op;
            _ringSessions[slot].Session = session!;
            if (session is AsymmetricSession asymmetric)
            {
                _asymmetricCount++;
                _lane.Post(op, asymmetric);
            }
        }

        _tail += (uint)taken;
        EnqueuedCount += (uint)taken;
        return taken;
    }

    /// <inheritdoc/>
    public override int DequeueBurst(Span<CryptoOp> ops)
    {
        int count = Math.Min(ops.Length, InFlightCount);
        int failed = 0, done = 0;
        while (done < count)
        {
            // Up to the end of the ring, or to the next asymmetric op, which a worker does: the order stays, so ops behind it wait.
            int start = (int)(_head & _mask);
            int run = SymmetricRun(start, Math.Min(Math.Min(count - done, Burst.OpMax), _ring.Length - start));
            if (run != 0)
            {
                _ring.AsSpan(start, run).CopyTo(ops[done..]);
                CryptoEngine.Process(ops.Slice(done, run), _ringSessions.AsSpan(start, run), _burst);
            }
            else if (_lane.TryTake())
            {
                _asymmetricCount--;
                run = 1;
                ops[done] = _ring[start];
            }
            else
            {
                break;
            }

            Span<CryptoOp> burst = ops.Slice(done, run);
            foreach (CryptoOp op in burst)
            {
                failed += op.Status == OpStatus.Success ? 0 : 1;
            }

            _head += (uint)run;
            done += run;
        }

        DequeuedCount += (uint)done;
        DequeueErrorCount += (uint)failed;
        return done;
    }

    // How many of the next ops are not asymmetric.
    private int SymmetricRun(int start, int limit)
    {
        if (_asymmetricCount == 0)
        {
            return limit;
        }

        int run = 0;
        while (run < limit && _ringSessions[start + run].Session is not AsymmetricSession)
        {
            run++;
        }

        return run;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _worker.Remove(_lane);
        _burst.Dispose();
    }
}
