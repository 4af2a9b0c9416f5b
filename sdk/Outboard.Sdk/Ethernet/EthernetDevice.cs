using System.Numerics;
using System.Runtime.CompilerServices;
using Outboard.Devices;
using Outboard.Ethernet.Driver;
using Outboard.Mbufs;
using Outboard.Security;

namespace Outboard.Ethernet;

/// <summary>A port: receives frames into mbufs and transmits them.</summary>
/// <remarks>
/// <code>
/// Configure -> ConfigureReceiveQueue ... -> ConfigureTransmitQueue ... -> Start
///   -> ReceiveBurst / TransmitBurst ... -> Stop -> Dispose
/// </code>
/// <para><i>Source</i>: DPDK's ethdev.</para>
/// </remarks>
public sealed class EthernetDevice : Device
{
    private readonly EthernetDriver _driver;
    private readonly bool _checked;
    private EthernetConfiguration _configuration = new();
    private ReceiveGate[] _receiveGates = [];
    private TransmitGate[] _transmitGates = [];
    private ReceiveQueue?[] _receiveQueues = [];
    private TransmitQueue?[] _transmitQueues = [];
    private bool[] _receiveDeferred = [];
    private bool[] _transmitDeferred = [];
    private bool[] _receiveRunning = [];
    private bool[] _transmitRunning = [];
    private EthernetStatistics _closed;
    private EthernetStatistics _base;

    internal EthernetDevice(EthernetDriver driver, bool withChecks)
        : base(driver)
    {
        _driver = driver;
        _checked = withChecks;
        driver.Report = args => Changed?.Invoke(this, args);
        if (driver.Security is { } security)
        {
            Security = new SecurityContext(
                driver.Info.Name, driver.Info.SecurityCapabilities, security, call => Require(
                    call, DeviceState.Configured, DeviceState.Started, DeviceState.Stopped));
        }
    }

    /// <summary>Raised when something happens to the port; on a thread of the driver's, which must not be held up.</summary>
    public event EventHandler<EthernetEventArgs>? Changed;

    /// <summary>What the port is and can do.</summary>
    public EthernetDeviceInfo Info => _driver.Info;

    /// <summary>The configuration in force.</summary>
    public EthernetConfiguration Configuration => _configuration;

    /// <summary>The port's in-line security sessions, or null when it offers none.</summary>
    public SecurityContext? Security { get; }

    /// <summary>The link now.</summary>
    public EthernetLink Link
    {
        get
        {
            lock (Control)
            {
                ThrowIfDisposed();
                return _driver.ReadLink();
            }
        }
    }

    /// <summary>The counters of the port since the last reset.</summary>
    public EthernetStatistics Statistics
    {
        get
        {
            lock (Control)
            {
                return Total() - _base;
            }
        }
    }

    /// <summary>Takes received frames.</summary>
    /// <param name="queue">The receive queue, from 0.</param>
    /// <param name="mbufs">Where to; what is written belongs to the caller.</param>
    /// <returns>How many; 0 at once when there are none.</returns>
    /// <remarks><i>Thread</i>: one thread at a time for each queue.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReceiveBurst(int queue, Span<Mbuf> mbufs) => _receiveGates[queue].ReceiveBurst(mbufs);

    /// <summary>Hands frames over to be sent.</summary>
    /// <param name="queue">The transmit queue, from 0.</param>
    /// <param name="mbufs">The frames.</param>
    /// <returns>How many were taken: the first ones. Those the port frees once they are sent; the rest stays the caller's.</returns>
    /// <remarks><i>Thread</i>: one thread at a time for each queue.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int TransmitBurst(int queue, ReadOnlySpan<Mbuf> mbufs) => _transmitGates[queue].TransmitBurst(mbufs);

