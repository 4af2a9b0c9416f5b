using Outboard.Devices.Driver;

namespace Outboard.Devices;

/// <summary>What the devices of all classes share: a name, a life and counters.</summary>
/// <remarks>
/// <code>Open -> Configure -> (set up queues, sessions, rules, models) -> Start -> bursts -> Stop -> Dispose</code>
/// A call out of order throws <see cref="InvalidOperationException"/> and names the state.
/// <para><i>Thread</i>: control calls may come from any thread, one at a time is seen to. Bursts: one thread at a time
/// for each queue. <see cref="Stop"/> and <see cref="Dispose"/> may be called while other threads still poll: they wait
/// until no burst is inside the driver, and later bursts move nothing.</para>
/// </remarks>
public abstract class Device : IDisposable
{
    private readonly DeviceDriver _driver;
    private ulong[] _extendedBase = [];

    private protected Device(DeviceDriver driver)
    {
        ArgumentNullException.ThrowIfNull(driver);
        _driver = driver;
    }

    /// <summary>The instance's name, such as <c>regex_simd0</c>.</summary>
    public string Name => _driver.BaseInfo.Name;

    /// <summary>The class.</summary>
    public DeviceClass Class => _driver.BaseInfo.Class;

    /// <summary>What the device is and can do, without the class's own members.</summary>
    public DeviceInfo BaseInfo => _driver.BaseInfo;

    /// <summary>Where the device stands in its life.</summary>
    public DeviceState State { get; private protected set; }

    /// <summary>Serialises control calls.</summary>
    private protected Lock Control { get; } = new();

    /// <summary>The driver's own counters since the last reset.</summary>
    /// <exception cref="ObjectDisposedException">The device is disposed.</exception>
    public IReadOnlyList<ExtendedStatistic> GetExtendedStatistics()
    {
        lock (Control)
        {
            ThrowIfDisposed();
            var list = new List<ExtendedStatistic>(_driver.ReadExtendedStatistics());
            for (int i = 0; i < list.Count && i < _extendedBase.Length; i++)
            {
                list[i] = list[i] with { Value = list[i].Value - Math.Min(_extendedBase[i], list[i].Value) };
            }

            return list;
        }
    }

    /// <summary>Sets every counter back to zero.</summary>
    /// <exception cref="ObjectDisposedException">The device is disposed.</exception>
    public void ResetStatistics()
    {
        lock (Control)
        {
            ThrowIfDisposed();
            IReadOnlyList<ExtendedStatistic> list = _driver.ReadExtendedStatistics();
            _extendedBase = [.. list.Select(statistic => statistic.Value)];
            ResetStatisticsCore();
        }
    }

    /// <summary>Starts the device: from now on bursts move work.</summary>
    /// <remarks><i>Order</i>: configured or stopped, every queue set up.</remarks>
    /// <exception cref="InvalidOperationException">Called out of order.</exception>
    /// <exception cref="DeviceException">The device could not start; it stays as it was.</exception>
    public void Start()
    {
        lock (Control)
        {
            Require("Start", DeviceState.Configured, DeviceState.Stopped);
            StartCore();
            State = DeviceState.Started;
        }
    }

    /// <summary>Stops the device.</summary>
    /// <remarks>
    /// <i>Order</i>: started. What is in flight comes back: through the flush callback where the queue pair has one,
    /// otherwise through dequeue bursts after the stop.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Called out of order.</exception>
    public void Stop()
    {
        lock (Control)
        {
            Require("Stop", DeviceState.Started);
            State = DeviceState.Stopped;
            StopCore();
        }
    }

    /// <summary>Stops the device if need be and releases everything; what nobody dequeued goes back to its pools.</summary>
    public void Dispose()
    {
        lock (Control)
        {
            if (State == DeviceState.Disposed)
            {
                return;
            }

            bool started = State == DeviceState.Started;
            State = DeviceState.Disposed;
            try
            {
                if (started)
                {
                    StopCore();
                }

                DisposeCore();
            }
            finally
            {
                _driver.Dispose();
            }
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract void StartCore();

    private protected abstract void StopCore();

    private protected abstract void DisposeCore();

    private protected abstract void ResetStatisticsCore();

    /// <summary>Refuses a call that comes out of order.</summary>
    private protected void Require(string call, params ReadOnlySpan<DeviceState> allowed)
    {
        ThrowIfDisposed();
        if (!allowed.Contains(State))
        {
            throw new InvalidOperationException(
                $"{Name}: {call} is not possible while the device is {State}; it must be {string.Join(" or ", allowed.ToArray())}.");
        }
    }

    private protected void ThrowIfDisposed() =>
        ObjectDisposedException.ThrowIf(State == DeviceState.Disposed, this);

    /// <summary>Refuses a number outside a device's limits.</summary>
    private protected void RequireRange(int value, int minimum, int maximum, string parameter)
    {
        if (value < minimum || value > maximum)
        {
            throw new ArgumentOutOfRangeException(
                parameter, value, $"{Name} takes {parameter} from {minimum} to {maximum}.");
        }
    }
}
