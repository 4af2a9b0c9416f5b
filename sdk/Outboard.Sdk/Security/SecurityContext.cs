using Outboard.Security.Driver;

namespace Outboard.Security;

/// <summary>The security sessions of a device that offers them: a crypto device, or a port with inline security.</summary>
/// <remarks>
/// Sessions are made, updated and disposed by control calls; the device that the context belongs to takes their ops.
/// <para><i>Thread</i>: any thread, one at a time is seen to.</para>
/// <para><i>Source</i>: DPDK's security library.</para>
/// </remarks>
public sealed class SecurityContext
{
    private readonly string _device;
    private readonly ISecurityDriver _driver;
    private readonly Action<string> _requireState;
    private readonly Lock _lock = new();
    private readonly HashSet<SecuritySession> _sessions = [];

    internal SecurityContext(
        string device, IReadOnlyList<SecurityCapability> capabilities, ISecurityDriver driver, Action<string> requireState)
    {
        _device = device;
        Capabilities = capabilities;
        _driver = driver;
        _requireState = requireState;
    }

    /// <summary>The protocols offered.</summary>
    public IReadOnlyList<SecurityCapability> Capabilities { get; }

    /// <summary>Creates a session.</summary>
    /// <param name="transform">Protocol and keys.</param>
    /// <remarks><i>Order</i>: the device is configured, started or stopped.</remarks>
    /// <exception cref="ArgumentException">Not among the capabilities, or a member is out of range; the message says which.</exception>
    public SecuritySession CreateSession(SecurityTransform transform)
    {
        ArgumentNullException.ThrowIfNull(transform);
        _requireState("CreateSession");
        SecurityTransformCheck.Check(_device, Capabilities, transform);
        lock (_lock)
        {
            var session = new SecuritySession(this, _driver.CreateSecuritySession(transform), transform);
            _sessions.Add(session);
            return session;
        }
    }

    /// <summary>Gives a session new keys and numbers (a key update, a re-establishment); none of its ops is in flight.</summary>
    /// <param name="session">The session.</param>
    /// <param name="transform">Of the same protocol.</param>
    /// <exception cref="ArgumentException">Not among the capabilities, of another protocol, or not a session of this device.</exception>
    public void UpdateSession(SecuritySession session, SecurityTransform transform)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(transform);
        SecurityTransformCheck.Check(_device, Capabilities, transform);
        lock (_lock)
        {
            RequireOurs(session);
            if (session.Protocol != transform.GetType())
            {
                throw new ArgumentException($"{_device}: a {session.Protocol.Name} session cannot become a {transform.GetType().Name} one.");
            }

            _driver.UpdateSecuritySession(session.Handle, transform);
        }
    }

    internal SecurityStatistics ReadStatistics(SecuritySession session)
    {
        lock (_lock)
        {
            RequireOurs(session);
            return _driver.ReadSecurityStatistics(session.Handle);
        }
    }

    internal void Release(SecuritySession session)
    {
        lock (_lock)
        {
            if (_sessions.Remove(session))
            {
                _driver.ReleaseSecuritySession(session.Handle);
            }
        }
    }

    internal void ReleaseAll()
    {
        lock (_lock)
        {
            foreach (SecuritySession session in _sessions)
            {
                _driver.ReleaseSecuritySession(session.Handle);
            }

            _sessions.Clear();
        }
    }

    private void RequireOurs(SecuritySession session)
    {
        if (!_sessions.Contains(session))
        {
            throw new ArgumentException($"{_device} has no such security session, or it is disposed.", nameof(session));
        }
    }
}
