using Outboard.Crypto;
using Outboard.Crypto.Driver;
using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Plugins;

namespace Outboard.Testing.NullDevices;

/// <summary>Ciphers nothing: the null cipher in place.</summary>
internal sealed class NullCryptoDriver : CryptoDriver
{
    private readonly SessionTable<CryptoTransform> _sessions;

    public NullCryptoDriver(DriverContext context)
    {
        _sessions = new SessionTable<CryptoTransform>(context.DeviceName, 1024);
        Info = new CryptoDeviceInfo
        {
            Name = context.DeviceName,
            Driver = context.DriverName,
            Backend = "null",
            Kernels = NullPlugin.Kernels,
            QueuePairMax = 4,
            DescriptorMax = 4096,
            Features = CryptoFeatures.Symmetric | CryptoFeatures.InPlaceScatterGather,
            Capabilities = [new CipherCapability(CipherAlgorithm.Null, 1, SizeRange.Only(0), SizeRange.Only(0))],
            AsymmetricCapabilities = [],
            SecurityCapabilities = [],
            SessionsMax = 1024,
        };
    }

    public override CryptoDeviceInfo Info { get; }

    public override void Configure(CryptoConfiguration configuration)
    {
    }

    public override uint CreateSession(CryptoTransform transform) => _sessions.Add(transform);

    public override void ReleaseSession(CryptoSessionKind kind, uint handle) => _sessions.Remove(handle);

    public override OffloadQueuePair<CryptoOp> CreateQueuePair(int index, QueuePairOptions<CryptoOp> options) =>
        new QueuePair(_sessions, options.DescriptorCount);

    public override void Start()
    {
    }

    public override void Stop()
    {
    }

    private sealed class QueuePair(SessionTable<CryptoTransform> sessions, int descriptorCount)
        : NullQueuePair<CryptoOp>(descriptorCount)
    {
        protected override OpStatus Process(CryptoOp op)
        {
            if (op.SessionKind != CryptoSessionKind.Symmetric || !sessions.TryGet(op.SessionHandle, out _))
            {
                return OpStatus.InvalidSession;
            }

            if (op.Source.IsNull || op.CipherOffset < 0 || op.CipherLength < 0
                || op.CipherOffset + op.CipherLength > op.Source.PacketLength)
            {
                return OpStatus.InvalidArguments;
            }

            op.Status = OpStatus.Success;
            return OpStatus.Success;
        }
    }
}
