namespace Outboard.Security.Driver;

/// <summary>The security side of a driver.</summary>
/// <remarks>The <see cref="SecurityContext"/> in front has checked transforms against the capabilities, and serialises the calls.</remarks>
public interface ISecurityDriver
{
    /// <summary>Creates a session; queue pairs may be polled meanwhile.</summary>
    /// <param name="transform">Within the capabilities; its keys are copied before the return.</param>
    /// <returns>A handle that is not 0.</returns>
    uint CreateSecuritySession(SecurityTransform transform);

    /// <summary>Gives a session new keys and numbers; no op of it is in flight.</summary>
    /// <param name="handle">The session.</param>
    /// <param name="transform">Within the capabilities, of the same protocol.</param>
    void UpdateSecuritySession(uint handle, SecurityTransform transform);

    /// <summary>Frees a session and wipes its keys.</summary>
    /// <param name="handle">The session.</param>
    void ReleaseSecuritySession(uint handle);

    /// <summary>The counters of a session.</summary>
    /// <param name="handle">The session.</param>
    SecurityStatistics ReadSecurityStatistics(uint handle);
}
