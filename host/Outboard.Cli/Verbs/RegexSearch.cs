using Outboard.Devices;
using Outboard.Mbufs;
using Outboard.Regex;

namespace Outboard.Cli.Verbs;

/// <summary>Sends payloads through a device, one at a time, whole or as the buffers of a stream.</summary>
internal sealed class RegexSearch : IDisposable
{
    private const int SegmentMax = 32768;

    private readonly RegexSession _session;
    private readonly RegexOpPool _ops;
    private readonly MbufPool _mbufs;
    private readonly RegexOp[] _back = new RegexOp[1];

    /// <param name="session">The device; not started yet.</param>
    /// <param name="payloadMax">The longest payload there will be, in bytes.</param>
    public RegexSearch(RegexSession session, int payloadMax)
    {
        _session = session;
        _ops = new RegexOpPool(new RegexOpPoolOptions
        {
            Name = "regex test",
            Count = 1,
            CacheSize = 0,
            MatchesMax = session.Device.Configuration.MatchesMax,
        });
        _mbufs = new MbufPool(new MbufPoolOptions
        {
            Name = "regex test",
            Count = 1 + (payloadMax / SegmentMax),
            CacheSize = 0,
            DataRoomSize = SegmentMax + MbufPoolOptions.DefaultHeadroom,
        });
        session.Device.Start();
    }

    /// <summary>Searches one payload.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="cuts">Where it is cut into buffers of one stream, in ascending order; empty to search it whole.</param>
    public IEnumerable<RegexFinding> Run(byte[] payload, int[] cuts)
    {
        if (cuts.Length == 0)
        {
            yield return Search(payload, 0, 0, stream: 0, isLast: true);
            yield break;
        }

        nint stream = _session.Device.CreateStream();
        try
        {
            int start = 0;
            for (int i = 0; i <= cuts.Length; i++)
            {
                int end = i == cuts.Length ? payload.Length : Math.Min(cuts[i], payload.Length);
                yield return Search(payload.AsSpan(start, end - start), i, start, stream, isLast: i == cuts.Length);
                start = end;
            }
        }
        finally
        {
            _session.Device.ReleaseStream(stream);
        }
    }

    public void Dispose()
    {
        _session.Device.Stop();
        _ops.Dispose();
        _mbufs.Dispose();
    }

    private RegexFinding Search(ReadOnlySpan<byte> bytes, int buffer, int offset, nint stream, bool isLast)
    {
        RegexDevice device = _session.Device;
        if (bytes.Length > device.Info.PayloadLengthMax)
        {
            throw new UserException(
                $"a payload has {bytes.Length} bytes and {device.Name} takes {device.Info.PayloadLengthMax}; its argument payload_max raises that.");
        }

        if (!_ops.TryAlloc(out RegexOp op))
        {
            throw new WorkException("the op of the test is missing from its pool");
        }

        op.Mbuf = Packet(bytes);
        op.Stream = stream;
        op.SetGroup(0, _session.Group);
        op.RequestFlags |= isLast && stream != 0 ? RegexRequestFlags.EndOfStream : RegexRequestFlags.None;
        if (device.EnqueueBurst(0, [op]) != 1)
        {
            throw new WorkException($"{device.Name} did not take a payload of {bytes.Length} bytes: {device.GetRejection(0)}");
        }

        while (device.DequeueBurst(0, _back) == 0)
        {
            Thread.Yield();
        }

        if (op.Status != OpStatus.Success)
        {
            throw new WorkException($"{device.Name} ended a payload of {bytes.Length} bytes with {op.Status}");
        }

        var finding = new RegexFinding(buffer, offset, [.. op.Matches], op.ActualMatchCount, op.ResponseFlags);
        op.FreeWithBuffers();
        return finding;
    }

    private Mbuf Packet(ReadOnlySpan<byte> bytes)
    {
        Mbuf head = Segment(bytes[..Math.Min(SegmentMax, bytes.Length)]);
        for (int at = SegmentMax; at < bytes.Length; at += SegmentMax)
        {
            if (!head.TryChain(Segment(bytes.Slice(at, Math.Min(SegmentMax, bytes.Length - at)))))
            {
                throw new WorkException($"a payload of {bytes.Length} bytes does not fit into one packet");
            }
        }

        return head;
    }

    private Mbuf Segment(ReadOnlySpan<byte> data)
    {
        if (!_mbufs.TryAlloc(out Mbuf mbuf) || !mbuf.TryAppend(data.Length, out Span<byte> room))
        {
            throw new WorkException("the packet pool of the test is empty");
        }

        data.CopyTo(room);
        return mbuf;
    }
}
