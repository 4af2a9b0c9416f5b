using System.Runtime.InteropServices;
using Outboard.Devices;
using Outboard.Plugins;
using Outboard.Simd;

namespace Outboard.Conformance;

/// <summary>The checks that the classes with ops share: life, order, backpressure, counters, threads, memory.</summary>
/// <typeparam name="TDevice">The device.</typeparam>
/// <typeparam name="TOp">The op handle.</typeparam>
public abstract class OffloadConformance<TDevice, TOp> : ConformanceSuite
    where TDevice : OffloadDevice<TOp>
    where TOp : unmanaged, IOp, IEquatable<TOp>
{
    /// <summary>How many ops a check has at hand, more than the queue of <see cref="SmallQueue"/> holds.</summary>
    private protected const int OpCount = 512;

    /// <summary>The descriptors of the queue pairs that checks fill.</summary>
    private protected const int SmallQueue = 64;

    private protected OffloadConformance(DriverRegistry registry, string specifier)
        : base(registry, specifier)
    {
    }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<ConformanceCheck> Checks =>
    [
        new("info", "The info is complete and within reason.", CheckInfo),
        new("unknown-argument", "An unknown device argument is refused, and the known ones are listed.", CheckUnknownArgument),
        new("call-order", "A call out of order throws and names the state.", CheckCallOrder),
        new("life-cycle", "The device starts, stops, starts again, is configured anew and disposed.", CheckLifeCycle),
        new("limits", "Numbers outside the limits are refused.", CheckLimits),
        new("lone-op", "A lone op completes without another behind it.", CheckLoneOp),
        new("known-answers", "Every op has the right answer.", CheckKnownAnswers),
        new("every-width", "Every width gives the same answers and is honestly reported.", CheckEveryWidth),
        new("order-of-completion", "Ops come back in the order of enqueue.", CheckOrder),
        new("empty-burst", "A burst of nothing moves nothing.", CheckEmptyBurst),
        new("partial-enqueue", "A full queue takes a prefix, says so, and loses nothing.", CheckPartialEnqueue),
        new("backpressure", "With the queue always full every op still comes back once.", CheckBackpressure),
        new("invalid-op", "An invalid op is refused or fails; those before it are done.", CheckInvalidOp),
        new("statistics", "Counters count every op, and a reset sets them to zero.", CheckStatistics),
        new("stop-in-flight", "What is in flight at a stop comes back by dequeue.", CheckStopInFlight),
        new("stop-flush", "What is in flight at a stop comes back through the flush callback.", CheckStopFlush),
        new("stop-while-polled", "A stop is safe while other threads poll.", CheckStopWhilePolled),
        new("dispose-in-flight", "A dispose with work in flight gives every op and mbuf back to its pool.", CheckDisposeInFlight),
        new("two-threads", "Two queue pairs on two threads do not disturb each other.", CheckTwoThreads),
        new("no-allocation", "Bursts allocate nothing on the managed heap.", CheckNoAllocation),
        new("misuse-checks", "With checks=on an op enqueued twice is caught.", CheckMisuse),
        .. ClassChecks,
    ];

    /// <summary>The checks of the class.</summary>
    private protected abstract IReadOnlyList<ConformanceCheck> ClassChecks { get; }

    /// <summary>Opens the device.</summary>
    private protected TDevice Open(string specifier) => (TDevice)Registry.Open(specifier);

    /// <summary>Configures a device with that many queue pairs.</summary>
    private protected abstract void Configure(TDevice device, int queuePairCount);

    /// <summary>Makes what ops need before the device starts: rules, sessions, loaded models.</summary>
    /// <returns>What they are, for <see cref="CreateWork"/>.</returns>
    private protected abstract object Prepare(TDevice device);

    /// <summary>Makes what ops need once the device runs: started models.</summary>
    private protected virtual void PrepareStarted(TDevice device, object prepared)
    {
    }

    /// <summary>Makes a source of ops with known answers, with pools of its own.</summary>
    private protected abstract ConformanceWork<TOp> CreateWork(TDevice device, object prepared, int count);

    private void CheckInfo()
    {
        using TDevice device = Open(Specifier);
        DeviceInfo info = device.BaseInfo;
        DeviceSpecifier parsed = DeviceSpecifier.Parse(Specifier);
        Expect.Equal(parsed.Name, info.Name, "Name");
        Expect.Equal(parsed.Driver, info.Driver, "Driver");
        Expect.That(info.Backend.Length != 0, "Backend is empty.");
        Expect.That(info.QueuePairMax >= 1, $"QueuePairMax is {info.QueuePairMax}.");
        Expect.That(info.DescriptorMax >= SmallQueue, $"DescriptorMax is {info.DescriptorMax}; {SmallQueue} is little enough.");
        Expect.That(info.Kernels.Count != 0, "Kernels is empty: nothing says which width runs.");
        foreach (KernelChoice choice in info.Kernels)
        {
            Expect.That(
                choice.Operation.Length != 0 && choice.Kernel.Length != 0 && choice.Reason.Length != 0,
                $"kernel report '{choice}' has an empty member.");
        }
    }

    private void CheckUnknownArgument() => Expect.Throws<ArgumentException>(
        () => Open(With("no_such_argument=1")).Dispose(), "an unknown argument", "no_such_argument");

    private void CheckCallOrder()
    {
        TDevice device = Open(Specifier);
        var options = new QueuePairOptions<TOp> { DescriptorCount = SmallQueue };
        Expect.Throws<InvalidOperationException>(device.Start, "Start of an opened device", "Opened");
        Expect.Throws<InvalidOperationException>(device.Stop, "Stop of an opened device", "Opened");
        Expect.Throws<InvalidOperationException>(
            () => device.ConfigureQueuePair(0, options), "ConfigureQueuePair of an opened device", "Opened");
        Configure(device, 1);
        Expect.Throws<InvalidOperationException>(device.Stop, "Stop of a configured device", "Configured");
        Prepare(device);
        device.Start();
        Expect.Throws<InvalidOperationException>(device.Start, "Start of a started device", "Started");
        Expect.Throws<InvalidOperationException>(() => Configure(device, 1), "Configure of a started device", "Started");
        Expect.Throws<InvalidOperationException>(
            () => device.ConfigureQueuePair(0, options), "ConfigureQueuePair of a started device", "Started");
        device.Dispose();
        Expect.Equal(DeviceState.Disposed, device.State, "State");
        Expect.Throws<ObjectDisposedException>(device.Start, "Start of a disposed device");
        Expect.Throws<ObjectDisposedException>(() => Configure(device, 1), "Configure of a disposed device");
        device.Dispose();
    }

    private void CheckLifeCycle()
    {
        using TDevice device = Open(Specifier);
        for (int round = 0; round < 3; round++)
        {
            Configure(device, 1 + (round % device.BaseInfo.QueuePairMax));
            Expect.Equal(DeviceState.Configured, device.State, "State after Configure");
            object prepared = Prepare(device);
            for (int start = 0; start < 2; start++)
            {
                device.Start();
                Expect.Equal(DeviceState.Started, device.State, "State after Start");
                PrepareStarted(device, prepared);
                using (ConformanceWork<TOp> work = CreateWork(device, prepared, 32))
                {
                    RunAll(device, 0, work, 32);
                }

                device.Stop();
                Expect.Equal(DeviceState.Stopped, device.State, "State after Stop");
            }
        }
    }

    private void CheckLimits()
    {
        using TDevice device = Open(Specifier);
        Expect.Throws<ArgumentException>(() => Configure(device, 0), "0 queue pairs");
        Expect.Throws<ArgumentException>(() => Configure(device, device.BaseInfo.QueuePairMax + 1), "too many queue pairs");
        Configure(device, 1);
        int[] wrong = [0, -1, 3, device.BaseInfo.DescriptorMax * 2];
        foreach (int count in wrong)
        {
            Expect.Throws<ArgumentException>(
                () => device.ConfigureQueuePair(0, new QueuePairOptions<TOp> { DescriptorCount = count }), $"{count} descriptors");
        }

        Expect.Throws<ArgumentException>(
            () => device.ConfigureQueuePair(1, new QueuePairOptions<TOp> { DescriptorCount = SmallQueue }),
            "a queue pair that is not configured");
        Configure(device, device.BaseInfo.QueuePairMax);
        Expect.Equal(device.BaseInfo.QueuePairMax, device.QueuePairCount, "QueuePairCount");
    }

    private void CheckLoneOp() => WithStarted(Specifier, 1, (device, work) =>
    {
        for (int i = 0; i < 8; i++)
        {
            RunAll(device, 0, work, 1);
        }
    });

    private void CheckKnownAnswers() =>
        WithStarted(Specifier, 1, (device, work) => RunAll(device, 0, work, OpCount));

    private void CheckEveryWidth()
    {
        int policy = (int)Registry.Policy.Maximum;
        foreach (int width in (int[])[64, 128, 256, 512])
        {
            if (width > policy)
            {
                continue;
            }

            WithStarted(With($"max_simd={width}"), 1, (device, work) =>
            {
                foreach (KernelChoice choice in device.BaseInfo.Kernels)
                {
                    Expect.That((int)choice.Width <= width, $"max_simd={width}, but {choice.Operation} reports {(int)choice.Width}.");
                }

                RunAll(device, 0, work, OpCount);
            });
        }
    }

    private void CheckOrder() => WithStarted(Specifier, 1, (device, work) =>
    {
        var random = new Random(1);
        TOp[] ops = work.Make(OpCount);
        var back = new TOp[OpCount];
        int sent = 0;
        int done = 0;
        var patience = new Patience();
        while (done < OpCount)
        {
            int burst = Math.Min(random.Next(1, 48), OpCount - sent);
            sent += device.EnqueueBurst(0, ops.AsSpan(sent, burst));
            int room = Math.Min(random.Next(1, 48), OpCount - done);
            int got = device.DequeueBurst(0, back.AsSpan(done, room));
            done += got;
            patience.Check(got != 0 || sent < OpCount, $"{done} of {OpCount} ops came back");
        }

        for (int i = 0; i < OpCount; i++)
        {
            Expect.Equal((ulong)i, back[i].UserData, $"op {i} in order of completion");
        }

        Finish(work, back);
    });

    private void CheckEmptyBurst() => WithStarted(Specifier, 1, (device, work) =>
    {
        Expect.Equal(0, device.EnqueueBurst(0, []), "enqueue of nothing");
        Expect.Equal(0, device.DequeueBurst(0, []), "dequeue into nothing");
        var one = new TOp[1];
        Expect.Equal(0, device.DequeueBurst(0, one), "dequeue of an empty queue pair");
        RunAll(device, 0, work, 1);
    });

    private void CheckPartialEnqueue() => WithStarted(Specifier, 1, (device, work) =>
    {
        TOp[] ops = work.Make(OpCount);
        int sent = device.EnqueueBurst(0, ops);
        Expect.That(sent >= 1 && sent <= SmallQueue, $"{sent} of {OpCount} ops were taken by a queue of {SmallQueue}.");
        while (device.EnqueueBurst(0, ops.AsSpan(sent, 1)) == 1)
        {
            sent++;
            Expect.That(sent <= SmallQueue, $"a queue of {SmallQueue} took {sent} ops.");
        }

        Expect.Equal(SmallQueue, sent, "ops taken by an empty queue pair until it is full");
        Expect.Equal(EnqueueRejection.QueueFull, device.GetRejection(0), "rejection");
        Expect.Equal(sent, device.GetInFlightCount(0), "in flight");
        var back = new TOp[OpCount];
        Collect(device, 0, back.AsSpan(0, sent));
        Finish(work, back.AsSpan(0, sent));
        Expect.Equal(sent, device.EnqueueBurst(0, ops.AsSpan(sent, sent)), "ops taken again once all came back");
        Expect.Equal(EnqueueRejection.None, device.GetRejection(0), "rejection when all were taken");
        Collect(device, 0, back.AsSpan(0, sent));
        Finish(work, back.AsSpan(0, sent));
        work.Free(ops.AsSpan(2 * sent));
    });

    private void CheckBackpressure() => WithStarted(Specifier, 1, (device, work) =>
    {
        TOp[] ops = work.Make(OpCount);
        var back = new TOp[OpCount];
        int sent = 0;
        int done = 0;
        var patience = new Patience();
        while (done < OpCount)
        {
            sent += device.EnqueueBurst(0, ops.AsSpan(sent));
            int got = device.DequeueBurst(0, back.AsSpan(done, Math.Min(3, OpCount - done)));
            done += got;
            patience.Check(got != 0, $"{done} of {OpCount} ops came back");
        }

        Expect.Equal(OpCount, back.Distinct().Count(), "distinct ops that came back");
        Finish(work, back);
    });

    private void CheckInvalidOp() => WithStarted(Specifier, 1, (device, work) =>
    {
        TOp[] good = work.Make(3);
        TOp bad = work.MakeInvalid();
        TOp[] ops = [good[0], good[1], bad, good[2]];
        int sent = device.EnqueueBurst(0, ops);
        var back = new TOp[4];
        Expect.That(sent is 2 or 4, $"{sent} of 4 ops were taken; the third is invalid: 2, or 4 and an error on it.");
        if (sent == 2)
        {
            EnqueueRejection why = device.GetRejection(0);
            Expect.That(
                why is EnqueueRejection.InvalidArguments or EnqueueRejection.InvalidSession, $"the rejection is {why}.");
            Expect.That(
                bad.Status is OpStatus.InvalidArguments or OpStatus.InvalidSession, $"the refused op's status is {bad.Status}.");
            Expect.Equal(1ul, device.Statistics.EnqueueErrorCount, "EnqueueErrorCount");
            Expect.Equal(1, device.EnqueueBurst(0, ops.AsSpan(3)), "the op behind the refused one");
            Collect(device, 0, back.AsSpan(0, 3));
            Finish(work, back.AsSpan(0, 3));
            work.Free([bad]);
            return;
        }

        Collect(device, 0, back);
        Expect.That(back[2].Equals(bad), "the invalid op did not come back third.");
        Expect.That(bad.Status != OpStatus.Success, "the invalid op came back as a success.");
        Expect.Equal(1ul, device.Statistics.DequeueErrorCount, "DequeueErrorCount");
        work.Free([bad]);
        Finish(work, [back[0], back[1], back[3]]);
    });

    private void CheckStatistics() => WithStarted(Specifier, 1, (device, work) =>
    {
        RunAll(device, 0, work, 100);
        Expect.Equal(new DeviceStatistics(100, 100, 0, 0), device.Statistics, "statistics after 100 ops");
        IReadOnlyList<ExtendedStatistic> before = device.GetExtendedStatistics();
        Expect.Equal(before.Count, before.Select(s => s.Name).Distinct().Count(), "distinct names of extended statistics");
        Expect.That(before.Select((s, i) => s.Id == i).All(same => same), "ids of extended statistics are not 0, 1, 2, ...");
        device.ResetStatistics();
        Expect.Equal(default, device.Statistics, "statistics after a reset");
        IReadOnlyList<ExtendedStatistic> after = device.GetExtendedStatistics();
        Expect.That(before.Select(s => s.Name).SequenceEqual(after.Select(s => s.Name)), "names of extended statistics changed.");
        RunAll(device, 0, work, 10);
        Expect.Equal(new DeviceStatistics(10, 10, 0, 0), device.Statistics, "statistics after 10 more");
    });

    private void CheckStopInFlight() => WithStarted(Specifier, 1, (device, work) =>
    {
        TOp[] ops = work.Make(SmallQueue);
        Expect.Equal(SmallQueue, device.EnqueueBurst(0, ops), "ops taken");
        device.Stop();
        var refused = work.Make(1);
        Expect.Equal(0, device.EnqueueBurst(0, refused), "ops taken by a stopped device");
        Expect.Equal(EnqueueRejection.NotStarted, device.GetRejection(0), "rejection of a stopped device");
        work.Free(refused);
        Expect.Throws<InvalidOperationException>(device.Start, "Start while ops wait to be dequeued");
        var back = new TOp[SmallQueue];
        Expect.Equal(SmallQueue, device.DequeueBurst(0, back), "ops handed back after the stop");
        foreach (TOp op in back)
        {
            Expect.That(op.Status is OpStatus.Success or OpStatus.Cancelled, $"an op's status after the stop is {op.Status}.");
        }

        work.Free(back);
        device.Start();
    });

    private void CheckStopFlush()
    {
        using TDevice device = Open(Specifier);
        Configure(device, 1);
        var flushed = new List<TOp>();
        device.ConfigureQueuePair(
            0, new QueuePairOptions<TOp> { DescriptorCount = SmallQueue, Flush = (_, op) => flushed.Add(op) });
        object prepared = Prepare(device);
        device.Start();
        PrepareStarted(device, prepared);
        using ConformanceWork<TOp> work = CreateWork(device, prepared, SmallQueue);
        TOp[] ops = work.Make(SmallQueue);
        Expect.Equal(SmallQueue, device.EnqueueBurst(0, ops), "ops taken");
        device.Stop();
        Expect.That(flushed.SequenceEqual(ops), $"{flushed.Count} of {SmallQueue} ops were flushed, or out of order.");
        work.Free(CollectionsMarshal.AsSpan(flushed));
        work.RequireAllBack();
    }

    private void CheckStopWhilePolled() => WithStarted(Specifier, 1, (device, work) =>
    {
        TOp[] ops = work.Make(SmallQueue);
        using var polling = new ManualResetEventSlim();
        int done = 0;
        int sent = 0;
        bool ended = false;
        var poller = new Thread(() =>
        {
            var one = new TOp[4];
            while (!Volatile.Read(ref ended) || done < sent)
            {
                sent += device.EnqueueBurst(0, ops.AsSpan(sent, Math.Min(1, SmallQueue - sent)));
                done += device.DequeueBurst(0, one);
                polling.Set();
            }
        });
        poller.Start();
        polling.Wait();
        device.Stop();
        Volatile.Write(ref ended, true);
        bool joined = poller.Join(TimeSpan.FromSeconds(10));
        Expect.That(joined, $"{done} of {sent} ops came back within 10 s of the stop.");
        work.Free(ops);
        device.Start();
    });

    private void CheckDisposeInFlight()
    {
        TDevice device = Open(Specifier);
        Configure(device, 1);
        device.ConfigureQueuePair(0, new QueuePairOptions<TOp> { DescriptorCount = SmallQueue });
        object prepared = Prepare(device);
        device.Start();
        PrepareStarted(device, prepared);
        using ConformanceWork<TOp> work = CreateWork(device, prepared, SmallQueue);
        TOp[] ops = work.Make(SmallQueue);
        Expect.Equal(SmallQueue, device.EnqueueBurst(0, ops), "ops taken");
        device.Dispose();
        work.RequireAllBack();
    }

    private void CheckTwoThreads()
    {
        using TDevice device = Open(Specifier);
        Expect.Offered(device.BaseInfo.QueuePairMax >= 2, "two queue pairs");
        Configure(device, 2);
        object prepared = Prepare(device);
        device.Start();
        PrepareStarted(device, prepared);
        var failures = new Exception?[2];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(queue => new Thread(() =>
        {
            try
            {
                using ConformanceWork<TOp> work = CreateWork(device, prepared, OpCount);
                for (int round = 0; round < 20; round++)
                {
                    RunAll(device, queue, work, OpCount / 2);
                }
            }
            catch (Exception e)
            {
                failures[queue] = e;
            }
        }))];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Exception? failure = failures[0] ?? failures[1];
        Expect.That(failure is null, $"a thread failed: {failure?.Message}");
    }

    private void CheckNoAllocation() => WithStarted(Specifier, 1, (device, work) =>
    {
        TOp[] ops = work.Make(SmallQueue);
        long least = long.MaxValue;

        // The first rounds may compile code and grow thread-local state; one clean round is the proof.
        for (int round = 0; round < 50 && least != 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            int sent = 0;
            int done = 0;
            while (done < SmallQueue)
            {
                sent += device.EnqueueBurst(0, ops.AsSpan(sent));
                done += device.DequeueBurst(0, ops.AsSpan(done, sent - done));
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            work.Renew(ops);
        }

        Expect.Equal(0L, least, $"bytes allocated by bursts of {SmallQueue} ops");
        work.Free(ops);
    });

    private void CheckMisuse() => WithStarted(With("checks=on"), 1, (device, work) =>
    {
        TOp[] ops = work.Make(2);
        Expect.Equal(1, device.EnqueueBurst(0, ops.AsSpan(0, 1)), "ops taken");
        Expect.Throws<InvalidOperationException>(() => device.EnqueueBurst(0, ops.AsSpan(0, 1)), "an op enqueued twice");
        Expect.Equal(1, device.EnqueueBurst(0, ops.AsSpan(1, 1)), "ops taken after the mistake");
        var back = new TOp[2];
        Collect(device, 0, back);
        Finish(work, back);
    });

    /// <summary>Opens, configures and starts the device, runs a body, and sees that every op and mbuf came back.</summary>
    private protected void WithStarted(string specifier, int queuePairCount, Action<TDevice, ConformanceWork<TOp>> body)
    {
        using TDevice device = Open(specifier);
        Configure(device, queuePairCount);
        for (int i = 0; i < queuePairCount; i++)
        {
            device.ConfigureQueuePair(i, new QueuePairOptions<TOp> { DescriptorCount = SmallQueue });
        }

        object prepared = Prepare(device);
        device.Start();
        PrepareStarted(device, prepared);
        using ConformanceWork<TOp> work = CreateWork(device, prepared, OpCount + 8);
        body(device, work);
        work.RequireAllBack();
    }

    /// <summary>Sends ops through the device and checks their answers.</summary>
    private protected static void RunAll(TDevice device, int queuePair, ConformanceWork<TOp> work, int count)
    {
        TOp[] ops = work.Make(count);
        var back = new TOp[count];
        int sent = 0;
        int done = 0;
        var patience = new Patience();
        while (done < count)
        {
            sent += device.EnqueueBurst(queuePair, ops.AsSpan(sent, Math.Min(32, count - sent)));
            int got = device.DequeueBurst(queuePair, back.AsSpan(done, Math.Min(32, count - done)));
            done += got;
            patience.Check(got != 0, $"{done} of {count} ops came back");
        }

        Finish(work, back);
    }

    /// <summary>Dequeues until the span is full.</summary>
    private protected static void Collect(TDevice device, int queuePair, Span<TOp> back)
    {
        int done = 0;
        var patience = new Patience();
        while (done < back.Length)
        {
            int got = device.DequeueBurst(queuePair, back[done..]);
            done += got;
            patience.Check(got != 0, $"{done} of {back.Length} ops came back");
        }
    }

    private static void Finish(ConformanceWork<TOp> work, ReadOnlySpan<TOp> back)
    {
        foreach (TOp op in back)
        {
            Expect.Equal(OpStatus.Success, op.Status, $"status of op {op.UserData}");
            work.Verify(op);
        }

        work.Free(back);
    }
}
