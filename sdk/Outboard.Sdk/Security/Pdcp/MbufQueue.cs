using System.Numerics;
using Outboard.Mbufs;

namespace Outboard.Security.Pdcp;

/// <summary>Packets in order, in room taken once.</summary>
internal sealed class MbufQueue(int capacity)
{
    private readonly Mbuf[] _slots = new Mbuf[(int)BitOperations.RoundUpToPowerOf2((uint)capacity)];
    private uint _head;
    private uint _tail;

    public int Count => (int)(_tail - _head);

    public void Add(Mbuf packet) => _slots[_tail++ & (uint)(_slots.Length - 1)] = packet;

    public int Take(Span<Mbuf> packets)
    {
        int count = Math.Min(Count, packets.Length);
        for (int i = 0; i < count; i++)
        {
            ref Mbuf slot = ref _slots[_head++ & (uint)(_slots.Length - 1)];
            packets[i] = slot;
            slot = default;
        }

        return count;
    }
}
