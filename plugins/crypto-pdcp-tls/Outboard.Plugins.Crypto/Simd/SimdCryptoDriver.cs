using System.Globalization;
using Outboard.Crypto;
using Outboard.Crypto.Driver;
using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Plugins.Crypto.Asymmetric;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.Emitted;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Pdcp;
using Outboard.Plugins.Crypto.Symmetric;
using Outboard.Plugins.Crypto.Tls;
using Outboard.Security;
using Outboard.Security.Driver;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>The driver <c>crypto_simd</c>.</summary>
/// <remarks>Arguments: <c>queues</c>, queue pairs at most (64); <c>sessions</c>, sessions at most (65536);
/// <c>asym_workers</c>, threads that do asymmetric ops (1), started with the first asymmetric session;
/// <c>emit</c>, whether kernels that are emitted at run time may be used (on).</remarks>
internal sealed class SimdCryptoDriver : CryptoDriver, ISecurityDriver
{
    private const int DescriptorMax = 1 << 16;

    private readonly Lock _lock = new();
    private readonly KeyStore _keys;
    private readonly AlgorithmTable _algorithms;
    private readonly SessionlessSession _sessionless;
    private readonly SynchronousBursts _bursts = new();
    private readonly AsymmetricWorker[] _workers;
    private readonly SessionTable<SimdSession> _sessions;
    private readonly SelfTestProbe? _probe;
    private SimdQueuePair?[] _queuePairs = [];

    /// <param name="context">Arguments and widths.</param>
    /// <param name="probe">Sees the results of the self-test.</param>
    /// <param name="withoutLibrary">Why there is to be no libcrypto, for a device without; null to use what the system has.</param>
    public SimdCryptoDriver(DriverContext context, SelfTestProbe? probe = null, string? withoutLibrary = null)
    {
        int queues = context.Arguments.TakeInt32("queues", 64, 1, 1024);
        int sessions = context.Arguments.TakeInt32("sessions", 65536, 1, 1 << 20);
        _workers = new AsymmetricWorker[context.Arguments.TakeInt32("asym_workers", 1, 1, 16)];
        for (int i = 0; i < _workers.Length; i++)
        {
            _workers[i] = new AsymmetricWorker($"{context.DeviceName} asymmetric {i}");
        }

        _probe = probe;
        bool emitted = context.Arguments.TakeBoolean("emit", true);
        _algorithms = new AlgorithmTable(context.Simd, emitted);
        _sessionless = new SessionlessSession(_algorithms);
        _sessions = new SessionTable<SimdSession>(context.DeviceName, sessions);
        _keys = new KeyStore();
        string? obstacle = withoutLibrary ?? OpenSsl.Obstacle;
        Info = new CryptoDeviceInfo
        {
            Name = context.DeviceName,
            Driver = context.DriverName,
            Backend = $"SIMD; emitted code {Emitted(emitted)}; keys {_keys.Protection}; asymmetric by "
                + (obstacle is null ? OpenSsl.Version : $"nothing ({obstacle})"),
            Kernels = [.. _algorithms.Units.Select(unit => unit.Choice)],
            QueuePairMax = queues,
            DescriptorMax = DescriptorMax,
            Features = SimdCapabilities.Features(asymmetric: obstacle is null),
            Capabilities = _algorithms.Capabilities,
            AsymmetricCapabilities = AsymmetricCapabilities.With(obstacle),
            SecurityCapabilities = [.. TlsUnits.Capabilities(_algorithms), .. SimdCapabilities.Security],
            SessionsMax = sessions,
        };
    }

    /// <inheritdoc/>
    public override CryptoDeviceInfo Info { get; }

    /// <inheritdoc/>
    public override ISecurityDriver Security => this;

    /// <inheritdoc/>
    public override void Configure(CryptoConfiguration configuration) =>
        _queuePairs = new SimdQueuePair?[configuration.QueuePairCount];

    /// <inheritdoc/>
    public override OffloadQueuePair<CryptoOp> CreateQueuePair(int index, QueuePairOptions<CryptoOp> options)
    {
        var made = new SimdQueuePair(_sessions, _sessionless, _workers[index % _workers.Length], options.DescriptorCount);
        _queuePairs[index] = made;
        return made;
    }

    /// <inheritdoc/>
    public override void Start()
    {
        var test = new UnitSelfTest(_keys, _probe);
        foreach (CryptoUnit unit in _algorithms.Units)
        {
            if (unit.SelfTest(test) is { } failed)
            {
                throw new DeviceException(
                    Info.Name, $"the self-test of {failed} failed: this kernel gives wrong results here, the device does not start.");
            }
        }
    }

    /// <inheritdoc/>
    public override void Stop()
    {
        // Whatever waits is done by the dequeue that asks for it: there is nothing to end.
    }

    /// <inheritdoc/>
    public override uint CreateSession(CryptoTransform transform) => Add(new SymmetricSession(_keys, _algorithms, transform));

