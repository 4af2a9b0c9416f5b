using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Regex.Automata;

/// <summary>
/// A table automaton that makes its states when a payload first needs them, in memory of fixed size. When that is full everything
/// is thrown away and made anew; a run that this happens to several times gives up, and the caller takes another way.
/// Belongs to one scanner.
/// </summary>
internal sealed class LazyDfa
{
    /// <summary>What a run returns that gave up.</summary>
    public const int GaveUp = -2;

    /// <summary>Both flags of an entry: it has not been made. It is negative, so the one comparison of the loop finds it as well.</summary>
    private const uint Unknown = uint.MaxValue;

    private const int ClearsPerRunMax = 4;

    private readonly NfaProgram _program;
    private readonly StateStepper _stepper;
    private readonly bool _ordered;
    private readonly int _startPc;
    private readonly int _stride;
    private readonly int _classes;
    private readonly byte[] _map;
    private readonly uint[] _table;
    private readonly int[] _stateAt;
    private readonly int[] _stateLength;
    private readonly int[] _nextInBucket;
    private readonly int[] _buckets;
    private readonly int[] _pool;
    private readonly int[] _scratch;
    private readonly uint[] _startRows = new uint[PositionContexts.Count];
    private int _rowCount;
    private int _poolCount;
    private int _clearsThisRun;

