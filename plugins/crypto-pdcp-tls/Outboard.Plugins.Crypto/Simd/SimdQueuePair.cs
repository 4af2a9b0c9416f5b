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
    private readonly SimdSession[] _ringSessions;
    private readonly SimdSession[] _batch = new SimdSession[Burst.OpMax];
    private readonly uint _mask;
    private uint _head;
    private uint _tail;

    public SimdQueuePair(
        SessionTable<SimdSession> sessions, SessionlessSession sessionless, AsymmetricWorker worker, int descriptorCount)
    {
        _worker = worker;
        _lane = worker.Add(descriptorCount);
        _sessions = sessions;
        _sessionless = sessionless;
        _ring = new CryptoOp[descriptorCount];
        _ringSessions = new SimdSession[descriptorCount];
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
            _ringSessions[slot] = session!;
            if (session is AsymmetricSession asymmetric)
            {
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
            // Up to the next asymmetric op, which a worker does: the order stays, so ops behind one that is not done wait.
            int run = 0, limit = Math.Min(count - done, Burst.OpMax);
            for (; run < limit; run++)
            {
                uint slot = (_head + (uint)run) & _mask;
                ops[done + run] = _ring[slot];
                _batch[run] = _ringSessions[slot];
                if (_batch[run] is AsymmetricSession)
                {
                    break;
                }
            }

            Span<CryptoOp> burst = ops.Slice(done, run);
            if (run != 0)
            {
                CryptoEngine.Process(burst, _batch.AsSpan(0, run), _burst);
            }
            else if (_lane.TryTake())
            {
                run = 1;
                burst = ops.Slice(done, run);
            }
            else
            {
                break;
            }

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

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _worker.Remove(_lane);
        _burst.Dispose();
    }
}
