using Outboard.Devices;
using Outboard.Devices.Driver;

namespace Outboard.Testing.NullDevices;

/// <summary>A queue pair over an array ring; the class says what an op needs.</summary>
internal abstract class NullQueuePair<TOp>(int descriptorCount) : OffloadQueuePair<TOp>
    where TOp : unmanaged, IOp
{
    private readonly TOp[] _ring = new TOp[descriptorCount];
    private uint _head;
    private uint _tail;

    public override int InFlightCount => (int)(_head - _tail);

    public override int EnqueueBurst(ReadOnlySpan<TOp> ops)
    {
        int count = 0;
        EnqueueRejection rejection = EnqueueRejection.None;
        foreach (TOp op in ops)
        {
            if (InFlightCount == _ring.Length)
            {
                rejection = EnqueueRejection.QueueFull;
                break;
            }

            OpStatus status = Process(op);
            if (status is OpStatus.InvalidArguments or OpStatus.InvalidSession)
            {
                TOp refused = op;
                refused.Status = status;
                EnqueueErrorCount++;
                rejection = status == OpStatus.InvalidSession
                    ? EnqueueRejection.InvalidSession : EnqueueRejection.InvalidArguments;
                break;
            }

            _ring[_head++ & (uint)(_ring.Length - 1)] = op;
            count++;
        }

        EnqueuedCount += (uint)count;
        Rejection = rejection;
        return count;
    }

    public override int DequeueBurst(Span<TOp> ops)
    {
        int count = Math.Min(ops.Length, InFlightCount);
        for (int i = 0; i < count; i++)
        {
            TOp op = _ring[_tail++ & (uint)(_ring.Length - 1)];
            if (op.Status != OpStatus.Success)
            {
                DequeueErrorCount++;
            }

            ops[i] = op;
        }

        DequeuedCount += (uint)count;
        return count;
    }

    /// <summary>Does the op's work, or says why it cannot be taken.</summary>
    protected abstract OpStatus Process(TOp op);
}
