namespace Outboard.Sdk.Tests.Security.Pdcp;

/// <summary>TS 38.323 5.2.2 word for word, over a dictionary.</summary>
internal sealed class PdcpReceiverModel(int bits, bool outOfOrder, long reorderingTime, long start)
{
    private readonly SortedDictionary<long, int> _buffer = [];
    private readonly HashSet<long> _received = [];
    private readonly long _window = 1L << (bits - 1);
    private readonly long _modulus = 1L << bits;
    private long _expiry;

    public long Next { get; private set; } = start;

    public long Deliv { get; private set; } = start;

    public long Reord { get; private set; }

    public bool Running { get; private set; }

    public List<int> Delivered { get; } = [];

    public int StoredCount => _buffer.Count;

    /// <summary>RCVD_COUNT; outside 0 to 2^32 - 1 it is none.</summary>
    public long Count(long sequence)
    {
        long hfn = Deliv / _modulus, expected = Deliv % _modulus;
        hfn += sequence < expected - _window ? 1 : sequence >= expected + _window ? -1 : 0;
        return (hfn * _modulus) + sequence;
    }

    public void Receive(long count, int number, long now)
    {
        if (count < Deliv || !_received.Add(count))
        {
            return;
        }

        _buffer[count] = number;
        Next = Math.Max(Next, count + 1);
        if (outOfOrder)
        {
            Delivered.Add(number);
        }

        if (count == Deliv)
        {
            Deliv = DeliverFrom(Deliv);
        }

        Running &= Deliv < Reord;
        Restart(now);
    }

    public void Poll(long now)
    {
        while (Running && now >= _expiry)
        {
            Running = false;
            foreach (long count in _buffer.Keys.Where(count => count < Reord).ToArray())
            {
                Deliver(count);
            }

            Deliv = DeliverFrom(Reord);
            Restart(now);
        }
    }

    private long DeliverFrom(long count)
    {
        for (; _buffer.ContainsKey(count); count++)
        {
            Deliver(count);
        }

        return count;
    }

    private void Deliver(long count)
    {
        if (!outOfOrder)
        {
            Delivered.Add(_buffer[count]);
        }

        _buffer.Remove(count);
    }

    private void Restart(long now)
    {
        if (!Running && Deliv < Next)
        {
            Reord = Next;
            Running = true;
            _expiry = now + reorderingTime;
        }
    }
}
