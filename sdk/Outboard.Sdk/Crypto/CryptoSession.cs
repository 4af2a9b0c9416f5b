namespace Outboard.Crypto;

/// <summary>A symmetric or asymmetric session of a device.</summary>
/// <remarks>
/// Made by <see cref="CryptoDevice.CreateSession"/> or <see cref="CryptoDevice.CreateAsymmetricSession"/>. It may be
/// used on every queue pair of its device at once. It is disposed once none of its ops is in flight; an op that names
/// it afterwards is refused as <see cref="Devices.OpStatus.InvalidSession"/>.
/// </remarks>
public sealed class CryptoSession : IDisposable
{
    private readonly CryptoDevice _device;
    private bool _disposed;

    internal CryptoSession(CryptoDevice device, CryptoSessionKind kind, uint handle)
    {
        _device = device;
        Kind = kind;
        Handle = handle;
    }

    /// <summary>Symmetric or asymmetric.</summary>
    public CryptoSessionKind Kind { get; }

    /// <summary>The device's number for the session, with a generation: a stale one is recognised.</summary>
    public uint Handle { get; }

    /// <summary>Frees the session and wipes its keys.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _device.Release(this);
        }
    }
}
