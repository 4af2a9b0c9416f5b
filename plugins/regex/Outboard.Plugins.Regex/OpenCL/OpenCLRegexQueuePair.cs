using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.OpenCL;
using Outboard.Plugins.Regex.Engine;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>
/// Takes ops into a ring, gathers their payloads into batches for the device's filter passes, and when a batch is complete scans the
/// payloads that were not cleared; ops come out in the order they went in.
/// </summary>
/// <remarks>
/// An open batch is sent when it is full, and at the end of every burst while the device has fewer batches than its depth: so a
/// lone op does not wait, and under load batches grow by themselves.
/// </remarks>
internal sealed partial class OpenCLRegexQueuePair : OffloadQueuePair<RegexOp>
{
    private readonly RegexOp[] _ring;
    private readonly GroupSelection[] _groups;
    private readonly int[] _lengths;
    private readonly FilterBatch[] _batches;
    private readonly OpenCLQueue _queue;
    private readonly OpenCLRegexDriver _driver;
    private readonly RegexOpReader _reader;
    private readonly GatherBuffer _gather;
    private readonly int _matchesMax;
    private readonly int _depth;
    private RulesInForce _rules;
    private long _oldestVersion;

    // Free-running: ops taken, ops gathered into batches, ops handed back.
    private uint _taken;
    private uint _gathered;
    private uint _returned;

    // The batches are a ring: those launched, oldest first, then perhaps one that is open.
    private int _oldest;
    private int _launched;
    private bool _isOpen;
    private bool _isStopped;

    /// <exception cref="OpenCLException">The device refused a queue, a kernel or a buffer.</exception>
    public OpenCLRegexQueuePair(
        OpenCLRegexDriver driver, OpenCLDeviceResources resources, QueuePairLimits limits, int descriptorCount)
    {
        _driver = driver;
        _ring = new RegexOp[descriptorCount];
        _groups = new GroupSelection[descriptorCount];
        _lengths = new int[descriptorCount];
        _reader = new RegexOpReader(new RegexStreams(tailMax: 0), limits.GroupCount, limits.PayloadLengthMax);
        _gather = new GatherBuffer(limits.PayloadLengthMax);
        _matchesMax = limits.MatchesMax;
        _depth = limits.Depth;

        // One more than run: it fills meanwhile.
        _batches = new FilterBatch[_depth + 1];
        _rules = null!;
        _queue = resources.Context.CreateQueue();
        try
        {
            var layout = new BatchLayout(limits.BatchMax, limits.PayloadLengthMax);
            for (int i = 0; i < _batches.Length; i++)
            {
                _batches[i] = new FilterBatch(resources.Context, _queue, resources.Program, layout, resources.Tuning);
            }
        }
        catch
        {
            Dispose(disposing: true);
            throw;
        }
    }

    public FilterCounters Counters { get; } = new();

    /// <summary>Counters of the scans on the host; they outlive a change of rules.</summary>
    public ScanStatistics ScanStatistics { get; } = new();

    /// <summary>What searches now; its counters may be read at any time.</summary>
    public RegexScanner Scanner => Volatile.Read(ref _rules).Scanner;

    /// <summary>How the device reaches the payloads, and why.</summary>
    public OpenCLBuffer Memory => _batches[0].Buffer;

    /// <summary>No rule set with a lesser version is in use here, nor will be. Any thread.</summary>
    public long OldestVersion => Volatile.Read(ref _oldestVersion);

    public override int InFlightCount => (int)(_taken - _returned);

    /// <summary>Puts other rules in force, from any thread; the next batch uses them.</summary>
    public void Replace(RulesInForce rules) => Volatile.Write(ref _rules, rules);

