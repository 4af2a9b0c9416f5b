namespace Outboard.Devices.Driver;

/// <summary>The control path of a device as its author writes it, without what the class adds.</summary>
/// <remarks>
/// The device object in front of it has checked order, ranges and state, and serialises the calls: a driver does not
/// repeat those checks. It throws <see cref="DeviceException"/> for what only it can know.
/// </remarks>
public abstract class DeviceDriver : IDisposable
{
    /// <summary>What the device is and can do.</summary>
    public abstract DeviceInfo BaseInfo { get; }

    /// <summary>Gets ready for bursts.</summary>
    public abstract void Start();

    /// <summary>
    /// Ends the work: when it returns, every op in flight must be obtainable by dequeue bursts of its queue pair that
    /// wait for nothing, either completed or with status <see cref="OpStatus.Cancelled"/>.
    /// </summary>
    /// <remarks>No burst is inside the driver during the call.</remarks>
    public abstract void Stop();

    /// <summary>The driver's own counters; the same ids and names every time after configuration.</summary>
    public virtual IReadOnlyList<ExtendedStatistic> ReadExtendedStatistics() => [];

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the driver holds; queue pairs have been disposed before.</summary>
    /// <param name="disposing">Always true: drivers have no finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