    /// <summary>Looks at frames before they are sent, and finishes headers where the device needs it.</summary>
    /// <param name="queue">The transmit queue, from 0.</param>
    /// <param name="mbufs">The frames; they stay the caller's.</param>
    /// <returns>How many, from the first, can be sent as they are; the next one asks for what the port does not do.</returns>
    public int PrepareTransmit(int queue, ReadOnlySpan<Mbuf> mbufs) =>
        _transmitQueues[queue]?.Prepare(mbufs) ?? throw new InvalidOperationException($"{Name}: transmit queue {queue} is not set up.");

    /// <summary>Frees mbufs of sent frames now instead of at a later burst.</summary>
    /// <param name="queue">The transmit queue; this counts as a burst of it.</param>
    /// <param name="count">How many frames at most; 0 for all.</param>
    /// <returns>How many frames were cleaned up.</returns>
    /// <exception cref="NotSupportedException">Not among the port's capabilities.</exception>
    public int CleanupTransmit(int queue, int count = 0)
    {
        RequireCapability(EthernetCapabilities.TransmitCleanup);
        return _transmitGates[queue].Cleanup(count);
    }

    /// <summary>Configures the port; queues set up before are released.</summary>
    /// <param name="configuration">How.</param>
    /// <remarks><i>Order</i>: any but started.</remarks>
    /// <exception cref="InvalidOperationException">Called out of order.</exception>
    /// <exception cref="ArgumentException">A number is outside the port's limits, or an offload is not offered.</exception>
    public void Configure(EthernetConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        lock (Control)
        {
            Require("Configure", DeviceState.Opened, DeviceState.Configured, DeviceState.Stopped);
            Check(configuration);
            CloseQueues();
            _driver.Configure(configuration);
            _configuration = configuration;
            int receive = configuration.ReceiveQueueCount;
            int transmit = configuration.TransmitQueueCount;
            _receiveQueues = new ReceiveQueue?[receive];
            _transmitQueues = new TransmitQueue?[transmit];
            _receiveDeferred = new bool[receive];
            _transmitDeferred = new bool[transmit];
            _receiveRunning = new bool[receive];
            _transmitRunning = new bool[transmit];
            _receiveGates = [.. Enumerable.Range(0, receive).Select(_ => new ReceiveGate())];
            _transmitGates = [.. Enumerable.Range(0, transmit).Select(_ => new TransmitGate())];
            State = DeviceState.Configured;
        }
    }

    /// <summary>Sets up a receive queue.</summary>
    /// <param name="index">The queue, from 0.</param>
    /// <param name="options">How; it names the pool.</param>
    /// <remarks><i>Order</i>: configured or stopped.</remarks>
    /// <exception cref="ArgumentException">The number of descriptors is out of range or not a power of two.</exception>
    public void ConfigureReceiveQueue(int index, ReceiveQueueOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (Control)
        {
            Require("ConfigureReceiveQueue", DeviceState.Configured, DeviceState.Stopped);
            RequireRange(index, 0, _receiveQueues.Length - 1, nameof(index));
            CheckDescriptors(options.DescriptorCount);
            ArgumentNullException.ThrowIfNull(options.Pool);
            CloseReceive(index);
            _receiveQueues[index] = _driver.CreateReceiveQueue(index, options);
            _receiveDeferred[index] = options.DeferredStart;
        }
    }

    /// <summary>Sets up a transmit queue.</summary>
    /// <param name="index">The queue, from 0.</param>
    /// <param name="options">How.</param>
    /// <remarks><i>Order</i>: configured or stopped.</remarks>
    /// <exception cref="ArgumentException">The number of descriptors is out of range or not a power of two.</exception>
    public void ConfigureTransmitQueue(int index, TransmitQueueOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (Control)
        {
            Require("ConfigureTransmitQueue", DeviceState.Configured, DeviceState.Stopped);
            RequireRange(index, 0, _transmitQueues.Length - 1, nameof(index));
            CheckDescriptors(options.DescriptorCount);
            CloseTransmit(index);
            _transmitQueues[index] = _driver.CreateTransmitQueue(index, options);
            _transmitDeferred[index] = options.DeferredStart;
        }
    }

