using System.Runtime.InteropServices;

namespace Outboard.Plugins.Regex.Automata;

/// <summary>
/// The memory that all lazy automata of a scanner share. When it is full everything is thrown away, of every automaton, and made anew.
/// </summary>
/// <remarks>
/// One arena of words. A state is: the next state of its bucket, its automaton, its list, the length of the list, then its row. A state is
/// named by the place of its row, which is also what the entries of rows hold.
/// </remarks>
internal sealed class LazyDfaCache
{
    /// <summary>States of the largest automaton for which there is always room.</summary>
    private const int StatesLeast = 3;

    private const int Overhead = 3;

    private uint[] _words;
    private readonly int[] _buckets;
    private int _used;
    private int _owners;

    /// <summary>Takes the memory. An automaton with states too large for it makes it larger when it joins.</summary>
    public LazyDfaCache(int byteMax)
    {
        int words = Math.Max(64, byteMax / sizeof(uint));
        int buckets = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, words / 64));
        _buckets = new int[buckets];
        _words = new uint[words - Math.Min(buckets, words / 2)];
        Clear();
    }

    /// <summary>Instructions followed to make states; whoever counts work takes it and starts again from zero.</summary>
    public long Effort { get; set; }

    /// <summary>Times that everything was thrown away.</summary>
    public ulong Clears { get; private set; }

    /// <summary>Changes whenever rows lose their meaning.</summary>
    public ulong Generation { get; private set; }

    public int ByteCount => (_words.Length + _buckets.Length + Scratch.Length) * sizeof(uint);

    /// <summary>The arena; rows are places in it.</summary>
    public uint[] Words => _words;

    /// <summary>Where an automaton puts a list of instructions together, behind its context.</summary>
    public int[] Scratch { get; private set; } = new int[64];

    /// <summary>Makes sure of room for some states of an automaton and returns the number it is known by.</summary>
    public int Join(int listMax, int stride)
    {
        if (Scratch.Length < listMax)
        {
            Scratch = new int[listMax];
        }

        int least = 1 + StatesLeast * (Overhead + Math.Min(listMax, 1 << 12) + stride) + listMax;
        if (_words.Length < least)
        {
            _words = new uint[least];
        }

        Clear();
        return ++_owners;
    }

    /// <summary>The list of a state.</summary>
    public ReadOnlySpan<int> ListOf(uint row)
    {
        int length = (int)_words[row - 1];
        return MemoryMarshal.Cast<uint, int>(
            _words.AsSpan((int)row - 1 - length, length));
    }

    /// <summary>The row of the state with this list, made if it is new and then filled with the value; may clear everything before.</summary>
    public uint Add(int owner, ReadOnlySpan<int> list, int stride, uint fill)
    {
        int bucket = (int)(Hash(owner, list) & (uint)(_buckets.Length - 1));
        for (uint row = (uint)_buckets[bucket]; row != 0; row = _words[row - (uint)_words[row - 1] - Overhead])
        {
            int length = (int)_words[row - 1];
            if (length == list.Length && _words[row - (uint)length - 2] == (uint)owner && ListOf(row).SequenceEqual(list))
            {
                return row;
            }
        }

        if (_used + Overhead + list.Length + stride > _words.Length)
        {
            Clear();
            Clears++;
        }

        Span<uint> words = _words.AsSpan(_used);
        words[0] = (uint)_buckets[bucket];
        words[1] = (uint)owner;
        MemoryMarshal.Cast<int, uint>(list).CopyTo(words[2..]);
        words[list.Length + 2] = (uint)list.Length;
        words.Slice(list.Length + Overhead, stride).Fill(fill);
        uint made = (uint)(_used + list.Length + Overhead);
        _buckets[bucket] = (int)made;
        _used = (int)made + stride;
        return made;
    }

    private void Clear()
    {
        Array.Clear(_buckets);
        _used = 1;
        Generation++;
    }

    private static uint Hash(int owner, ReadOnlySpan<int> list)
    {
        uint hash = 2166136261 ^ (uint)owner * 0x9E37_79B9;
        foreach (int value in list)
        {
            hash = (hash ^ (uint)value) * 16777619;
        }

        return hash ^ hash >> 15;
    }
}
