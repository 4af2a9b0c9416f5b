using System.Runtime.ExceptionServices;

namespace Outboard.Host;

/// <summary>A worker thread bound to one CPU.</summary>
/// <remarks>
/// <code>
/// lcore.Launch(self => { while (!self.IsStopRequested) { ... } });
/// ...
/// lcore.RequestStop();
/// lcore.Join();                     // throws what the worker threw
/// </code>
/// Made by <see cref="LcoreGroup"/>. <para><i>Thread</i>: launched and joined by one thread; the stop flag may be set by any.</para>
/// </remarks>
public sealed class Lcore
{
    private Thread? _thread;
    private Exception? _failure;
    private volatile bool _stopRequested;

    internal Lcore(int cpu) => Cpu = cpu;

    /// <summary>The CPU's number.</summary>
    public int Cpu { get; }

    /// <summary>Whether the thread is bound to its CPU; false before the launch and where the system does not allow it.</summary>
    public bool IsPinned { get; private set; }

    /// <summary>Whether a worker runs.</summary>
    public bool IsRunning => _thread is { IsAlive: true };

    /// <summary>Whether the worker should come to an end; a worker polls it once a burst.</summary>
    public bool IsStopRequested => _stopRequested;

    /// <summary>Starts a worker.</summary>
    /// <param name="main">What it does. It is given this lcore.</param>
    /// <exception cref="InvalidOperationException">A worker runs here, or ran and was not joined.</exception>
    public void Launch(Action<Lcore> main)
    {
        ArgumentNullException.ThrowIfNull(main);
        if (_thread is not null)
        {
            throw new InvalidOperationException($"lcore {Cpu} has a worker that was not joined.");
        }

        _stopRequested = false;
        _failure = null;
        _thread = new Thread(() => Run(main)) { Name = $"lcore-{Cpu}", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Asks the worker to come to an end.</summary>
    public void RequestStop() => _stopRequested = true;

    /// <summary>Waits for the worker's end; what it threw is thrown here. Without a worker it returns at once.</summary>
    public void Join() => Join(TimeSpan.FromMilliseconds(Timeout.Infinite));

    /// <summary>Waits a while for the worker's end; what it threw is thrown here.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <returns>Whether it has ended.</returns>
    public bool Join(TimeSpan timeout)
    {
        if (_thread is null)
        {
            return true;
        }

        if (!_thread.Join(timeout))
        {
            return false;
        }

        _thread = null;
        if (_failure is { } failure)
        {
            _failure = null;
            ExceptionDispatchInfo.Throw(failure);
        }

        return true;
    }

    private void Run(Action<Lcore> main)
    {
        IsPinned = CpuAffinity.TryPin(Cpu);
        try
        {
            main(this);
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }
}
