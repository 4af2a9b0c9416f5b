using Outboard.Crypto;
using Outboard.Crypto.Driver;
using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Symmetric;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>A queue pair in software: enqueue checks and remembers, dequeue does the work and hands back, in order.</summary>
/// <remarks>
/// The work is done at dequeue, so that a burst sees as many ops side by side as there are, and a lone op is done by the
/// very next dequeue. Session objects are looked up once, at enqueue.
/// </remarks>
internal sealed class SimdQueuePair : OffloadQueuePair<CryptoOp>
{
    private readonly Burst _burst = new();
    private readonly SessionlessSession _sessionless;
    private readonly SessionTable<SimdSession> _sessions;
    private readonly CryptoOp[] _ring;
    private readonly SimdSession[] _ringSessions;
    private readonly SimdSession[] _batch = new SimdSession[Burst.OpMax];
    private readonly uint _mask;
    private uint _head;
    private uint _tail;

    public SimdQueuePair(SessionTable<SimdSession> sessions, SessionlessSession sessionless, int descriptorCount)
    {
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
        }

        _tail += (uint)taken;
        EnqueuedCount += (uint)taken;
        return taken;
    }

    /// <inheritdoc/>
    public override int DequeueBurst(Span<CryptoOp> ops)
    {
        int count = Math.Min(ops.Length, InFlightCount);
        int failed = 0;
        for (int done = 0; done < count;)
        {
            int run = Math.Min(count - done, Burst.OpMax);
            for (int i = 0; i < run; i++)
            {
                uint slot = (_head + (uint)i) & _mask;
                ops[done + i] = _ring[slot];
                _batch[i] = _ringSessions[slot];
            }

            Span<CryptoOp> burst = ops.Slice(done, run);
            CryptoEngine.Process(burst, _batch.AsSpan(0, run), _burst);
            foreach (CryptoOp op in burst)
            {
                failed += op.Status == OpStatus.Success ? 0 : 1;
            }

            _head += (uint)run;
            done += run;
        }

        DequeuedCount += (uint)count;
        DequeueErrorCount += (uint)failed;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _burst.Dispose();
}