    public override int EnqueueBurst(ReadOnlySpan<RegexOp> ops)
    {
        Rejection = EnqueueRejection.None;
        int room = _ring.Length - InFlightCount;
        int count = 0;
        for (; count < ops.Length; count++)
        {
            if (count == room)
            {
                Rejection = EnqueueRejection.QueueFull;
                break;
            }

            if (!TryTake(ops[count]))
            {
                EnqueueErrorCount++;
                break;
            }
        }

        EnqueuedCount += (uint)count;
        Advance();
        return count;
    }

    public override int DequeueBurst(Span<RegexOp> ops)
    {
        Advance();
        int count = 0;
        while (count < ops.Length && _launched > 0)
        {
            FilterBatch batch = _batches[_oldest];
            if (!batch.IsComplete && !batch.BecomesComplete())
            {
                break;
            }

            for (; count < ops.Length && batch.Returned < batch.PayloadCount; count++)
            {
                ops[count] = Return(batch);
            }

            if (batch.Returned == batch.PayloadCount)
            {
                Close(batch);
                Advance();
            }
        }

        if (_isStopped && _launched == 0)
        {
            for (; count < ops.Length && _returned != _taken; count++)
            {
                ops[count] = ScanWithoutDevice();
            }
        }

        DequeuedCount += (uint)count;
        return count;
    }

    public void Start() => _isStopped = false;

    /// <summary>
    /// Ends the work of everything that is on the device; the rest is scanned by the host as it is dequeued. Control path.
    /// </summary>
    public void Stop()
    {
        if (_isOpen)
        {
            LaunchOpen();
        }

        _isStopped = true;
        _queue.Finish();
    }

    protected override void Dispose(bool disposing)
    {
        foreach (FilterBatch? batch in _batches)
        {
            batch?.Dispose();
        }

        _queue.Dispose();
        _driver.Forget(this);
    }

    /// <summary>Gathers waiting payloads into batches and sends what is to be sent.</summary>
    private void Advance()
    {
        while (_gathered != _taken && !_isStopped)
        {
            uint at = _gathered & (uint)(_ring.Length - 1);
            if (_isOpen && !Open.HasRoomFor(Math.Max(0, _lengths[at])) && !TryLaunchOpen())
            {
                return;
            }

            if (!_isOpen)
            {
                OpenNext();
            }

            Gather(at, Open.Add(Math.Max(0, _lengths[at])));
            _gathered++;
        }

        if (_isOpen)
        {
            TryLaunchOpen();
        }
        else if (_launched == 0)
        {
            // Nothing is in use: rules that were replaced meanwhile may be released.
            Publish(Volatile.Read(ref _rules).Tables.Version);
        }
    }

    private FilterBatch Open => _batches[(_oldest + _launched) % _batches.Length];

    private void OpenNext()
    {
        RulesInForce rules = Volatile.Read(ref _rules);
        Open.Open(rules);
        _isOpen = true;
        if (_launched == 0)
        {
            Publish(rules.Tables.Version);
        }
    }

    private bool TryLaunchOpen()
    {
        if (_launched == _depth)
        {
            return false;
        }

        LaunchOpen();
        return true;
    }

    private void LaunchOpen()
    {
        FilterBatch batch = Open;
        Counters.Batches++;
        Counters.Payloads += (uint)batch.PayloadCount;
        batch.Launch();
        _launched++;
        _isOpen = false;
    }

    /// <summary>The oldest batch is empty: the next one becomes the oldest.</summary>
    private void Close(FilterBatch batch)
    {
        if (!batch.Status.IsSuccess)
        {
            Counters.DeviceErrors++;
            Counters.LastDeviceError = (ulong)-batch.Status.Code;
        }

        _oldest = (_oldest + 1) % _batches.Length;
        _launched--;
        if (_launched > 0 || _isOpen)
        {
            Publish(_batches[_oldest].Rules.Tables.Version);
        }
    }

    /// <summary>A write that releases: whoever sees the version sees that older rules are no longer in use.</summary>
    private void Publish(long version)
    {
        if (_oldestVersion != version)
        {
            Volatile.Write(ref _oldestVersion, version);
        }
    }
}
