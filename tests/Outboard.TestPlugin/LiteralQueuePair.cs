using Outboard.Devices;
using Outboard.Devices.Driver;
using Outboard.Regex;
using Outboard.Regex.Driver;

namespace Outboard.TestPlugin;

/// <summary>Searches at enqueue and keeps what is done until it is dequeued.</summary>
internal sealed class LiteralQueuePair(LiteralDriver driver, int descriptorCount) : OffloadQueuePair<RegexOp>
{
    private readonly RegexOp[] _done = new RegexOp[descriptorCount];
    private int _head;
    private int _count;

    public override int InFlightCount => _count;

    public override int EnqueueBurst(ReadOnlySpan<RegexOp> ops)
    {
        int taken = Math.Min(ops.Length, _done.Length - _count);
        for (int i = 0; i < taken; i++)
        {
            Search(ops[i]);
            _done[(_head + _count++) % _done.Length] = ops[i];
        }

        EnqueuedCount += (uint)taken;
        Rejection = taken == ops.Length ? EnqueueRejection.None : EnqueueRejection.QueueFull;
        return taken;
    }

    public override int DequeueBurst(Span<RegexOp> ops)
    {
        int given = Math.Min(ops.Length, _count);
        for (int i = 0; i < given; i++)
        {
            ops[i] = _done[_head];
            _head = (_head + 1) % _done.Length;
            _count--;
        }

        DequeuedCount += (uint)given;
        return given;
    }

    private void Search(RegexOp op)
    {
        ReadOnlySpan<byte> payload = op.Mbuf.Data[op.PayloadOffset..];
        payload = op.PayloadLength < 0 ? payload : payload[..op.PayloadLength];
        Span<RegexMatch> room = op.GetMatchBuffer();
        int found = 0;
        foreach (RegexRule rule in driver.Rules)
        {
            int at = payload.IndexOf(rule.Pattern.Span);
            if (at >= 0 && found < room.Length)
            {
                room[found++] = new RegexMatch(rule.Id, at, rule.Pattern.Length, 0);
            }
        }

        op.SetResult(OpStatus.Success, found, found, RegexResponseFlags.None);
    }
}