    /// <inheritdoc/>
    public override uint CreateAsymmetricSession(AsymmetricTransform transform)
    {
        AsymmetricCapability capability = Info.AsymmetricCapabilities.First(one => one.Algorithm == transform.Algorithm);
        uint handle = Add(new AsymmetricSession(capability, transform));
        foreach (AsymmetricWorker worker in _workers)
        {
            worker.Start();
        }

        return handle;
    }

    /// <inheritdoc/>
    public override void ReleaseSession(CryptoSessionKind kind, uint handle) => Release(handle);

    /// <inheritdoc/>
    public override void Process(ReadOnlySpan<CryptoOp> ops)
    {
        Burst burst = _bursts.Take();
        var batch = default(SessionBatch);
        while (!ops.IsEmpty)
        {
            // The longest run of good ops; a bad one gets its status here and is left out.
            int run = 0, limit = Math.Min(ops.Length, Burst.OpMax);
            OpStatus status = OpStatus.Success;
            for (; run < limit; run++)
            {
                status = OpCheck.Check(ops[run], _sessions, _sessionless, out SimdSession? session);
                if (status != OpStatus.Success)
                {
                    ops[run].Status = status;
                    break;
                }

                batch[run].Session = session!;
            }

            if (run != 0)
            {
                CryptoEngine.Process(ops[..run], ((ReadOnlySpan<SessionSlot>)batch)[..run], burst);
            }

            ops = ops[(status == OpStatus.Success ? run : run + 1)..];
        }

        _bursts.Return(burst);
    }

    /// <inheritdoc/>
    public uint CreateSecuritySession(SecurityTransform transform) => Add(transform switch
    {
        TlsRecordTransform tls => new TlsSession(_keys, _algorithms, tls),
        PdcpTransform pdcp => new PdcpSession(_keys, _algorithms, pdcp),
        _ => throw new ArgumentException($"{Info.Name} does not know the transform {transform.GetType().Name}."),
    });

    /// <inheritdoc/>
    public void UpdateSecuritySession(uint handle, SecurityTransform transform)
    {
        switch (Find(handle))
        {
            case TlsSession tls when transform is TlsRecordTransform to:
                tls.Update(_keys, _algorithms, to);
                break;
            case PdcpSession pdcp when transform is PdcpTransform to:
                pdcp.Update(_keys, _algorithms, to);
                break;
            default:
                throw new ArgumentException($"{Info.Name}: session {handle:x} is not of the protocol of {transform.GetType().Name}.");
        }
    }

    /// <inheritdoc/>
    public void ReleaseSecuritySession(uint handle) => Release(handle);

    /// <inheritdoc/>
    public SecurityStatistics ReadSecurityStatistics(uint handle) => Find(handle) switch
    {
        TlsSession tls => tls.Counters.Read(),
        PdcpSession pdcp => pdcp.Counters.Read(),
        _ => throw new ArgumentException($"{Info.Name}: session {handle:x} is not a security session."),
    };

    /// <inheritdoc/>
    public override IReadOnlyList<ExtendedStatistic> ReadExtendedStatistics()
    {
        var all = new List<ExtendedStatistic>();
        for (int q = 0; q < _queuePairs.Length; q++)
        {
            for (int i = 0; i < EngineCounters.Names.Length; i++)
            {
                ulong value = _queuePairs[q] is { } pair ? pair.Counters.Get(i) : 0;
                string name = string.Create(CultureInfo.InvariantCulture, $"q{q}_{EngineCounters.Names[i]}");
                all.Add(new ExtendedStatistic(all.Count, name, value));
            }
        }

        EngineCounters synchronous = _bursts.ReadCounters();
        for (int i = 0; i < EngineCounters.Names.Length; i++)
        {
            all.Add(new ExtendedStatistic(all.Count, $"synchronous_{EngineCounters.Names[i]}", synchronous.Get(i)));
        }

        all.Add(new ExtendedStatistic(all.Count, "unprotected_key_pages", (ulong)_keys.UnprotectedCount));
        return all;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (AsymmetricWorker worker in _workers)
        {
            worker.Dispose();
        }

        _bursts.Dispose();
        _keys.Dispose();
    }

    private static string Emitted(bool allowed) =>
        !allowed ? "off (emit=off)" : EmittedCode.Obstacle is { } obstacle ? $"absent ({obstacle})" : "at hand";

    // Symmetric and security sessions are created under different locks of the SDK and share this table.
    private uint Add(SimdSession session)
    {
        // What the expansion of its keys left behind.
        CryptoEngine.WipeTraces();
        lock (_lock)
        {
            try
            {
                return _sessions.Add(session);
            }
            catch
            {
                session.Release(_keys);
                throw;
            }
        }
    }

    private SimdSession Find(uint handle) =>
        _sessions.TryGet(handle, out SimdSession? session)
            ? session
            : throw new ArgumentException($"{Info.Name} has no session {handle:x}.", nameof(handle));

    private void Release(uint handle)
    {
        lock (_lock)
        {
            _sessions.Remove(handle).Release(_keys);
        }
    }

    [System.Runtime.CompilerServices.InlineArray(Burst.OpMax)]
    private struct SessionBatch
    {
        private SessionSlot _first;
    }
}
