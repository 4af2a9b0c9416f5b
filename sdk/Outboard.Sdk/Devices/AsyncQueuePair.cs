using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Outboard.Devices;

/// <summary>The async face of a queue pair, for applications that are not poll loops: one awaitable for each op.</summary>
/// <typeparam name="TOp">The op handle.</typeparam>
/// <remarks>
/// It has a thread of its own, which does all bursts of the queue pair; nobody else may. The thread sleeps while
/// nothing is in flight, and polls, yielding, while something is. It allocates for each op: it is the comfortable way,
/// not the fast one.
/// <para><i>Thread</i>: <see cref="ProcessAsync"/> from any thread.</para>
/// </remarks>
public sealed class AsyncQueuePair<TOp> : IAsyncDisposable
    where TOp : unmanaged, IOp, IEquatable<TOp>
{
    private const int BurstMax = 32;

    private readonly OffloadDevice<TOp> _device;
    private readonly int _queuePair;
    private readonly Channel<TOp> _waiting = Channel.CreateUnbounded<TOp>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<TOp, TaskCompletionSource<TOp>> _promises = new();
    private readonly Task _pump;

    /// <summary>Takes over a queue pair of a started device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="queuePair">The queue pair, from 0.</param>
    public AsyncQueuePair(OffloadDevice<TOp> device, int queuePair)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)queuePair, (uint)device.QueuePairCount, nameof(queuePair));
        _device = device;
        _queuePair = queuePair;
        _pump = Task.Factory.StartNew(Pump, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Sends an op through the device.</summary>
    /// <param name="op">The op; the device's until the task ends.</param>
    /// <returns>The op, with its status.</returns>
    /// <exception cref="InvalidOperationException">The op is on its way already.</exception>
    /// <exception cref="ObjectDisposedException">The face is disposed.</exception>
    public ValueTask<TOp> ProcessAsync(TOp op)
    {
        var promise = new TaskCompletionSource<TOp>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_promises.TryAdd(op, promise))
        {
            throw new InvalidOperationException($"{_device.Name}: the op is on its way already.");
        }

        if (!_waiting.Writer.TryWrite(op))
        {
            _promises.TryRemove(op, out _);
            throw new ObjectDisposedException(nameof(AsyncQueuePair<TOp>));
        }

        return new ValueTask<TOp>(promise.Task);
    }

    /// <summary>Waits for the ops on their way and gives the queue pair up.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _pump.ConfigureAwait(false);
    }

    private void Pump()
    {
        var burst = new TOp[BurstMax];
        var done = new TOp[BurstMax];
        int pending = 0;
        int inFlight = 0;
        while (true)
        {
            while (pending < burst.Length && _waiting.Reader.TryRead(out burst[pending]))
            {
                pending++;
            }

            if (pending == 0 && inFlight == 0)
            {
                if (!_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
                {
                    return;
                }

                continue;
            }

            int sent = _device.EnqueueBurst(_queuePair, burst.AsSpan(0, pending));
            inFlight += sent;
            burst.AsSpan(sent, pending - sent).CopyTo(burst);
            pending -= sent;
            if (pending != 0 && _device.GetRejection(_queuePair) is var rejection and not EnqueueRejection.QueueFull)
            {
                Refuse(burst[0], rejection);
                burst.AsSpan(1, --pending).CopyTo(burst);
            }

            int got = _device.DequeueBurst(_queuePair, done);
            inFlight -= got;
            foreach (TOp op in done.AsSpan(0, got))
            {
                Complete(op);
            }

            if (sent + got == 0)
            {
                Thread.Yield();
            }
        }
    }

    /// <summary>An op that the device did not take comes back with the status that says why.</summary>
    private void Refuse(TOp op, EnqueueRejection rejection)
    {
        if (op.Status is OpStatus.NotProcessed or OpStatus.Success)
        {
            op.Status = rejection == EnqueueRejection.NotStarted ? OpStatus.Cancelled : OpStatus.Error;
        }

        Complete(op);
    }

    private void Complete(TOp op)
    {
        if (_promises.TryRemove(op, out TaskCompletionSource<TOp>? promise))
        {
            promise.SetResult(op);
        }
    }
}
