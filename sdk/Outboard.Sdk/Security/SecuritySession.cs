namespace Outboard.Security;

/// <summary>A security session of a device.</summary>
/// <remarks>
/// Made by <see cref="SecurityContext.CreateSession"/>. It counts sequence numbers, so its ops go through one queue
/// pair. It is disposed once none of its ops is in flight.
/// </remarks>
public sealed class SecuritySession : IDisposable
{
    private readonly SecurityContext _context;
    private bool _disposed;

    internal SecuritySession(SecurityContext context, uint handle, SecurityTransform transform)
    {
        _context = context;
        Handle = handle;
        Protocol = transform.GetType();
    }

    /// <summary>The device's number for the session, with a generation: a stale one is recognised.</summary>
    public uint Handle { get; }

    /// <summary>The session's counters.</summary>
    public SecurityStatistics Statistics => _context.ReadStatistics(this);

    /// <summary>The type of the session's transform.</summary>
    internal Type Protocol { get; }

    /// <summary>Frees the session and wipes its keys.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _context.Release(this);
        }
    }
}