    /// <summary>Starts a receive queue while the port runs.</summary>
    /// <param name="index">The queue, from 0.</param>
    /// <exception cref="NotSupportedException">Not among the port's capabilities.</exception>
    public void StartReceiveQueue(int index)
    {
        lock (Control)
        {
            RequireQueueChange("StartReceiveQueue", index, _receiveQueues.Length);
            if (!_receiveRunning[index])
            {
                RunReceive(index);
                Raise("started", index);
            }
        }
    }

    /// <summary>Stops a receive queue while the port runs; frames in it are dropped and counted as missed.</summary>
    /// <param name="index">The queue, from 0.</param>
    /// <exception cref="NotSupportedException">Not among the port's capabilities.</exception>
    public void StopReceiveQueue(int index)
    {
        lock (Control)
        {
            RequireQueueChange("StopReceiveQueue", index, _receiveQueues.Length);
            if (_receiveRunning[index])
            {
                HaltReceive(index);
                Raise("stopped", index);
            }
        }
    }

    /// <summary>Starts a transmit queue while the port runs.</summary>
    /// <param name="index">The queue, from 0.</param>
    /// <exception cref="NotSupportedException">Not among the port's capabilities.</exception>
    public void StartTransmitQueue(int index)
    {
        lock (Control)
        {
            RequireQueueChange("StartTransmitQueue", index, _transmitQueues.Length);
            if (!_transmitRunning[index])
            {
                RunTransmit(index);
                Raise("started", index);
            }
        }
    }

    /// <summary>Stops a transmit queue while the port runs; mbufs in it are freed.</summary>
    /// <param name="index">The queue, from 0.</param>
    /// <exception cref="NotSupportedException">Not among the port's capabilities.</exception>
    public void StopTransmitQueue(int index)
    {
        lock (Control)
        {
            RequireQueueChange("StopTransmitQueue", index, _transmitQueues.Length);
            if (_transmitRunning[index])
            {
                HaltTransmit(index);
                Raise("stopped", index);
            }
        }
    }

    /// <summary>The counters of one receive queue since it was set up; only the receive members count.</summary>
    /// <param name="index">The queue, from 0.</param>
    public EthernetStatistics GetReceiveQueueStatistics(int index) => Receive(index).Statistics;

    /// <summary>The counters of one transmit queue since it was set up; only the transmit members count.</summary>
    /// <param name="index">The queue, from 0.</param>
    public EthernetStatistics GetTransmitQueueStatistics(int index) => Transmit(index).Statistics;

    /// <summary>Frames received on a queue and not yet taken.</summary>
    /// <param name="index">The queue, from 0.</param>
    public int GetReceivePendingCount(int index) => Receive(index).PendingCount;

    /// <summary>Frames taken by a transmit queue and not yet completed.</summary>
    /// <param name="index">The queue, from 0.</param>
    public int GetTransmitPendingCount(int index) => Transmit(index).PendingCount;

    /// <summary>The state of a receive descriptor.</summary>
    /// <param name="index">The queue, from 0.</param>
    /// <param name="offset">How many places behind the next one to be taken.</param>
    public DescriptorStatus GetReceiveDescriptorStatus(int index, int offset)
    {
        RequireCapability(EthernetCapabilities.DescriptorStatus);
        return Receive(index).GetDescriptorStatus(offset);
    }

    /// <summary>The state of a transmit descriptor.</summary>
    /// <param name="index">The queue, from 0.</param>
    /// <param name="offset">How many places behind the next one to be used.</param>
    public DescriptorStatus GetTransmitDescriptorStatus(int index, int offset)
    {
        RequireCapability(EthernetCapabilities.DescriptorStatus);
        return Transmit(index).GetDescriptorStatus(offset);
    }

    /// <summary>Arms a receive queue's interrupt: poll once more before waiting, a frame may have come just before.</summary>
    /// <param name="index">The queue, from 0.</param>
    public void EnableReceiveInterrupt(int index)
    {
        RequireCapability(EthernetCapabilities.ReceiveInterrupts);
        Receive(index).EnableInterrupt();
    }

