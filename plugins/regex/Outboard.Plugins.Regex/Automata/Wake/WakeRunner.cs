using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Kernels.ByteScan;

namespace Outboard.Plugins.Regex.Automata.Wake;

/// <summary>
/// Runs a <see cref="WakeAutomaton"/> over the payloads of a burst. Four payloads go through the table together, because each look-up waits
/// for the one before it; a payload that ends makes room for the next.
/// </summary>
internal sealed unsafe class WakeRunner(ByteScanKernel byteScan)
{
    private const int Lanes = 4;

    private readonly Lane[] _lanes = new Lane[Lanes];
    private int _nextPayload;

    /// <summary>Tells the rules that match, for each payload.</summary>
    public void Run(WakeAutomaton automaton, ReadOnlySpan<PayloadView> burst, WakeLists lists)
    {
        _nextPayload = 0;
        if (automaton.IdleRow >= 0)
        {
            RunSkipping(automaton, burst, lists);
        }
        else
        {
            RunLanes(automaton, burst, lists);
        }
    }

    /// <summary>One payload after the other, from a byte that matters to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunSkipping(WakeAutomaton automaton, ReadOnlySpan<PayloadView> burst, WakeLists lists)
    {
        ref ushort table = ref MemoryMarshal.GetArrayDataReference(automaton.Table);
        ref byte map = ref MemoryMarshal.GetArrayDataReference(automaton.Map);
        ref Lane lane = ref _lanes[0];
        uint idle = (uint)automaton.IdleRow;
        while (Refill(automaton, burst, lists, ref lane))
        {
            var bytes = new ReadOnlySpan<byte>(lane.Bytes, lane.Limit);
            uint row = lane.Row;
            int at = lane.At;
            while (at < bytes.Length)
            {
                if (row == idle)
                {
                    at = byteScan.IndexOf(automaton.Wake!, bytes, at);
                    if (at < 0)
                    {
                        break;
                    }
                }

                uint place = row + Unsafe.Add(ref map, bytes[at++]);
                uint entry = Unsafe.Add(ref table, place);
                if ((entry & WakeAutomaton.EventBit) != 0 && !Happened(automaton, lists, ref lane, place, ref entry))
                {
                    row = 0;
                    break;
                }

                row = entry * WakeAutomaton.Unit;
            }

            lane.Row = row;
            Finish(automaton, lists, ref lane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunLanes(WakeAutomaton automaton, ReadOnlySpan<PayloadView> burst, WakeLists lists)
    {
        ref ushort table = ref MemoryMarshal.GetArrayDataReference(automaton.Table);
        ref byte map = ref MemoryMarshal.GetArrayDataReference(automaton.Map);
        Span<Lane> lanes = _lanes;
        int active = 0;
        for (int i = 0; i < Lanes; i++)
        {
            active += Refill(automaton, burst, lists, ref lanes[i]) ? 1 : 0;
        }

        while (active > 0)
        {
            int steps = int.MaxValue;
            byte* spare = null;
            for (int i = 0; i < Lanes; i++)
            {
                if (lanes[i].Active)
                {
                    steps = Math.Min(steps, lanes[i].Limit - lanes[i].At);
                    spare = lanes[i].Bytes + lanes[i].At;
                }
            }

            // A lane without a payload stays in the dead state, whose row leads nowhere, and reads along with another.
            byte* p0 = Place(lanes[0], spare);
            byte* p1 = Place(lanes[1], spare);
            byte* p2 = Place(lanes[2], spare);
            byte* p3 = Place(lanes[3], spare);
            uint r0 = lanes[0].Row;
            uint r1 = lanes[1].Row;
            uint r2 = lanes[2].Row;
            uint r3 = lanes[3].Row;
            uint events = 0;
            nint k = 0;
            uint e0 = 0, e1 = 0, e2 = 0, e3 = 0;
            for (; k < steps; k++)
            {
                e0 = Unsafe.Add(ref table, (nuint)(r0 + Unsafe.Add(ref map, (nuint)p0[k])));
                e1 = Unsafe.Add(ref table, (nuint)(r1 + Unsafe.Add(ref map, (nuint)p1[k])));
                e2 = Unsafe.Add(ref table, (nuint)(r2 + Unsafe.Add(ref map, (nuint)p2[k])));
                e3 = Unsafe.Add(ref table, (nuint)(r3 + Unsafe.Add(ref map, (nuint)p3[k])));
                events = (e0 | e1 | e2 | e3) & WakeAutomaton.EventBit;
                if (events != 0)
                {
                    break;
                }

                r0 = e0 * WakeAutomaton.Unit;
                r1 = e1 * WakeAutomaton.Unit;
                r2 = e2 * WakeAutomaton.Unit;
                r3 = e3 * WakeAutomaton.Unit;
            }

            Advance(automaton, lists, ref lanes[0], r0, e0, (int)k, events != 0);
            Advance(automaton, lists, ref lanes[1], r1, e1, (int)k, events != 0);
            Advance(automaton, lists, ref lanes[2], r2, e2, (int)k, events != 0);
            Advance(automaton, lists, ref lanes[3], r3, e3, (int)k, events != 0);
            for (int i = 0; i < Lanes; i++)
            {
                ref Lane lane = ref lanes[i];
                if (lane.Active && (lane.Row == 0 || lane.At >= lane.Limit))
                {
                    Finish(automaton, lists, ref lane);
                    active -= Refill(automaton, burst, lists, ref lane) ? 0 : 1;
                }
            }
        }
    }

    private static byte* Place(in Lane lane, byte* spare) => lane.Active ? lane.Bytes + lane.At : spare;

    /// <summary>Moves a lane on: the plain steps, then the one in which some lane had an event.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(
        WakeAutomaton automaton, WakeLists lists, ref Lane lane, uint row, uint entry, int steps, bool stopped)
    {
        if (!lane.Active)
        {
            return;
        }

        lane.Row = row;
        lane.At += steps;
        if (stopped)
        {
            uint place = row + automaton.Map[lane.Bytes[lane.At++]];
            if ((entry & WakeAutomaton.EventBit) != 0 && !Happened(automaton, lists, ref lane, place, ref entry))
            {
                entry = 0;
            }

            lane.Row = entry * WakeAutomaton.Unit;
        }
    }

    /// <summary>
    /// Puts the next payload into a lane, and takes its first byte at once: most payloads end an automaton of pinned rules there.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Refill(WakeAutomaton automaton, ReadOnlySpan<PayloadView> burst, WakeLists lists, ref Lane lane)
    {
        while (_nextPayload < burst.Length)
        {
            PayloadView payload = burst[_nextPayload];
            lane.Payload = _nextPayload++;
            lane.Bytes = (byte*)payload.Address;
            lane.Length = payload.Length;
            lane.At = 0;
            lane.Told = 0;
            lane.LastList = 0;
            lane.Row = (uint)automaton.StartRow;
            if (payload.Length == 0)
            {
                continue;
            }

            lane.Limit = automaton.TellsLastNewline && lane.Bytes[payload.Length - 1] == '\n'
                ? payload.Length - 1
                : payload.Length;
            if (automaton.Pinned && lane.Limit > 0)
            {
                uint place = lane.Row + automaton.Map[lane.Bytes[0]];
                uint entry = automaton.Table[place];
                if ((entry & WakeAutomaton.EventBit) != 0 && !Happened(automaton, lists, ref lane, place, ref entry))
                {
                    continue;
                }

                lane.At = 1;
                lane.Row = entry * WakeAutomaton.Unit;
            }

            if (lane.At < lane.Limit)
            {
                lane.Active = true;
                return true;
            }

            Finish(automaton, lists, ref lane);
        }

        lane.Active = false;
        lane.Row = 0;
        return false;
    }

    /// <summary>The last newline and the edge of a payload.</summary>
    private static void Finish(WakeAutomaton automaton, WakeLists lists, ref Lane lane)
    {
        lane.Active = false;
        if (lane.Row == 0)
        {
            return;
        }

        if (lane.Limit < lane.Length)
        {
            uint place = lane.Row + (uint)automaton.LastNewlineColumn;
            uint entry = automaton.Table[place];
            if ((entry & WakeAutomaton.EventBit) != 0 && !Happened(automaton, lists, ref lane, place, ref entry))
            {
                return;
            }

            lane.Row = entry * WakeAutomaton.Unit;
        }

        uint edge = lane.Row + (uint)automaton.EdgeColumn;
        uint last = automaton.Table[edge];
        if ((last & WakeAutomaton.EventBit) != 0)
        {
            Happened(automaton, lists, ref lane, edge, ref last);
        }
    }

    /// <summary>Tells the rules of an entry and takes the bit off it; false when nothing more can come of the payload.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Happened(WakeAutomaton automaton, WakeLists lists, ref Lane lane, uint place, ref uint entry)
    {
        entry &= ~(uint)WakeAutomaton.EventBit;
        int list = automaton.Lists[place];
        if (list == 0 || list == lane.LastList)
        {
            return entry != 0;
        }

        lane.LastList = list;
        if (!automaton.HasMasks)
        {
            foreach (int rule in automaton.RulesOf(list))
            {
                lists.Add(lane.Payload, rule);
            }

            return entry != 0;
        }

        for (ulong fresh = automaton.MaskOf(list) & ~lane.Told; fresh != 0; fresh &= fresh - 1)
        {
            lists.Add(lane.Payload, automaton.Rules[System.Numerics.BitOperations.TrailingZeroCount(fresh)]);
        }

        lane.Told |= automaton.MaskOf(list);
        return entry != 0 && lane.Told != automaton.AllMask;
    }

    /// <summary>A payload on its way.</summary>
    private struct Lane
    {
        public byte* Bytes;
        public int Payload;
        public int Length;

        /// <summary>Where the plain bytes end: before a last newline that counts.</summary>
        public int Limit;
        public int At;
        public uint Row;
        public bool Active;

        /// <summary>The rules told, where they fit a mask; the last list told.</summary>
        public ulong Told;
        public int LastList;
    }
}
