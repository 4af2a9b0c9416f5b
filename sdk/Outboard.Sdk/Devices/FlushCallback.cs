namespace Outboard.Devices;

/// <summary>Receives, at stop, each op that is still in a queue pair; the op and its buffers are the application's again.</summary>
/// <typeparam name="TOp">The op handle.</typeparam>
/// <param name="queuePair">The queue pair.</param>
/// <param name="op">The op, completed or with status <see cref="OpStatus.Cancelled"/>.</param>
public delegate void FlushCallback<TOp>(int queuePair, TOp op);