    /// <summary>Disarms a receive queue's interrupt.</summary>
    /// <param name="index">The queue, from 0.</param>
    public void DisableReceiveInterrupt(int index)
    {
        RequireCapability(EthernetCapabilities.ReceiveInterrupts);
        Receive(index).DisableInterrupt();
    }

    /// <summary>What an armed receive queue signals.</summary>
    /// <param name="index">The queue, from 0.</param>
    public WaitHandle GetReceiveInterruptHandle(int index)
    {
        RequireCapability(EthernetCapabilities.ReceiveInterrupts);
        return Receive(index).InterruptHandle;
    }

    /// <summary>Takes the link up or down.</summary>
    /// <param name="up">Up or down.</param>
    /// <exception cref="NotSupportedException">Not among the port's capabilities.</exception>
    public void SetLink(bool up)
    {
        lock (Control)
        {
            RequireCapability(EthernetCapabilities.SetLink);
            _driver.SetLink(up);
        }
    }

    /// <summary>Sets the MTU.</summary>
    /// <param name="mtu">In bytes, within the port's limits.</param>
    /// <remarks><i>Order</i>: configured or stopped; also started with <see cref="EthernetCapabilities.LiveMtu"/>.</remarks>
    public void SetMtu(int mtu)
    {
        lock (Control)
        {
            if (Info.Capabilities.HasFlag(EthernetCapabilities.LiveMtu))
            {
                Require("SetMtu", DeviceState.Configured, DeviceState.Started, DeviceState.Stopped);
            }
            else
            {
                Require("SetMtu", DeviceState.Configured, DeviceState.Stopped);
            }

            RequireRange(mtu, Info.MtuMin, Info.MtuMax, nameof(mtu));
            _driver.SetMtu(mtu);
            _configuration = _configuration with { Mtu = mtu };
        }
    }

    /// <summary>Sets the port's address.</summary>
    /// <param name="address">The address of one station.</param>
    /// <exception cref="NotSupportedException">Not among the port's capabilities.</exception>
    public void SetMacAddress(MacAddress address)
    {
        lock (Control)
        {
            RequireCapability(EthernetCapabilities.SetMacAddress);
            if (address.IsMulticast)
            {
                throw new ArgumentException($"{Name}: {address} is the address of a group.", nameof(address));
            }

            _driver.SetMacAddress(address);
        }
    }

    /// <summary>Switches promiscuous mode.</summary>
    /// <param name="on">On or off.</param>
    /// <exception cref="NotSupportedException">Not among the port's capabilities.</exception>
    public void SetPromiscuous(bool on)
    {
        lock (Control)
        {
            RequireCapability(EthernetCapabilities.Promiscuous);
            _driver.SetPromiscuous(on);
        }
    }

    /// <summary>Switches reception of all multicast.</summary>
    /// <param name="on">On or off.</param>
    /// <exception cref="NotSupportedException">Not among the port's capabilities.</exception>
    public void SetAllMulticast(bool on)
    {
        lock (Control)
        {
            RequireCapability(EthernetCapabilities.AllMulticast);
            _driver.SetAllMulticast(on);
        }
    }

    /// <summary>The RSS key and hash types in force.</summary>
    public RssConfiguration GetRss()
    {
        lock (Control)
        {
            RequireRss("GetRss", live: true);
            return _driver.ReadRss();
        }
    }

    /// <summary>Sets the RSS key and hash types.</summary>
    /// <param name="rss">With an empty key the one in force stays.</param>
    /// <remarks><i>Order</i>: configured or stopped; also started with <see cref="EthernetCapabilities.LiveRssUpdate"/>.</remarks>
    public void SetRss(RssConfiguration rss)
    {
        ArgumentNullException.ThrowIfNull(rss);
        lock (Control)
        {
            RequireRss("SetRss", Info.Capabilities.HasFlag(EthernetCapabilities.LiveRssUpdate));
            Check(rss);
            _driver.SetRss(rss);
        }
    }

