using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Regex;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>Checks the ops of one queue pair and finds their payloads.</summary>
internal sealed class RegexOpReader(RegexStreams streams, int groupCount, int payloadMax)
{
    private const RegexRequestFlags GroupFlags = RegexRequestFlags.Group0Valid | RegexRequestFlags.Group1Valid
        | RegexRequestFlags.Group2Valid | RegexRequestFlags.Group3Valid;

    private const RegexRequestFlags KnownFlags =
        GroupFlags | RegexRequestFlags.StopOnMatch | RegexRequestFlags.HighPriority | RegexRequestFlags.EndOfStream;

    private uint _group;

    /// <summary>Why the last op that was refused was refused.</summary>
    public EnqueueRejection Rejection { get; private set; }

    /// <summary>Says that the next op begins a new group.</summary>
    public void BeginGroup() => _group++;

    /// <summary>Reads an op into a payload.</summary>
    public PayloadOutcome Read(RegexOp op, GatherBuffer gather, ref RegexPayload payload)
    {
        Mbuf mbuf = op.Mbuf;
        RegexStream? stream = null;
        if (mbuf.IsNull || (op.RequestFlags & ~KnownFlags) != 0 || (op.Stream != 0 && !streams.TryGet(op.Stream, out stream)))
        {
            return Refuse(op, OpStatus.InvalidArguments, EnqueueRejection.InvalidArguments);
        }

        int packet = mbuf.PacketLength;
        int offset = op.PayloadOffset;
        int length = op.PayloadLength == RegexOp.ToEnd ? packet - offset : op.PayloadLength;
        if ((uint)offset > (uint)packet || length < 0 || length > packet - offset || length > payloadMax)
        {
            return Refuse(op, OpStatus.InvalidArguments, EnqueueRejection.InvalidArguments);
        }

        if (!TrySelectGroups(op, out payload.Groups))
        {
            return Refuse(op, OpStatus.InvalidSession, EnqueueRejection.InvalidSession);
        }

        payload.Op = op;
        payload.Stream = stream;
        payload.TailLength = 0;
        payload.IsGathered = false;
        payload.IsBroken = false;
        if (stream is null && mbuf.TryRead(offset, length, default, out ReadOnlySpan<byte> data))
        {
            payload.View = PayloadView.OfNative(data);
            return PayloadOutcome.Ready;
        }

        return Gather(op, offset, length, stream, gather, ref payload);
    }

    private PayloadOutcome Gather(
        RegexOp op, int offset, int length, RegexStream? stream, GatherBuffer gather, ref RegexPayload payload)
    {
        if (stream is not null && stream.Group == _group)
        {
            return PayloadOutcome.Later;
        }

        int tail = stream?.TailLength ?? 0;
        if (!gather.TryTake(tail + length, out Span<byte> room, out payload.View))
        {
            return PayloadOutcome.Later;
        }

        if (op.Mbuf.CopyTo(room[tail..], offset) != length)
        {
            payload.IsBroken = true;
            payload.Stream = null;
            payload.View = new PayloadView(payload.View.Address, 0);
            return PayloadOutcome.Ready;
        }

        if (stream is not null)
        {
            stream.Group = _group;
            stream.Tail.CopyTo(room);
        }

        payload.TailLength = tail;
        payload.IsGathered = true;
        return PayloadOutcome.Ready;
    }

    private bool TrySelectGroups(RegexOp op, out GroupSelection groups)
    {
        RegexRequestFlags valid = op.RequestFlags & GroupFlags;
        groups = new GroupSelection(1, 0, 0, 0, 0);
        if (valid == RegexRequestFlags.None)
        {
            return true;
        }

        Span<ushort> ids = stackalloc ushort[4];
        int count = 0;
        for (int slot = 0; slot < 4; slot++)
        {
            if ((valid & (RegexRequestFlags)(1 << slot)) != 0)
            {
                ids[count++] = op.GetGroup(slot);
            }
        }

        for (int i = 0; i < count; i++)
        {
            if (ids[i] >= groupCount)
            {
                return false;
            }
        }

        groups = new GroupSelection(count, ids[0], ids[1], ids[2], ids[3]);
        return true;
    }

    private PayloadOutcome Refuse(RegexOp op, OpStatus status, EnqueueRejection rejection)
    {
        op.Status = status;
        Rejection = rejection;
        return PayloadOutcome.Refused;
    }
}
