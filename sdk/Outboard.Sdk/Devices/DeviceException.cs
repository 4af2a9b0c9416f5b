namespace Outboard.Devices;

/// <summary>A device could not do what it was asked, for a reason other than a bad argument or a call out of order.</summary>
public sealed class DeviceException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="device">The device's name.</param>
    /// <param name="message">What went wrong, the value, and what is allowed.</param>
    /// <param name="inner">The cause, where another exception was.</param>
    public DeviceException(string device, string message, Exception? inner = null)
        : base($"{device}: {message}", inner) => Device = device;

    /// <summary>The name of the device.</summary>
    public string Device { get; }
}