    /// <summary>The RSS indirection table in force.</summary>
    public ushort[] GetReta()
    {
        lock (Control)
        {
            RequireRss("GetReta", live: true);
            var table = new ushort[Info.RetaLength];
            _driver.ReadReta(table);
            return table;
        }
    }

    /// <summary>Sets the whole RSS indirection table.</summary>
    /// <param name="queues">A receive queue for each of <see cref="EthernetDeviceInfo.RetaLength"/> entries.</param>
    /// <remarks><i>Order</i>: configured or stopped; also started with <see cref="EthernetCapabilities.LiveRetaUpdate"/>.</remarks>
    public void SetReta(ReadOnlySpan<ushort> queues)
    {
        lock (Control)
        {
            RequireRss("SetReta", Info.Capabilities.HasFlag(EthernetCapabilities.LiveRetaUpdate));
            if (queues.Length != Info.RetaLength)
            {
                throw new ArgumentException($"{Name}: the indirection table has {Info.RetaLength} entries, not {queues.Length}.");
            }

            foreach (ushort queue in queues)
            {
                RequireRange(queue, 0, _receiveQueues.Length - 1, nameof(queues));
            }

            _driver.SetReta(queues);
        }
    }

    private protected override void StartCore()
    {
        RequireQueues(_receiveQueues, "receive");
        RequireQueues(_transmitQueues, "transmit");
        _driver.Start();
        for (int i = 0; i < _transmitQueues.Length; i++)
        {
            if (!_transmitDeferred[i])
            {
                RunTransmit(i);
            }
        }

        for (int i = 0; i < _receiveQueues.Length; i++)
        {
            if (!_receiveDeferred[i])
            {
                RunReceive(i);
            }
        }
    }

    private protected override void StopCore()
    {
        for (int i = 0; i < _receiveQueues.Length; i++)
        {
            if (_receiveRunning[i])
            {
                HaltReceive(i);
            }
        }

        for (int i = 0; i < _transmitQueues.Length; i++)
        {
            if (_transmitRunning[i])
            {
                HaltTransmit(i);
            }
        }

        _driver.Stop();
    }

    private protected override void DisposeCore()
    {
        CloseQueues();
        Security?.ReleaseAll();
    }

    private protected override void ResetStatisticsCore() => _base = Total();

    private void RunReceive(int index)
    {
        _driver.StartReceiveQueue(index);
        ReceiveQueue queue = _receiveQueues[index]!;
        _receiveGates[index].Swap(_checked ? new CheckedReceiveQueue(Name, index, queue) : queue);
        _receiveRunning[index] = true;
    }

    private void HaltReceive(int index)
    {
        _receiveGates[index].Swap(IdleReceiveQueue.Instance);
        _driver.StopReceiveQueue(index);
        _receiveRunning[index] = false;
    }

    private void RunTransmit(int index)
    {
        _driver.StartTransmitQueue(index);
        TransmitQueue queue = _transmitQueues[index]!;
        _transmitGates[index].Swap(_checked ? new CheckedTransmitQueue(Name, index, queue) : queue);
        _transmitRunning[index] = true;
    }

    private void HaltTransmit(int index)
    {
        _transmitGates[index].Swap(IdleTransmitQueue.Instance);
        _driver.StopTransmitQueue(index);
        _transmitRunning[index] = false;
    }

    private void CloseQueues()
    {
        for (int i = 0; i < _receiveQueues.Length; i++)
        {
            CloseReceive(i);
        }

        for (int i = 0; i < _transmitQueues.Length; i++)
        {
            CloseTransmit(i);
        }
    }

    private void CloseReceive(int index)
    {
        if (_receiveQueues[index] is { } queue)
        {
            _closed += queue.Statistics;
            _receiveQueues[index] = null;
            queue.Dispose();
        }
    }

    private void CloseTransmit(int index)
    {
        if (_transmitQueues[index] is { } queue)
        {
            _closed += queue.Statistics;
            _transmitQueues[index] = null;
            queue.Dispose();
        }
    }

