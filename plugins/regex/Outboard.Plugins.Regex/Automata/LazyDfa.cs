using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Regex.Automata;

/// <summary>
/// A table automaton that makes its states when a payload first needs them, in a <see cref="LazyDfaCache"/>. When that is full everything
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
    private readonly LazyDfaCache _cache;
    private readonly bool _ordered;
    private readonly int _startPc;
    private readonly int _stride;
    private readonly int _classes;
    private readonly int _owner;
    private readonly byte[] _map;
    private readonly uint[] _startRows = new uint[PositionContexts.Count];
    private ulong _generation = ulong.MaxValue;
    private ulong _clearsAtStart;

    /// <summary>An automaton with memory of its own.</summary>
    public LazyDfa(NfaProgram program, StateStepper stepper, int startPc, bool ordered, int entries)
        : this(program, stepper, startPc, ordered, new LazyDfaCache(entries * sizeof(uint)))
    {
    }

    /// <summary>An automaton whose states lie in memory it shares with others.</summary>
    public LazyDfa(NfaProgram program, StateStepper stepper, int startPc, bool ordered, LazyDfaCache cache)
    {
        _program = program;
        _stepper = stepper;
        _startPc = startPc;
        _ordered = ordered;
        _cache = cache;
        _classes = program.Classes.Count;
        _stride = _classes + 2;
        _map = program.Classes.Map;
        _owner = cache.Join(program.Length + 1, _stride);
    }

    /// <summary>Times that everything was thrown away, counted for all that share the memory.</summary>
    public ulong Clears => _cache.Clears;

    public int FindEnd(ReadOnlySpan<byte> data, int from, ref long work) => FindEnd(data, from, ref work, out _);

    /// <summary>As a <see cref="Dfa"/> does it, or <see cref="GaveUp"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int FindEnd(ReadOnlySpan<byte> data, int from, ref long work, out bool open)
    {
        open = false;
        _clearsAtStart = _cache.Clears;
        ref uint table = ref MemoryMarshal.GetArrayDataReference(_cache.Words);
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
                    if (Thrashes)
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
            open = true;
        }

        if (row == 0)
        {
            return end;
        }

        open |= !IsSettled(row);
        return (Entry(row, _classes + 1) & Dfa.MatchBit) == 0 ? end : data.Length;
    }

    /// <summary>
    /// Runs forward from an offset and reports every offset at which a match ends. It never gives up: at worst each byte makes a state,
    /// which is what a run without any table does.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FindEnds<TSink>(ReadOnlySpan<byte> data, int from, ref TSink sink, ref long work, out bool open)
        where TSink : struct, IEndSink
    {
        int limit = _program.TellsLastNewline && data.Length > from && data[^1] == '\n' ? data.Length - 1 : data.Length;
        uint row = StartRow(PositionContexts.Before(data, from));
        open = limit < data.Length;
        int i = from;
        for (; i <= data.Length && row != 0; i++)
        {
            int column = i < limit ? _map[data[i]] : i < data.Length ? _classes : _classes + 1;
            open |= i == data.Length && !IsSettled(row);
            uint entry = Entry(row, column);
            if ((int)entry < 0)
            {
                sink.Add(i);
            }

            row = entry & ~Dfa.MatchBit;
        }

        work += i - from;
    }

    public int FindStart(ReadOnlySpan<byte> data, int end, int floor, ref long work) =>
        FindStart(data, end, floor, ref work, out _);

    /// <summary>As a <see cref="Dfa"/> does it, or <see cref="GaveUp"/>.</summary>
    public int FindStart(ReadOnlySpan<byte> data, int end, int floor, ref long work, out bool open)
    {
        open = false;
        _clearsAtStart = _cache.Clears;
        uint row = StartRow(PositionContexts.After(data, end));
        int start = -1;
        int i = end;
        for (; row != 0; i--)
        {
            bool last = i <= floor;
            open = last && !IsSettled(row);
            uint entry = Entry(row, i == 0 ? _classes + 1 : _map[data[i - 1]]);
            start = (entry & Dfa.MatchBit) == 0 ? start : i;
            row = entry & ~Dfa.MatchBit;
            if (Thrashes)
            {
                start = GaveUp;
                break;
            }

            if (last)
            {
                break;
            }
        }

        work += end - i + 1;
        return start;
    }

    private bool Thrashes => _cache.Clears - _clearsAtStart > ClearsPerRunMax;

    /// <summary>Whether all that is left of a state is to say that it matched.</summary>
    private bool IsSettled(uint row)
    {
        ReadOnlySpan<int> state = _cache.ListOf(row)[1..];
        foreach (int pc in state)
        {
            if (_program.Instructions[pc].Op != NfaOp.Match)
            {
                return false;
            }

            if (_ordered)
            {
                break;
            }
        }

        return true;
    }

    private uint Entry(uint row, int column)
    {
        uint entry = _cache.Words[row + (uint)column];
        return entry == Unknown ? Make(row, column) : entry;
    }

    private uint StartRow(PositionContext context)
    {
        if (_generation != _cache.Generation)
        {
            Array.Fill(_startRows, Unknown);
            _generation = _cache.Generation;
        }

        uint row = _startRows[(int)context];
        if (row == Unknown)
        {
            int length = _stepper.Begin(_program, _startPc, _cache.Scratch.AsSpan(1), _ordered);
            row = AddState(length, context);
            if (_generation == _cache.Generation)
            {
                _startRows[(int)context] = row;
            }
        }

        return row;
    }

    /// <summary>Makes an entry; where that clears the memory, the entry is right and the row it belongs to is gone.</summary>
    private uint Make(uint row, int column)
    {
        ReadOnlySpan<int> state = _cache.ListOf(row);
        (int value, PositionContext symbol) = column < _classes
            ? (_program.Classes.Representatives[column], PositionContexts.OfByte(_program.Classes.Representatives[column]))
            : column == _classes ? ('\n', PositionContext.LastNewline)
            : (-1, PositionContext.Edge);
        var known = (PositionContext)state[0];
        (PositionContext before, PositionContext after) = _program.Reversed ? (symbol, known) : (known, symbol);
        int length = _stepper.Step(
            _program, state[1..], before, after, value, _ordered, _cache.Scratch.AsSpan(1), out bool matched);
        _cache.Effort += state.Length + length;
        ulong clears = _cache.Clears;
        uint target = AddState(length, PositionContexts.Passed(_program.Reversed, known, symbol));
        uint entry = target | (matched ? Dfa.MatchBit : 0);
        if (clears == _cache.Clears)
        {
            _cache.Words[row + (uint)column] = entry;
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

        int[] scratch = _cache.Scratch;
        scratch[0] = (int)_program.ContextOf(scratch.AsSpan(1, length), context);
        return _cache.Add(_owner, scratch.AsSpan(0, length + 1), _stride, Unknown);
    }
}
