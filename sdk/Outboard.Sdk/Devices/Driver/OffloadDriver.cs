namespace Outboard.Devices.Driver;

/// <summary>A driver of a class whose work is ops: regex, ml and crypto.</summary>
/// <typeparam name="TOp">The op handle.</typeparam>
public abstract class OffloadDriver<TOp> : DeviceDriver
    where TOp : unmanaged, IOp
{
    /// <summary>Makes a queue pair, with everything that its bursts will need.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <param name="options">How it is set up; within the limits of the device's info.</param>
    public abstract OffloadQueuePair<TOp> CreateQueuePair(int index, QueuePairOptions<TOp> options);
}
