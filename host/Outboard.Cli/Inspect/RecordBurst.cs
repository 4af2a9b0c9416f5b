using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Host;

namespace Outboard.Cli.Inspect;

/// <summary>Takes a burst of record ops through queue pair 0 of a crypto device, every one of them.</summary>
internal static class RecordBurst
{
    /// <summary>Sends ops and waits until all are back, in order.</summary>
    /// <param name="device">The device; started, with nothing in flight.</param>
    /// <param name="clock">Ends the wait when the device makes no progress.</param>
    /// <param name="ops">The ops.</param>
    /// <param name="done">Where they come back to; as many as <paramref name="ops"/> or more.</param>
    public static void Run(CryptoDevice device, CycleClock clock, ReadOnlySpan<CryptoOp> ops, Span<CryptoOp> done)
    {
        int sent = 0;
        int finished = 0;
        var patience = new Patience(clock, device.Name);
        while (finished < ops.Length)
        {
            int accepted = device.EnqueueBurst(0, ops[sent..]);
            sent += accepted;
            int got = device.DequeueBurst(0, done[finished..ops.Length]);
            finished += got;
            if (accepted + got != 0)
            {
                patience.Reset();
            }
            else if (sent < ops.Length && sent == finished && device.GetRejection(0) is not EnqueueRejection.QueueFull)
            {
                // Refused for good: it keeps its status, which is not success.
                done[finished++] = ops[sent++];
            }
            else
            {
                patience.Wait();
            }
        }
    }
}
