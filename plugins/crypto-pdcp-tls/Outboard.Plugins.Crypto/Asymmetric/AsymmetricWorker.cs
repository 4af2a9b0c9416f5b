namespace Outboard.Plugins.Crypto.Asymmetric;

/// <summary>A thread that does asymmetric ops, which take tens of microseconds to milliseconds, so that no poll loop waits for one.</summary>
/// <remarks>It starts with the first asymmetric session, sleeps when there is nothing to do, and ends with the device.</remarks>
internal sealed class AsymmetricWorker : IDisposable
{
    // Looks this often before it sleeps: an op posted meanwhile costs the poster no system call.
    private const int LooksBeforeSleep = 200;

    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly Lock _lock = new();
    private readonly string _name;
    private AsymmetricLane[] _lanes = [];
    private Thread? _thread;
    private bool _asleep;
    private bool _ended;

    public AsymmetricWorker(string name) => _name = name;

    /// <summary>Starts the thread, once.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (_thread is null)
            {
                _thread = new Thread(Loop) { IsBackground = true, Name = _name };
                _thread.Start();
            }
        }
    }

    /// <summary>Makes the lane of a queue pair.</summary>
    /// <param name="capacity">Ops in flight at most, a power of two.</param>
    public AsymmetricLane Add(int capacity)
    {
        var lane = new AsymmetricLane(this, capacity);
        lock (_lock)
        {
            Volatile.Write(ref _lanes, [.. _lanes, lane]);
        }

        return lane;
    }

    /// <summary>Takes away the lane of a queue pair that is gone; what still waits in it is not done.</summary>
    public void Remove(AsymmetricLane lane)
    {
        lane.Close();
        lock (_lock)
        {
            Volatile.Write(ref _lanes, [.. _lanes.Where(one => one != lane)]);
        }
    }

    /// <summary>Wakes the thread where it sleeps.</summary>
    public void Wake()
    {
        // What was posted must be seen by a worker that goes to sleep now, or its sleep by us.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _asleep))
        {
            _wake.Set();
        }
    }

    public void Dispose()
    {
        Volatile.Write(ref _ended, true);
        _wake.Set();
        _thread?.Join();
        _wake.Dispose();
    }

    private void Loop()
    {
        for (int looks = 0; !Volatile.Read(ref _ended); looks++)
        {
            if (Look())
            {
                looks = 0;
                continue;
            }

            if (looks < LooksBeforeSleep)
            {
                Thread.SpinWait(20);
                continue;
            }

            Volatile.Write(ref _asleep, true);
            Interlocked.MemoryBarrier();
            if (!Look())
            {
                _wake.WaitOne();
            }

            Volatile.Write(ref _asleep, false);
            looks = 0;
        }
    }

    private bool Look()
    {
        bool any = false;
        foreach (AsymmetricLane lane in Volatile.Read(ref _lanes))
        {
            any |= lane.Work();
        }

        return any;
    }
}
