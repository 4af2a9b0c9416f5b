using Outboard.Crypto.Driver;
using Outboard.Devices;
using Outboard.Security;

namespace Outboard.Crypto;

/// <summary>A device that ciphers, authenticates and protects records.</summary>
/// <remarks>
/// <code>
/// Configure -> [ConfigureQueuePair ...] -> CreateSession / Security.CreateSession ... -> Start
///   -> EnqueueBurst / DequeueBurst ... -> Stop -> dispose sessions -> Dispose
/// </code>
/// <para><i>Source</i>: DPDK's cryptodev; security sessions are in <see cref="Security"/>.</para>
/// </remarks>
public sealed class CryptoDevice : OffloadDevice<CryptoOp>
{
    private readonly CryptoDriver _driver;
    private readonly HashSet<CryptoSession> _sessions = [];

    internal CryptoDevice(CryptoDriver driver, bool withChecks)
        : base(driver, withChecks)
    {
        _driver = driver;
        if (driver.Security is { } security)
        {
            Security = new SecurityContext(driver.Info.Name, driver.Info.SecurityCapabilities, security, RequireSessionState);
        }
    }

    /// <summary>What the device is and can do.</summary>
    public CryptoDeviceInfo Info => _driver.Info;

    /// <summary>The device's security sessions, or null when it offers none.</summary>
    public SecurityContext? Security { get; }

    /// <summary>Configures the device; sessions stay.</summary>
    /// <param name="configuration">How.</param>
    /// <remarks><i>Order</i>: any but started.</remarks>
    /// <exception cref="InvalidOperationException">Called out of order, or ops wait to be dequeued.</exception>
    /// <exception cref="ArgumentException">A number is outside the device's limits.</exception>
    public void Configure(CryptoConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        lock (Control)
        {
            Require("Configure", DeviceState.Opened, DeviceState.Configured, DeviceState.Stopped);
            RequireRange(configuration.QueuePairCount, 1, Info.QueuePairMax, nameof(configuration.QueuePairCount));
            RequireDrained();
            _driver.Configure(configuration);
            ResetQueuePairs(configuration.QueuePairCount);
            State = DeviceState.Configured;
        }
    }

    /// <summary>Creates a symmetric session.</summary>
    /// <param name="transform">One transform, or a chain of a cipher and an authentication.</param>
    /// <remarks><i>Order</i>: configured, started or stopped.</remarks>
    /// <exception cref="ArgumentException">An algorithm or a size is not among the capabilities; the message lists what is.</exception>
    /// <exception cref="DeviceException">There are as many sessions as the device holds.</exception>
    public CryptoSession CreateSession(CryptoTransform transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        lock (Control)
        {
            RequireSessionState("CreateSession");
            TransformCheck.Check(Info, transform);
            return Add(new CryptoSession(this, CryptoSessionKind.Symmetric, _driver.CreateSession(transform)));
        }
    }

    /// <summary>Creates an asymmetric session.</summary>
    /// <param name="transform">Algorithm and keys.</param>
    /// <remarks><i>Order</i>: configured, started or stopped.</remarks>
    /// <exception cref="ArgumentException">The algorithm, curve, hash or padding is not among the capabilities, or a key is malformed.</exception>
    public CryptoSession CreateAsymmetricSession(AsymmetricTransform transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        lock (Control)
        {
            RequireSessionState("CreateAsymmetricSession");
            TransformCheck.Check(Info, transform);
            return Add(new CryptoSession(this, CryptoSessionKind.Asymmetric, _driver.CreateAsymmetricSession(transform)));
        }
    }

    /// <summary>Does ops at once in the calling thread, without a queue pair; each gets its status.</summary>
    /// <param name="ops">The ops; they stay the caller's.</param>
    /// <remarks>
    /// <i>Order</i>: started. <i>Thread</i>: any number of threads, each with ops of its own; a security session with
    /// a sequence number is used by one thread at a time.
    /// </remarks>
    /// <exception cref="NotSupportedException">The device has no synchronous face.</exception>
    /// <exception cref="InvalidOperationException">The device is not started.</exception>
    public void Process(ReadOnlySpan<CryptoOp> ops)
    {
        if (State != DeviceState.Started)
        {
            Require("Process", DeviceState.Started);
        }

        _driver.Process(ops);
    }

    internal void Release(CryptoSession session)
    {
        lock (Control)
        {
            if (_sessions.Remove(session))
            {
                _driver.ReleaseSession(session.Kind, session.Handle);
            }
        }
    }

    private protected override void DisposeCore()
    {
        base.DisposeCore();
        foreach (CryptoSession session in _sessions)
        {
            _driver.ReleaseSession(session.Kind, session.Handle);
        }

        _sessions.Clear();
        Security?.ReleaseAll();
    }

    private CryptoSession Add(CryptoSession session)
    {
        _sessions.Add(session);
        return session;
    }

    private void RequireSessionState(string call) =>
        Require(call, DeviceState.Configured, DeviceState.Started, DeviceState.Stopped);
}
