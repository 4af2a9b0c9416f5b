using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Regex.Automata.Wake;

/// <summary>
/// Two automata side by side as one: its states are the pairs that can be reached. Rules stay apart in the lists, so the product of two
/// automata without needless states has none either.
/// </summary>
internal sealed class WakeProduct
{
    /// <summary>Lists are numbered by two bytes; a row of a product can add as many as it has columns.</summary>
    private const int ListMax = ushort.MaxValue - 512;

    private readonly Dictionary<(int, int), int> _listIds = [];
    private readonly List<int[]> _ruleLists = [];
    private ulong[] _pairs = new ulong[1024];
    private int[] _slots = new int[4096];
    private uint[] _table = new uint[1 << 14];
    private int[] _lists = new int[1 << 14];
    private int _count;

    /// <summary>Entries that were made so far, kept or not.</summary>
    public long Work { get; private set; }

    /// <summary>The product, or null when it would have more entries than allowed; rows count as padded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public WakePart? TryMerge(WakePart a, WakePart b, int entryMax)
    {
        byte[] map = JoinClasses(a, b, out byte[] first);
        int classes = first.Length;
        int stride = classes + 2;
        int padded = WakeAutomaton.Pad(stride);
        var columnsA = new int[stride];
        var columnsB = new int[stride];
        for (int column = 0; column < stride; column++)
        {
            columnsA[column] = column < classes ? a.Map[first[column]] : a.Stride - (stride - column);
            columnsB[column] = column < classes ? b.Map[first[column]] : b.Stride - (stride - column);
        }

        Clear();
        StateOf(0, 0, stride);
        int start = StateOf((uint)a.Start, (uint)b.Start, stride);
        for (int id = 1; id < _count; id++)
        {
            if ((long)_count * padded > entryMax || _ruleLists.Count > ListMax)
            {
                return null;
            }

            int rowA = (int)(_pairs[id] >> 32) * a.Stride;
            int rowB = (int)(uint)_pairs[id] * b.Stride;
            for (int column = 0; column < stride; column++)
            {
                int atA = rowA + columnsA[column];
                int atB = rowB + columnsB[column];
                uint entryA = a.Table[atA];
                uint entryB = b.Table[atB];
                int target = StateOf(entryA & ~WakePart.MatchBit, entryB & ~WakePart.MatchBit, stride);
                uint match = (entryA | entryB) & WakePart.MatchBit;
                _table[id * stride + column] = (uint)target | match;
                _lists[id * stride + column] = match == 0 ? 0 : ListOf(a, a.Lists[atA], b, b.Lists[atB]);
            }

            Work += stride;
        }

        return new WakePart
        {
            Map = map,
            Stride = stride,
            Table = _table.AsSpan(0, _count * stride).ToArray(),
            Lists = _lists.AsSpan(0, _count * stride).ToArray(),
            RuleLists = [.. _ruleLists],
            Start = start,
            TellsLastNewline = a.TellsLastNewline || b.TellsLastNewline,
            Rules = [.. a.Rules, .. b.Rules],
        };
    }

    private static byte[] JoinClasses(WakePart a, WakePart b, out byte[] first)
    {
        var map = new byte[256];
        var ids = new Dictionary<int, byte>();
        List<byte> found = [];
        for (int value = 0; value < 256; value++)
        {
            int pair = a.Map[value] << 8 | b.Map[value];
            if (!ids.TryGetValue(pair, out byte id))
            {
                id = (byte)found.Count;
                ids.Add(pair, id);
                found.Add((byte)value);
            }

            map[value] = id;
        }

        first = [.. found];
        return map;
    }

    private void Clear()
    {
        _listIds.Clear();
        _ruleLists.Clear();
        Array.Clear(_slots);
        _count = 0;
    }

    private int ListOf(WakePart a, int listA, WakePart b, int listB)
    {
        if (!_listIds.TryGetValue((listA, listB), out int id))
        {
            _ruleLists.Add(
            [
                .. listA == 0 ? [] : a.RuleLists[listA - 1],
                .. listB == 0 ? [] : b.RuleLists[listB - 1],
            ]);
            id = _ruleLists.Count;
            _listIds.Add((listA, listB), id);
        }

        return id;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int StateOf(uint a, uint b, int stride)
    {
        ulong pair = (ulong)a << 32 | b;
        int mask = _slots.Length - 1;
        int slot = (int)(Mix(pair) & (uint)mask);
        for (; _slots[slot] != 0; slot = slot + 1 & mask)
        {
            if (_pairs[_slots[slot] - 1] == pair)
            {
                return _slots[slot] - 1;
            }
        }

        int made = _count++;
        if (_count > _pairs.Length)
        {
            Array.Resize(ref _pairs, _pairs.Length * 2);
        }

        while (_count * stride > _table.Length)
        {
            Array.Resize(ref _table, _table.Length * 2);
            Array.Resize(ref _lists, _table.Length);
        }

        _pairs[made] = pair;
        _slots[slot] = made + 1;
        _table.AsSpan(made * stride, stride).Clear();
        _lists.AsSpan(made * stride, stride).Clear();
        if (_count * 2 > _slots.Length)
        {
            Rehash();
        }

        return made;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int id = 0; id < _count; id++)
        {
            int slot = (int)(Mix(_pairs[id]) & (uint)mask);
            while (_slots[slot] != 0)
            {
                slot = slot + 1 & mask;
            }

            _slots[slot] = id + 1;
        }
    }

    private static uint Mix(ulong pair) => (uint)(pair * 0x9E37_79B9_7F4A_7C15 >> 32);
}
