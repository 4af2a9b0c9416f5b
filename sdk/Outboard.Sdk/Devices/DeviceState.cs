namespace Outboard.Devices;

/// <summary>Where a device stands in its life.</summary>
/// <remarks><c>Opened -> Configured -> Started -> Stopped -> (Configured | Started) ... -> Disposed</c>.</remarks>
public enum DeviceState
{
    /// <summary>Opened; it must be configured next.</summary>
    Opened,

    /// <summary>Configured; queues, sessions, rules and models are set up now.</summary>
    Configured,

    /// <summary>Started; bursts run.</summary>
    Started,

    /// <summary>Stopped; it may be started again, configured anew, or disposed.</summary>
    Stopped,

    /// <summary>Disposed; nothing may be called.</summary>
    Disposed,
}
