namespace Outboard.Devices;

/// <summary>Why the op after the accepted prefix of the last enqueue burst was not taken.</summary>
public enum EnqueueRejection
{
    /// <summary>Everything was taken.</summary>
    None,

    /// <summary>The queue pair is full: dequeue, then try again.</summary>
    QueueFull,

    /// <summary>The op's arguments are wrong; its status says so, and trying again will not help.</summary>
    InvalidArguments,

    /// <summary>The op names a session, rule group or model that is absent or not usable now.</summary>
    InvalidSession,

    /// <summary>The device is not started.</summary>
    NotStarted,
}
