using Outboard.Devices;

namespace Outboard.Cli.Bench;

/// <summary>Keeps a queue pair busy with the same ops again and again.</summary>
internal sealed class OffloadLoop<TOp>(OffloadDevice<TOp> device, TOp[] ops)
    where TOp : unmanaged, IOp, IEquatable<TOp>
{
    private readonly TOp[] _back = new TOp[ops.Length];

    /// <summary>Sends the ops through, whole bursts at a time.</summary>
    /// <param name="items">About how many ops.</param>
    /// <returns>How many were done.</returns>
    /// <exception cref="WorkException">An op failed or was refused.</exception>
    public int Run(int items)
    {
        int turns = Math.Max(1, items / ops.Length);
        for (int turn = 0; turn < turns; turn++)
        {
            int sent = 0;
            int done = 0;
            while (done < ops.Length)
            {
                sent += device.EnqueueBurst(0, ops.AsSpan(sent));
                if (sent < ops.Length && device.GetRejection(0) is not (EnqueueRejection.QueueFull or EnqueueRejection.None))
                {
                    throw new WorkException($"{device.Name}: an op was refused: {device.GetRejection(0)}.");
                }

                done += device.DequeueBurst(0, _back.AsSpan(done, sent - done));
            }
        }

        foreach (TOp op in ops)
        {
            if (op.Status != OpStatus.Success)
            {
                throw new WorkException($"{device.Name}: an op ended with {op.Status}.");
            }
        }

        return turns * ops.Length;
    }
}
