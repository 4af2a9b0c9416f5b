using System.Numerics;
using System.Runtime.CompilerServices;
using Outboard.Devices.Driver;

namespace Outboard.Devices;

/// <summary>A device whose work is ops in queue pairs: what regex, ml and crypto share.</summary>
/// <typeparam name="TOp">The op handle.</typeparam>
/// <remarks>See <see cref="Device"/> for the life of a device and its thread rules.</remarks>
public abstract class OffloadDevice<TOp> : Device
    where TOp : unmanaged, IOp, IEquatable<TOp>
{
    /// <summary>How long a stop waits for a driver to hand back what is in flight.</summary>
    private static readonly TimeSpan s_drainLimit = TimeSpan.FromSeconds(10);

    private readonly OffloadDriver<TOp> _driver;
    private readonly bool _checked;
    private QueueGate<TOp>[] _gates = [];
    private OffloadQueuePair<TOp>?[] _queuePairs = [];
    private QueuePairOptions<TOp>?[] _options = [];
    private DeviceStatistics _closed;
    private DeviceStatistics _base;

    private protected OffloadDevice(OffloadDriver<TOp> driver, bool withChecks)
        : base(driver)
    {
        _driver = driver;
        _checked = withChecks;
    }

    /// <summary>How many queue pairs the device was configured with.</summary>
    public int QueuePairCount => _gates.Length;

    /// <summary>The counters over all queue pairs since the last reset.</summary>
    public DeviceStatistics Statistics
    {
        get
        {
            lock (Control)
            {
                return Total() - _base;
            }
        }
    }

    /// <summary>Hands ops to the device.</summary>
    /// <param name="queuePair">The queue pair, from 0.</param>
    /// <param name="ops">The ops. Null handles are not allowed.</param>
    /// <returns>
    /// How many were taken: a prefix. The device owns those, and their buffers, until it hands them back. The rest
    /// still belongs to the caller, and <see cref="GetRejection"/> says why the first of them was not taken.
    /// </returns>
    /// <remarks><i>Thread</i>: one thread at a time for each queue pair.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int EnqueueBurst(int queuePair, ReadOnlySpan<TOp> ops) => _gates[queuePair].EnqueueBurst(ops);

    /// <summary>Takes completed ops back, in the order of enqueue unless the queue pair was set up otherwise.</summary>
    /// <param name="queuePair">The queue pair, from 0.</param>
    /// <param name="ops">Where to.</param>
    /// <returns>How many came back; each has its own status.</returns>
    /// <remarks><i>Thread</i>: one thread at a time for each queue pair.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int DequeueBurst(int queuePair, Span<TOp> ops) => _gates[queuePair].DequeueBurst(ops);

    /// <summary>Why the op after the accepted prefix of the last enqueue burst was not taken.</summary>
    /// <param name="queuePair">The queue pair, from 0.</param>
    public EnqueueRejection GetRejection(int queuePair) => _gates[queuePair].Current.Rejection;

    /// <summary>Ops that are in a queue pair, or wait to be dequeued after a stop.</summary>
    /// <param name="queuePair">The queue pair, from 0.</param>
    public int GetInFlightCount(int queuePair) => _gates[queuePair].Current.InFlightCount;

    /// <summary>Sets up a queue pair; those not set up when the device starts get the default options.</summary>
    /// <param name="index">The queue pair, from 0.</param>
    /// <param name="options">How.</param>
    /// <remarks><i>Order</i>: configured or stopped.</remarks>
    /// <exception cref="InvalidOperationException">Called out of order, or ops wait to be dequeued.</exception>
    /// <exception cref="ArgumentException">An option is outside the device's limits.</exception>
    public void ConfigureQueuePair(int index, QueuePairOptions<TOp> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (Control)
        {
            Require("ConfigureQueuePair", DeviceState.Configured, DeviceState.Stopped);
            RequireRange(index, 0, QueuePairCount - 1, nameof(index));
            RequireRange(options.DescriptorCount, 1, BaseInfo.DescriptorMax, nameof(options.DescriptorCount));
            if (!BitOperations.IsPow2(options.DescriptorCount))
            {
                throw new ArgumentException(
                    $"{Name}: DescriptorCount {options.DescriptorCount} is not a power of two.", nameof(options));
            }

            if (options.OutOfOrder && !OffersOutOfOrder)
            {
                throw new ArgumentException($"{Name} does not offer out-of-order queue pairs.", nameof(options));
            }

            RequireDrained(index);
            OffloadQueuePair<TOp> made = Create(index, options);
            Close(index);
            _queuePairs[index] = made;
            _options[index] = options;
        }
    }

    /// <summary>Whether <see cref="QueuePairOptions{TOp}.OutOfOrder"/> may be asked for.</summary>
    private protected virtual bool OffersOutOfOrder => false;

    /// <summary>Sets the number of queue pairs; the class has configured its driver.</summary>
    private protected void ResetQueuePairs(int count)
    {
        for (int i = 0; i < _gates.Length; i++)
        {
            Close(i);
        }

        _queuePairs = new OffloadQueuePair<TOp>?[count];
        _options = new QueuePairOptions<TOp>?[count];
        _gates = new QueueGate<TOp>[count];
        for (int i = 0; i < count; i++)
        {
            _gates[i] = new QueueGate<TOp>(new IdleQueuePair<TOp>([]));
        }
    }

    /// <summary>Refuses to configure a device anew while ops wait to be dequeued.</summary>
    private protected void RequireDrained()
    {
        for (int i = 0; i < _gates.Length; i++)
        {
            RequireDrained(i);
        }
    }

    private protected override void StartCore()
    {
        RequireDrained();
        for (int i = 0; i < _queuePairs.Length; i++)
        {
            if (_queuePairs[i] is null)
            {
                _options[i] = DefaultOptions;
                _queuePairs[i] = Create(i, DefaultOptions);
            }
        }

        _driver.Start();
        for (int i = 0; i < _gates.Length; i++)
        {
            _gates[i].Swap(_queuePairs[i]!);
        }
    }

    private protected override void StopCore()
    {
        var idle = new IdleQueuePair<TOp>([]);
        foreach (QueueGate<TOp> gate in _gates)
        {
            gate.Swap(idle);
        }

        _driver.Stop();
        for (int i = 0; i < _gates.Length; i++)
        {
            TOp[] remaining = Drain(_queuePairs[i]!);
            if (_options[i]!.Flush is { } flush)
            {
                foreach (TOp op in remaining)
                {
                    flush(i, op);
                }

                remaining = [];
            }

            _gates[i].Swap(new IdleQueuePair<TOp>(remaining));
        }
    }

    private protected override void DisposeCore()
    {
        var left = new TOp[1];
        for (int i = 0; i < _gates.Length; i++)
        {
            // A poller may still hold the stand-in: it is swapped for an empty one before it is emptied here.
            OffloadQueuePair<TOp> idle = _gates[i].Current;
            _gates[i].Swap(new IdleQueuePair<TOp>([]));
            while (idle.DequeueBurst(left) != 0)
            {
                left[0].FreeWithBuffers();
            }

            Close(i);
        }
    }

    private protected override void ResetStatisticsCore() => _base = Total();

    private QueuePairOptions<TOp> DefaultOptions =>
        new() { DescriptorCount = Math.Min(1024, BaseInfo.DescriptorMax) };

    private OffloadQueuePair<TOp> Create(int index, QueuePairOptions<TOp> options)
    {
        OffloadQueuePair<TOp> made = _driver.CreateQueuePair(index, options);
        return _checked ? new CheckedQueuePair<TOp>(Name, made) : made;
    }

    private void Close(int index)
    {
        if (_queuePairs[index] is { } old)
        {
            _closed += old.Statistics;
            _queuePairs[index] = null;
            old.Dispose();
        }
    }

    private void RequireDrained(int index)
    {
        int waiting = _gates[index].Current.InFlightCount;
        if (waiting != 0)
        {
            throw new InvalidOperationException(
                $"{Name}: {waiting} ops wait in queue pair {index}; dequeue them first.");
        }
    }

    private TOp[] Drain(OffloadQueuePair<TOp> queuePair)
    {
        var all = new List<TOp>();
        var burst = new TOp[64];
        long deadline = Environment.TickCount64 + (long)s_drainLimit.TotalMilliseconds;
        while (queuePair.InFlightCount != 0)
        {
            int count = queuePair.DequeueBurst(burst);
            all.AddRange(burst.AsSpan(0, count));
            if (count == 0 && Environment.TickCount64 > deadline)
            {
                throw new DeviceException(
                    Name, $"the driver did not hand back {queuePair.InFlightCount} ops within {s_drainLimit.TotalSeconds} s of the stop.");
            }
        }

        return [.. all];
    }

    private DeviceStatistics Total()
    {
        DeviceStatistics total = _closed;
        foreach (OffloadQueuePair<TOp>? queuePair in _queuePairs)
        {
            if (queuePair is not null)
            {
                total += queuePair.Statistics;
            }
        }

        return total;
    }
}