    private EthernetStatistics Total()
    {
        EthernetStatistics total = _closed;
        foreach (ReceiveQueue? queue in _receiveQueues)
        {
            total += queue?.Statistics ?? default;
        }

        foreach (TransmitQueue? queue in _transmitQueues)
        {
            total += queue?.Statistics ?? default;
        }

        return total;
    }

    private ReceiveQueue Receive(int index) =>
        _receiveQueues[index] ?? throw new InvalidOperationException($"{Name}: receive queue {index} is not set up.");

    private TransmitQueue Transmit(int index) =>
        _transmitQueues[index] ?? throw new InvalidOperationException($"{Name}: transmit queue {index} is not set up.");

    private void Raise(string what, int queue) =>
        Changed?.Invoke(this, new EthernetEventArgs(EthernetEvent.QueueStateChanged, $"the application {what} it", queue));

    private void Check(EthernetConfiguration configuration)
    {
        RequireRange(configuration.ReceiveQueueCount, 1, Info.QueuePairMax, nameof(configuration.ReceiveQueueCount));
        RequireRange(configuration.TransmitQueueCount, 1, Info.QueuePairMax, nameof(configuration.TransmitQueueCount));
        if (configuration.Mtu != 0)
        {
            RequireRange(configuration.Mtu, Info.MtuMin, Info.MtuMax, nameof(configuration.Mtu));
        }

        if ((configuration.ReceiveOffloads & ~Info.ReceiveOffloads) is var receive and not ReceiveOffloads.None)
        {
            throw new ArgumentException($"{Name} does not offer the receive offloads {receive}; it offers {Info.ReceiveOffloads}.");
        }

        if ((configuration.TransmitOffloads & ~Info.TransmitOffloads) is var transmit and not TransmitOffloads.None)
        {
            throw new ArgumentException($"{Name} does not offer the transmit offloads {transmit}; it offers {Info.TransmitOffloads}.");
        }

        if (configuration.ReceiveInterrupts)
        {
            RequireCapability(EthernetCapabilities.ReceiveInterrupts);
        }

        Check(configuration.Rss);
    }

    private void Check(RssConfiguration rss)
    {
        if ((rss.HashTypes & ~Info.RssHashTypes) is var types and not RssHashTypes.None)
        {
            throw new ArgumentException($"{Name} does not hash {types}; it hashes {Info.RssHashTypes}.");
        }

        if (rss.Key.Length != 0 && rss.Key.Length != Info.RssKeyLength)
        {
            throw new ArgumentException($"{Name}: an RSS key has {Info.RssKeyLength} bytes, not {rss.Key.Length}.");
        }
    }

    private void CheckDescriptors(int count)
    {
        RequireRange(count, Info.DescriptorMin, Info.DescriptorMax, "DescriptorCount");
        if (!BitOperations.IsPow2(count))
        {
            throw new ArgumentException($"{Name}: DescriptorCount {count} is not a power of two.");
        }
    }

    private void RequireQueues<T>(T?[] queues, string direction)
        where T : class
    {
        int missing = Array.IndexOf(queues, null);
        if (missing >= 0)
        {
            throw new InvalidOperationException($"{Name}: {direction} queue {missing} is not set up.");
        }
    }

    private void RequireQueueChange(string call, int index, int count)
    {
        Require(call, DeviceState.Started);
        RequireRange(index, 0, count - 1, nameof(index));
        RequireCapability(EthernetCapabilities.RuntimeQueueState);
    }

    private void RequireRss(string call, bool live)
    {
        if (Info.RetaLength == 0)
        {
            throw new NotSupportedException($"{Name} has no RSS.");
        }

        if (live)
        {
            Require(call, DeviceState.Configured, DeviceState.Started, DeviceState.Stopped);
        }
        else
        {
            Require(call, DeviceState.Configured, DeviceState.Stopped);
        }
    }

    private void RequireCapability(EthernetCapabilities capability)
    {
        ThrowIfDisposed();
        if (!Info.Capabilities.HasFlag(capability))
        {
            throw new NotSupportedException($"{Name}: {capability} is not among the port's capabilities: {Info.Capabilities}.");
        }
    }
}
