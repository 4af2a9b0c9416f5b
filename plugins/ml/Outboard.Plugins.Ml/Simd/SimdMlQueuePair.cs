using System.Runtime.CompilerServices;
using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Ml;
using Outboard.Ml.Driver;
using Outboard.Plugins.Ml.Offload;

namespace Outboard.Plugins.Ml.Simd;

/// <summary>
/// A ring of ops in the order of enqueue: [tail, done) have run and wait to be handed back, [done, head) wait to run. Dequeue
/// runs what waits, neighbours of one model as one batch, until it has enough to hand back.
/// </summary>
/// <remarks>
/// <i>Thread</i>: enqueue writes the head alone, dequeue the tail and done alone, each published with release and read with
/// acquire, so that one thread may enqueue while another dequeues.
/// </remarks>
internal sealed class SimdMlQueuePair(int index, int descriptorCount, SimdModel?[] models) : OffloadQueuePair<MlOp>
{
    private readonly MlOp[] _ring = new MlOp[descriptorCount];
    private readonly uint _mask = (uint)descriptorCount - 1;
    private uint _head;
    private uint _done;
    private uint _tail;

    /// <summary>Batches run.</summary>
    public ulong BatchCount { get; private set; }

    /// <summary>Inferences in them.</summary>
    public ulong InferenceCount { get; private set; }

    /// <summary>Batches that needed no copying.</summary>
    public ulong InPlaceCount { get; private set; }

    /// <summary>Ops refused as invalid.</summary>
    public ulong RefusedCount => EnqueueErrorCount;

    public override int InFlightCount => (int)(Volatile.Read(ref _head) - Volatile.Read(ref _tail));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int EnqueueBurst(ReadOnlySpan<MlOp> ops)
    {
        uint head = _head;
        int room = descriptorCount - (int)(head - Volatile.Read(ref _tail));
        int count = 0;
        Rejection = EnqueueRejection.None;
        for (; count < ops.Length; count++)
        {
            if (count == room)
            {
                Rejection = EnqueueRejection.QueueFull;
                break;
            }

            MlOp op = ops[count];
            if (!TryTake(op))
            {
                break;
            }

            op.SetResult(OpStatus.NotProcessed, 0);
            _ring[(head + (uint)count) & _mask] = op;
        }

        EnqueuedCount += (ulong)count;
        Volatile.Write(ref _head, head + (uint)count);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override int DequeueBurst(Span<MlOp> ops)
    {
        uint head = Volatile.Read(ref _head), tail = _tail;
        while (_done != head && _done - tail < (uint)ops.Length)
        {
            RunGroup(head);
        }

        int count = (int)Math.Min(_done - tail, (uint)ops.Length);
        for (int i = 0; i < count; i++)
        {
            ops[i] = _ring[(tail + (uint)i) & _mask];
        }

        DequeuedCount += (ulong)count;
        Volatile.Write(ref _tail, tail + (uint)count);
        return count;
    }

    /// <summary>Counts the op in with its model and checks it; when it is wrong, says why in the op and in Rejection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryTake(MlOp op)
    {
        SimdModel? model = op.ModelId < models.Length ? Volatile.Read(ref models[op.ModelId]) : null;
        if (model is null)
        {
            Refuse(op, EnqueueRejection.InvalidSession, OpStatus.InvalidSession, OpErrors.NoModel);
            return false;
        }

        ModelLane lane = model.Lane(index);
        lane.Take();
        if (!model.IsStarted)
        {
            lane.Untake();
            Refuse(op, EnqueueRejection.InvalidSession, OpStatus.InvalidSession, OpErrors.NotStarted);
            return false;
        }

        uint error = OpErrors.Check(op, model);
        if (error != 0)
        {
            lane.Untake();
            Refuse(op, EnqueueRejection.InvalidArguments, OpStatus.InvalidArguments, error);
            return false;
        }

        return true;
    }

    private void Refuse(MlOp op, EnqueueRejection rejection, OpStatus status, uint code)
    {
        op.SetResult(status, code);
        Rejection = rejection;
        EnqueueErrorCount++;
    }

    /// <summary>Runs the longest run of waiting ops of one model that fits its batch and lies in one piece of the ring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunGroup(uint head)
    {
        uint start = _done & _mask;
        uint limit = Math.Min(head - _done, (uint)descriptorCount - start);
        ReadOnlySpan<MlOp> waiting = _ring.AsSpan((int)start, (int)limit);
        ushort id = waiting[0].ModelId;
        ModelLane lane = models[id]!.Lane(index);
        int batch = waiting[0].BatchCount, count = 1;
        while (count < waiting.Length && waiting[count].ModelId == id && batch + waiting[count].BatchCount <= lane.BatchMax)
        {
            batch += waiting[count].BatchCount;
            count++;
        }

        bool inPlace = lane.Run(waiting[..count], batch);
        for (int i = 0; i < count; i++)
        {
            waiting[i].SetResult(OpStatus.Success, 0);
        }

        BatchCount++;
        InferenceCount += (ulong)batch;
        InPlaceCount += inPlace ? 1UL : 0;
        _done += (uint)count;
    }
}
