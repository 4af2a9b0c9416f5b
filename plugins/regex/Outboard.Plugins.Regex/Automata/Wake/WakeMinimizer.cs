using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Regex.Automata.Wake;

/// <summary>
/// Merges the states of one rule's automaton that no payload can tell apart, by refining a partition until it stands. Long chains need a
/// round for each link, so after some rounds the automaton is left as it is.
/// </summary>
internal static class WakeMinimizer
{
    private const int RoundMax = 48;
    private const long WorkMax = 1 << 20;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static WakePart Minimize(WakePart part)
    {
        int count = part.StateCount;
        int stride = part.Stride;
        var group = new int[count];
        var next = new int[count];
        var firstOf = new int[count];
        var slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count * 2)];
        int groups = 1;
        long work = 0;
        for (int round = 0; round < RoundMax && work < WorkMax; round++)
        {
            Array.Clear(slots);
            int made = 0;
            for (int state = 0; state < count; state++)
            {
                int slot = (int)(Hash(part, group, state) & (uint)(slots.Length - 1));
                while (slots[slot] != 0 && !Same(part, group, firstOf[slots[slot] - 1], state))
                {
                    slot = slot + 1 & slots.Length - 1;
                }

                if (slots[slot] == 0)
                {
                    firstOf[made++] = state;
                    slots[slot] = made;
                }

                next[state] = slots[slot] - 1;
            }

            work += (long)count * stride;
            (group, next) = (next, group);
            if (made == groups)
            {
                return made == count ? part : Collapse(part, group, firstOf, made);
            }

            groups = made;
        }

        return part;
    }

    private static WakePart Collapse(WakePart part, int[] group, int[] firstOf, int groups)
    {
        // State 0 is met first, so its group is 0 and the dead state keeps its number.
        int stride = part.Stride;
        var table = new uint[groups * stride];
        var lists = new int[groups * stride];
        for (int g = 0; g < groups; g++)
        {
            for (int column = 0; column < stride; column++)
            {
                int at = firstOf[g] * stride + column;
                uint entry = part.Table[at];
                table[g * stride + column] = (uint)group[entry & ~WakePart.MatchBit] | (entry & WakePart.MatchBit);
                lists[g * stride + column] = part.Lists[at];
            }
        }

        return new WakePart
        {
            Map = part.Map,
            Stride = stride,
            Table = table,
            Lists = lists,
            RuleLists = part.RuleLists,
            Start = group[part.Start],
            TellsLastNewline = part.TellsLastNewline,
            Rules = part.Rules,
        };
    }

    private static uint Hash(WakePart part, int[] group, int state)
    {
        ulong hash = (ulong)group[state] + 0x9E37_79B9_7F4A_7C15;
        int at = state * part.Stride;
        for (int column = 0; column < part.Stride; column++)
        {
            uint entry = part.Table[at + column];
            hash = (hash ^ (uint)group[entry & ~WakePart.MatchBit] ^ (entry & WakePart.MatchBit)) * 0xD6E8_FEB8_6659_FD93;
            hash ^= hash >> 29;
        }

        return (uint)(hash ^ hash >> 32);
    }

    private static bool Same(WakePart part, int[] group, int a, int b)
    {
        if (group[a] != group[b])
        {
            return false;
        }

        for (int column = 0; column < part.Stride; column++)
        {
            uint x = part.Table[a * part.Stride + column];
            uint y = part.Table[b * part.Stride + column];
            if (((x ^ y) & WakePart.MatchBit) != 0 || group[x & ~WakePart.MatchBit] != group[y & ~WakePart.MatchBit])
            {
                return false;
            }
        }

        return true;
    }
}
