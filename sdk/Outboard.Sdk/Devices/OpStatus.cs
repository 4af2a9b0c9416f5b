namespace Outboard.Devices;

/// <summary>What became of an op; the values hold for every class.</summary>
public enum OpStatus : byte
{
    /// <summary>Done, and the result is valid.</summary>
    Success = 0,

    /// <summary>Not looked at yet: what a fresh op says.</summary>
    NotProcessed = 1,

    /// <summary>The tag or MAC did not verify; the output has been wiped.</summary>
    AuthenticationFailed = 2,

    /// <summary>The session, rule group or model is absent or not usable.</summary>
    InvalidSession = 3,

    /// <summary>An offset, length, buffer or flag is wrong.</summary>
    InvalidArguments = 4,

    /// <summary>The device failed.</summary>
    Error = 5,

    /// <summary>The device was stopped before the op was processed.</summary>
    Cancelled = 6,

    /// <summary>The record or PDU was seen before, or is outside the replay window.</summary>
    Replayed = 7,

    /// <summary>The session's sequence number, COUNT or packet limit is used up; it must be re-keyed.</summary>
    LifetimeExceeded = 8,
}
