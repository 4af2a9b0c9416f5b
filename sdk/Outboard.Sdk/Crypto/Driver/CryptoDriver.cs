using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Security.Driver;

namespace Outboard.Crypto.Driver;

/// <summary>A crypto device as its author writes it.</summary>
/// <remarks>The <see cref="CryptoDevice"/> in front has checked order, state and transforms against the capabilities.</remarks>
public abstract class CryptoDriver : OffloadDriver<CryptoOp>
{
    /// <summary>What the device is and can do.</summary>
    public abstract CryptoDeviceInfo Info { get; }

    /// <inheritdoc/>
    public sealed override DeviceInfo BaseInfo => Info;

    /// <summary>The security side of the driver, or null when it has none. Its sessions share the driver's handles.</summary>
    public virtual ISecurityDriver? Security => null;

    /// <summary>Takes a configuration.</summary>
    /// <param name="configuration">Within the limits of the info.</param>
    public abstract void Configure(CryptoConfiguration configuration);

    /// <summary>Creates a symmetric session; queue pairs may be polled meanwhile.</summary>
    /// <param name="transform">Within the capabilities; its keys are copied before the return.</param>
    /// <returns>A handle, as <see cref="SessionTable{TSession}"/> gives.</returns>
    public abstract uint CreateSession(CryptoTransform transform);

    /// <summary>Creates an asymmetric session; called only for what the capabilities list.</summary>
    /// <param name="transform">Within the capabilities.</param>
    public virtual uint CreateAsymmetricSession(AsymmetricTransform transform) =>
        throw new NotSupportedException($"{Info.Name} has no asymmetric sessions.");

    /// <summary>Frees a session and wipes its keys; later ops that name it are invalid.</summary>
    /// <param name="kind">Symmetric or asymmetric.</param>
    /// <param name="handle">The session.</param>
    public abstract void ReleaseSession(CryptoSessionKind kind, uint handle);

    /// <summary>Does ops at once in the calling thread; only with <see cref="CryptoFeatures.Synchronous"/>.</summary>
    /// <param name="ops">The ops.</param>
    public virtual void Process(ReadOnlySpan<CryptoOp> ops) =>
        throw new NotSupportedException($"{Info.Name} has no synchronous face.");
}