    /// <summary>Takes all memory the automaton will ever use.</summary>
    public LazyDfa(NfaProgram program, StateStepper stepper, int startPc, bool ordered, int entries)
    {
        _program = program;
        _stepper = stepper;
        _startPc = startPc;
        _ordered = ordered;
        _classes = program.Classes.Count;
        _stride = _classes + 2;
        _map = program.Classes.Map;
        int rows = Math.Max(16, entries / _stride);
        _table = new uint[rows * _stride];
        _stateAt = new int[rows];
        _stateLength = new int[rows];
        _nextInBucket = new int[rows];
        _buckets = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)rows)];
        _pool = new int[Math.Max(entries, 4 * (program.Length + 1))];
        _scratch = new int[program.Length + 1];
        Clear();
    }

    /// <summary>Times that everything was thrown away.</summary>
    public ulong Clears { get; private set; }

    /// <summary>As <see cref="Dfa.FindEnd"/>, or <see cref="GaveUp"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int FindEnd(ReadOnlySpan<byte> data, int from, ref long work)
    {
        _clearsThisRun = 0;
        ref uint table = ref MemoryMarshal.GetArrayDataReference(_table);
        ref byte map = ref MemoryMarshal.GetArrayDataReference(_map);
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        int limit = _program.TellsLastNewline && data.Length > from && data[^1] == '\n' ? data.Length - 1 : data.Length;
        uint row = StartRow(PositionContexts.Before(data, from));
        int end = -1;
        int i = from;
        for (; i < limit; i++)
        {
            uint column = Unsafe.Add(ref map, Unsafe.Add(ref bytes, i));
            uint entry = Unsafe.Add(ref table, row + column);
            if ((int)entry <= 0)
            {
                if (entry == Unknown)
                {
                    entry = Make(row, (int)column);
                    if (_clearsThisRun > ClearsPerRunMax)
                    {
                        work += i - from + 1;
                        return GaveUp;
                    }
                }

                end = (entry & Dfa.MatchBit) == 0 ? end : i;
                entry &= ~Dfa.MatchBit;
                if (entry == 0)
                {
                    work += i - from + 1;
                    return end;
                }
            }

            row = entry;
        }

        work += i - from + 1;
        if (limit < data.Length)
        {
            uint entry = Entry(row, _classes);
            end = (entry & Dfa.MatchBit) == 0 ? end : i;
            row = entry & ~Dfa.MatchBit;
        }

        return (Entry(row, _classes + 1) & Dfa.MatchBit) == 0 ? end : data.Length;
    }

    /// <summary>As <see cref="Dfa.FindStart"/>, or <see cref="GaveUp"/>.</summary>
    public int FindStart(ReadOnlySpan<byte> data, int end, int floor, ref long work)
    {
        _clearsThisRun = 0;
        uint row = StartRow(PositionContexts.After(data, end));
        int start = -1;
        for (int i = end; ; i--)
        {
            uint entry = Entry(row, i == 0 ? _classes + 1 : _map[data[i - 1]]);
            if ((entry & Dfa.MatchBit) != 0)
            {
                start = i;
            }

            row = entry & ~Dfa.MatchBit;
            if (_clearsThisRun > ClearsPerRunMax)
            {
                work += end - i + 1;
                return GaveUp;
            }

            if (i <= floor || row == 0)
            {
                work += end - i + 1;
                return start;
            }
        }
    }

    private uint Entry(uint row, int column)
    {
        uint entry = _table[row + (uint)column];
        return entry == Unknown ? Make(row, column) : entry;
    }

    private uint StartRow(PositionContext context)
    {
        uint row = _startRows[(int)context];
        if (row == Unknown)
        {
            int length = _stepper.Begin(_program, _startPc, _scratch.AsSpan(1), _ordered);
            row = AddState(length, context);
            _startRows[(int)context] = row;
        }

        return row;
    }

    /// <summary>Makes an entry; where that clears the memory, the entry is right and the row it belongs to is gone.</summary>
    private uint Make(uint row, int column)
    {
        int index = (int)(row / (uint)_stride);
        ReadOnlySpan<int> state = _pool.AsSpan(_stateAt[index], _stateLength[index]);
        (int value, PositionContext symbol) = column < _classes
            ? (_program.Classes.Representatives[column], PositionContexts.OfByte(_program.Classes.Representatives[column]))
            : column == _classes ? ('\n', PositionContext.LastNewline)
            : (-1, PositionContext.Edge);
        var known = (PositionContext)state[0];
        (PositionContext before, PositionContext after) = _program.Reversed ? (symbol, known) : (known, symbol);
        int length = _stepper.Step(
            _program, state[1..], before, after, value, _ordered, _scratch.AsSpan(1), out bool matched);
        ulong clears = Clears;
        uint target = length == 0 ? 0 : AddState(length, PositionContexts.Passed(_program.Reversed, known, symbol));
        uint entry = target | (matched ? Dfa.MatchBit : 0);
        if (clears == Clears)
        {
            _table[row + (uint)column] = entry;
        }

        return entry;
    }

    /// <summary>The row of the state in the scratch list, made if it is new.</summary>
    private uint AddState(int length, PositionContext context)
    {
        if (length == 0)
        {
            return 0;
        }

        _scratch[0] = _program.HasAssertions ? (int)context : 0;
        ReadOnlySpan<int> state = _scratch.AsSpan(0, length + 1);
        int bucket = (int)(Hash(state) & (uint)(_buckets.Length - 1));
        for (int i = _buckets[bucket]; i != 0; i = _nextInBucket[i])
        {
            if (state.SequenceEqual(_pool.AsSpan(_stateAt[i], _stateLength[i])))
            {
                return (uint)(i * _stride);
            }
        }

        if (_rowCount == _stateAt.Length || _poolCount + state.Length > _pool.Length)
        {
            Clear();
            Clears++;
            _clearsThisRun++;
        }

        int index = _rowCount++;
        state.CopyTo(_pool.AsSpan(_poolCount));
        _stateAt[index] = _poolCount;
        _stateLength[index] = state.Length;
        _poolCount += state.Length;
        _nextInBucket[index] = _buckets[bucket];
        _buckets[bucket] = index;
        _table.AsSpan(index * _stride, _stride).Fill(Unknown);
        return (uint)(index * _stride);
    }

    private void Clear()
    {
        Array.Clear(_buckets);
        Array.Fill(_startRows, Unknown);
        _table.AsSpan(0, _stride).Clear();
        _rowCount = 1;
        _poolCount = 0;
    }

    private static uint Hash(ReadOnlySpan<int> state)
    {
        uint hash = 2166136261;
        foreach (int value in state)
        {
            hash = (hash ^ (uint)value) * 16777619;
        }

        return hash ^ hash >> 15;
    }
}
