using Outboard.Ethernet.Driver;
using Outboard.Mbufs;

namespace Outboard.Ethernet;

/// <summary>Watches a receive queue for two threads inside and for malformed mbufs; see <c>checks=on</c>.</summary>
internal sealed class CheckedReceiveQueue(string device, int index, ReceiveQueue inner) : ReceiveQueue
{
    private int _thread;

    /// <inheritdoc/>
    public override EthernetStatistics Statistics => inner.Statistics;

    /// <inheritdoc/>
    public override int PendingCount => inner.PendingCount;

    /// <inheritdoc/>
    public override int ReceiveBurst(Span<Mbuf> mbufs)
    {
        QueueThread.Enter(ref _thread, device, "receive", index);
        try
        {
            int count = inner.ReceiveBurst(mbufs);
            foreach (Mbuf mbuf in mbufs[..count])
            {
                QueueThread.CheckMbuf(mbuf, device, "receive", index);
            }

            return count;
        }
        finally
        {
            Volatile.Write(ref _thread, 0);
        }
    }
}

/// <summary>Watches a transmit queue for two threads inside and for malformed mbufs; see <c>checks=on</c>.</summary>
internal sealed class CheckedTransmitQueue(string device, int index, TransmitQueue inner) : TransmitQueue
{
    private int _thread;

    /// <inheritdoc/>
    public override EthernetStatistics Statistics => inner.Statistics;

    /// <inheritdoc/>
    public override int PendingCount => inner.PendingCount;

    /// <inheritdoc/>
    public override int Prepare(ReadOnlySpan<Mbuf> mbufs) => inner.Prepare(mbufs);

    /// <inheritdoc/>
    public override int Cleanup(int count) => inner.Cleanup(count);

    /// <inheritdoc/>
    public override int TransmitBurst(ReadOnlySpan<Mbuf> mbufs)
    {
        QueueThread.Enter(ref _thread, device, "transmit", index);
        try
        {
            foreach (Mbuf mbuf in mbufs)
            {
                QueueThread.CheckMbuf(mbuf, device, "transmit", index);
            }

            return inner.TransmitBurst(mbufs);
        }
        finally
        {
            Volatile.Write(ref _thread, 0);
        }
    }
}

/// <summary>The checks that both directions share.</summary>
internal static class QueueThread
{
    public static void Enter(ref int thread, string device, string direction, int index)
    {
        int other = Interlocked.CompareExchange(ref thread, Environment.CurrentManagedThreadId, 0);
        if (other != 0)
        {
            throw new InvalidOperationException(
                $"{device}: thread {Environment.CurrentManagedThreadId} entered {direction} queue {index}, which thread {other} is in.");
        }
    }

    public static void CheckMbuf(Mbuf mbuf, string device, string direction, int index)
    {
        if (!mbuf.Check(out string? reason))
        {
            throw new InvalidOperationException($"{device}: {direction} queue {index}: malformed mbuf: {reason}");
        }
    }
}
