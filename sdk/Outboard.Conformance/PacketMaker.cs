using Outboard.Mbufs;

namespace Outboard.Conformance;

/// <summary>Packets for checks.</summary>
internal static class PacketMaker
{
    /// <summary>Takes a chain of mbufs with the given bytes, cut at the given places; without cuts one mbuf.</summary>
    public static Mbuf Chain(MbufPool pool, ReadOnlySpan<byte> bytes, params ReadOnlySpan<int> cuts)
    {
        Mbuf head = default;
        int from = 0;
        for (int i = 0; i <= cuts.Length; i++)
        {
            int to = i == cuts.Length ? bytes.Length : Math.Clamp(cuts[i], from, bytes.Length);
            Expect.That(pool.TryAlloc(out Mbuf part), "the check's mbuf pool is empty.");
            Expect.That(part.TryAppend(to - from, out Span<byte> room), "the check's packet does not fit an mbuf.");
            bytes[from..to].CopyTo(room);
            from = to;
            if (head.IsNull)
            {
                head = part;
            }
            else
            {
                Expect.That(head.TryChain(part), "the check's packet does not chain.");
            }
        }

        return head;
    }
}
