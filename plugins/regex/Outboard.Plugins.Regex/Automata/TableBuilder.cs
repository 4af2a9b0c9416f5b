using System.Numerics;
using System.Runtime.CompilerServices;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Automata;

/// <summary>
/// Makes whole table automata at compile time, one after the other in the same working memory, and gives up when a budget is spent.
/// </summary>
/// <remarks>
/// A state is a list of sets, assertions and matches (see <see cref="StateStepper"/>) behind its context. Most byte classes lead
/// out of a state in the same few ways, so the classes are first put into groups that take the same instructions, and only one step is made for
/// each group.
/// </remarks>
internal sealed class TableBuilder
{
    private const int DeadState = 0;
    private const int ClosureMax = 1 << 20;

    private NfaProgram _program = null!;
    private NfaInstruction[] _code = [];
    private DfaMode _mode;
    private int _startPc;
    private int _stride;
    private int _classes;

    /// <summary>States in one arena: context, then instructions.</summary>
    private int[] _pool = new int[4096];
    private int _poolCount;
    private int[] _at = new int[256];
    private uint[] _hashes = new uint[256];
    private int _count;
    private int[] _slots = new int[1024];
    private uint[] _table = new uint[8192];
    private long _spent;

    /// <summary>What follows an instruction without taking a byte, kept once found.</summary>
    private int[] _closureAt = [];
    private int[] _closure = new int[4096];
    private int _closureCount;

    private int[] _seen = [];
    private int _stamp;
    private int[] _marks = [];
    private int _mark;
    private int[] _stack = [];
    private int[] _closureStack = [];
    private int[] _taken = [];
    private int[] _list = [];
    private readonly ulong[] _signature = new ulong[256];
    private readonly int[] _group = new int[256];
    private readonly ulong[] _groupSignature = new ulong[256];
    private readonly int[] _groupParent = new int[256];
    private readonly int[] _groupFirst = new int[256];
    private readonly PositionContext[] _contextOf = new PositionContext[256];
    private ulong[] _setClasses = [];

    /// <summary>Builds the automaton that starts at an instruction; null when it does not fit the budget.</summary>
    public Dfa? TryBuild(NfaProgram program, int startPc, DfaMode mode, DfaBudget budget)
    {
        return Build(program, startPc, mode, budget, truncate: false);
    }

    /// <summary>
    /// Builds an automaton that tells whether there is a match. Where it does not fit the budget, reaching a state that was not made
    /// counts as a match: it may tell too much, never too little.
    /// </summary>
    public Dfa BuildPresence(NfaProgram program, int startPc, DfaBudget budget) =>
        Build(program, startPc, DfaMode.Presence, budget, truncate: true)!;

    private Dfa? Build(NfaProgram program, int startPc, DfaMode mode, DfaBudget budget, bool truncate)
    {
        Prepare(program, startPc, mode);
        AddState(0, PositionContext.Other);
        var starts = new uint[PositionContexts.Count];
        for (int context = 0; context < starts.Length; context++)
        {
            starts[context] = (uint)(Start((PositionContext)context) * _stride);
        }

        uint settled = 0;
        int starting = _count;
        for (int id = 1; id < _count; id++)
        {
            if (_count > budget.StateMax || _count * _stride > budget.EntryMax || _spent > budget.WorkMax)
            {
                if (!truncate)
                {
                    return null;
                }

                if (id >= starting)
                {
                    Truncate(id, starts[(int)PositionContext.Other]);
                    break;
                }
            }

            settled = IsSettled(id) ? (uint)(id * _stride) : settled;
            FillRow(id);
        }

        return new Dfa
        {
            Table = _table.AsSpan(0, _count * _stride).ToArray(),
            ClassMap = program.Classes.Map,
            StartRows = starts,
            Stride = _stride,
            TellsLastNewline = program.TellsLastNewline,
            SettledRow = settled,
        };
    }

    /// <summary>Drops the states from a number on: what led there matches, and the search begins anew where it may.</summary>
    private void Truncate(int made, uint restart)
    {
        uint limit = (uint)(made * _stride);
        uint anew = _startPc == _program.SearchStart ? restart : 0;
        for (int at = 0; at < made * _stride; at++)
        {
            if ((_table[at] & ~Dfa.MatchBit) >= limit)
            {
                _table[at] = anew | Dfa.MatchBit;
            }
        }

        _count = made;
    }

    private void Prepare(NfaProgram program, int startPc, DfaMode mode)
    {
        _program = program;
        _code = program.Instructions;
        _mode = mode;
        _startPc = startPc;
        _classes = program.Classes.Count;
        _stride = _classes + 2;
        _poolCount = _count = _closureCount = 0;
        _spent = 0;
        Array.Clear(_slots);
        if (_seen.Length < program.Length)
        {
            int room = (int)BitOperations.RoundUpToPowerOf2((uint)program.Length);
            _seen = new int[room];
            _marks = new int[room];
            _stamp = _mark = 0;
            _stack = new int[room + 1];
            _closureStack = new int[room + 1];
            _taken = new int[room];
            _list = new int[room];
            _closureAt = new int[room];
        }

        Array.Fill(_closureAt, -1, 0, program.Length);
        if (_setClasses.Length < program.Sets.Length * 4)
        {
            _setClasses = new ulong[program.Sets.Length * 8];
        }

        Array.Clear(_setClasses, 0, program.Sets.Length * 4);
        byte[] representatives = program.Classes.Representatives;
        for (int column = 0; column < _classes; column++)
        {
            _contextOf[column] = PositionContexts.OfByte(representatives[column]);
            for (int set = 0; set < program.Sets.Length; set++)
            {
                if (program.Sets[set].Contains(representatives[column]))
                {
                    _setClasses[set * 4 + (column >> 6)] |= 1UL << (column & 63);
                }
            }
        }
    }

    private int Start(PositionContext context)
    {
        Restamp();
        int length = 0;
        Append(_startPc, context, ref length);
        return AddState(length, context);
    }

    /// <summary>Whether all that is left of a state is to say that it matched.</summary>
    private bool IsSettled(int id) => _at[id + 1] - _at[id] == 2 && _code[_pool[_at[id] + 1]].Op == NfaOp.Match;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillRow(int id)
    {
        bool asserts = false;
        for (int i = _at[id] + 1; i < _at[id + 1]; i++)
        {
            asserts |= _code[_pool[i]].Op == NfaOp.Assert;
        }

        if (!asserts)
        {
            int taken = Take(id, PositionContext.Other, out bool matched);
            FillColumns(id, taken, matched, PositionContext.Other, all: true);
            FillLastNewline(id, taken, matched);
            _table[id * _stride + _stride - 1] = matched ? Dfa.MatchBit : 0;
            return;
        }

        int done = 0;
        for (int column = 0; column < _classes; column++)
        {
            PositionContext context = _contextOf[column];
            if ((done >> (int)context & 1) == 0)
            {
                done |= 1 << (int)context;
                int taken = Take(id, context, out bool matched);
                FillColumns(id, taken, matched, context, all: false);
            }
        }

        int last = Take(id, PositionContext.LastNewline, out bool lastMatched);
        FillLastNewline(id, last, lastMatched);
        Take(id, PositionContext.Edge, out bool edge);
        _table[id * _stride + _stride - 1] = edge ? Dfa.MatchBit : 0;
    }

    /// <summary>The sets of a state that wait for the next byte, given its context.</summary>
    private int Take(int id, PositionContext symbol, out bool matched)
    {
        var known = (PositionContext)_pool[_at[id]];
        (PositionContext before, PositionContext after) = _program.Reversed ? (symbol, known) : (known, symbol);
        matched = false;
        Restamp();
        int count = 0;
        for (int at = _at[id] + 1; at < _at[id + 1]; at++)
        {
            int depth = 0;
            _stack[depth++] = _pool[at];
            while (depth > 0)
            {
                int pc = _stack[--depth];
                if (_seen[pc] == _stamp)
                {
                    continue;
                }

                _seen[pc] = _stamp;
                NfaInstruction i = _code[pc];
                switch (i.Op)
                {
                    case NfaOp.Set:
                        _taken[count++] = pc;
                        break;
                    case NfaOp.Split:
                        _stack[depth++] = i.Arg;
                        _stack[depth++] = i.Next;
                        break;
                    case NfaOp.Assert when PositionContexts.Holds((AssertionKind)i.Arg, before, after):
                        _stack[depth++] = i.Next;
                        break;
                    case NfaOp.Match:
                        matched = true;
                        if (_mode == DfaMode.Preferred)
                        {
                            _spent += count + 1;
                            return count;
                        }

                        break;
                }
            }
        }

        _spent += count + 1;
        return count;
    }

    /// <summary>Fills the columns of the byte classes, those of one context or all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillColumns(int id, int taken, bool matched, PositionContext context, bool all)
    {
        int groups = Group(taken);
        for (int g = 0; g < groups; g++)
        {
            _groupFirst[g] = -1;
        }

        int row = id * _stride;
        for (int column = 0; column < _classes; column++)
        {
            if (!all && _contextOf[column] != context)
            {
                continue;
            }

            // A step may leave a context behind that the group does not share, so only without assertions a group has one target.
            int first = _groupFirst[_group[column]];
            if (first >= 0 && SameContext(_contextOf[first], _contextOf[column]))
            {
                _table[row + column] = _table[row + first];
                continue;
            }

            _groupFirst[_group[column]] = column;
            uint entry = Target(id, column, taken, matched, _contextOf[column]);
            _table[row + column] = entry;
        }
    }

    private bool SameContext(PositionContext a, PositionContext b) =>
        a == b || !_program.HasAssertions
        || (!_program.Reversed && _program.Canonical[(int)a] == _program.Canonical[(int)b]);

    private void FillLastNewline(int id, int taken, bool matched)
    {
        uint entry = 0;
        if (_program.TellsLastNewline)
        {
            entry = Target(id, _program.Classes.Map['\n'], taken, matched, PositionContext.LastNewline);
        }

        _table[id * _stride + _stride - 2] = entry;
    }

    /// <summary>Puts the classes into groups that take the same instructions, and returns how many there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Group(int taken)
    {
        Array.Clear(_group, 0, _classes);
        int groups = 1;
        for (int from = 0; from < taken; from += 64)
        {
            Array.Clear(_signature, 0, _classes);
            int to = Math.Min(taken, from + 64);
            for (int i = from; i < to; i++)
            {
                ulong bit = 1UL << (i - from);
                int set = _code[_taken[i]].Arg * 4;
                for (int word = 0; word < 4 && word * 64 < _classes; word++)
                {
                    for (ulong bits = _setClasses[set + word]; bits != 0; bits &= bits - 1)
                    {
                        _signature[word * 64 + BitOperations.TrailingZeroCount(bits)] |= bit;
                    }
                }
            }

            _spent += _classes;
            groups = 0;
            for (int column = 0; column < _classes; column++)
            {
                int g = 0;
                while (g < groups && (_groupSignature[g] != _signature[column] || _groupParent[g] != _group[column]))
                {
                    g++;
                }

                if (g == groups)
                {
                    _groupSignature[g] = _signature[column];
                    _groupParent[g] = _group[column];
                    groups++;
                }

                _group[column] = g;
            }
        }

        return groups;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private uint Target(int id, int column, int taken, bool matched, PositionContext symbol)
    {
        PositionContext passed = PositionContexts.Passed(_program.Reversed, (PositionContext)_pool[_at[id]], symbol);
        Restamp();
        int length = 0;
        bool open = true;
        for (int i = 0; i < taken && open; i++)
        {
            NfaInstruction set = _code[_taken[i]];
            if ((_setClasses[set.Arg * 4 + (column >> 6)] >> (column & 63) & 1) != 0)
            {
                open = Append(set.Next, passed, ref length);
            }
        }

        _spent += length + 1;
        if (_mode == DfaMode.Presence)
        {
            matched |= !open;
            if (matched)
            {
                length = 0;
                if (_startPc == _program.SearchStart)
                {
                    Restamp();
                    Append(_startPc, passed, ref length);
                }
            }
        }

        return (uint)(AddState(length, passed) * _stride) | (matched ? Dfa.MatchBit : 0);
    }

    /// <summary>Adds what follows an instruction; false where a match makes everything behind it moot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Append(int pc, PositionContext passed, ref int length)
    {
        (int at, int end) = Closure(pc);
        for (; at < end; at++)
        {
            int item = _closure[at];
            if (_seen[item] == _stamp)
            {
                continue;
            }

            _seen[item] = _stamp;
            NfaInstruction i = _code[item];
            if (i.Op == NfaOp.Assert && !MayHold((AssertionKind)i.Arg, passed))
            {
                continue;
            }

            _list[length++] = item;
            if (i.Op == NfaOp.Match && _mode != DfaMode.Every)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether an assertion can hold at all, now that one side of the position is known.</summary>
    private bool MayHold(AssertionKind kind, PositionContext known) => (kind, _program.Reversed) switch
    {
        (AssertionKind.SubjectStart, false) => known == PositionContext.Edge,
        (AssertionKind.LineStart, false) => known is PositionContext.Edge or PositionContext.Newline,
        (AssertionKind.SubjectEnd, true) => known == PositionContext.Edge,
        (AssertionKind.SubjectEndOrLastNewline, true) => known is PositionContext.Edge or PositionContext.LastNewline,
        _ => true,
    };

    /// <summary>Where the list of what follows an instruction without taking a byte stands.</summary>
    private (int At, int End) Closure(int pc)
    {
        int at = _closureAt[pc];
        if (at >= 0)
        {
            return (at + 1, at + 1 + _closure[at]);
        }

        if (_closureCount > ClosureMax)
        {
            Array.Fill(_closureAt, -1, 0, _program.Length);
            _closureCount = 0;
        }

        // A caller fills a list under the stamps of this moment, so these marks are kept apart.
        if (++_mark == int.MaxValue)
        {
            Array.Clear(_marks);
            _mark = 1;
        }

        int head = _closureCount++;
        int depth = 0;
        _closureStack[depth++] = pc;
        while (depth > 0)
        {
            int next = _closureStack[--depth];
            if (_marks[next] == _mark)
            {
                continue;
            }

            _marks[next] = _mark;
            NfaInstruction i = _code[next];
            if (i.Op == NfaOp.Split)
            {
                _closureStack[depth++] = i.Arg;
                _closureStack[depth++] = i.Next;
            }
            else if (i.Op != NfaOp.Fail)
            {
                if (_closureCount + 2 >= _closure.Length)
                {
                    Array.Resize(ref _closure, _closure.Length * 2);
                }

                _closure[_closureCount++] = next;
            }
        }

        _closure[head] = _closureCount - head - 1;
        _closureAt[pc] = head;
        _spent += _closureCount - head;
        return (head + 1, _closureCount);
    }

    /// <summary>The state of the working list, made if it is new.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int AddState(int length, PositionContext passed)
    {
        if (length == 0 && _count > 0)
        {
            return DeadState;
        }

        Span<int> list = _list.AsSpan(0, length);
        if (_mode != DfaMode.Preferred)
        {
            Sort(list);
        }

        var context = (int)_program.ContextOf(list, passed);
        uint hash = Hash(list, context);
        int mask = _slots.Length - 1;
        int slot = (int)(hash & (uint)mask);
        for (; _slots[slot] != 0; slot = slot + 1 & mask)
        {
            int id = _slots[slot] - 1;
            if (_hashes[id] == hash && _pool[_at[id]] == context && list.SequenceEqual(_pool.AsSpan(_at[id] + 1, _at[id + 1] - _at[id] - 1)))
            {
                return id;
            }
        }

        return NewState(list, context, hash, slot);
    }

    private int NewState(Span<int> list, int context, uint hash, int slot)
    {
        int made = _count++;
        if (_poolCount + list.Length + 1 > _pool.Length)
        {
            Array.Resize(ref _pool, Math.Max(_pool.Length * 2, _poolCount + list.Length + 1));
        }

        if (made + 2 > _at.Length)
        {
            Array.Resize(ref _at, _at.Length * 2);
            Array.Resize(ref _hashes, _at.Length);
        }

        if (_count * _stride > _table.Length)
        {
            Array.Resize(ref _table, Math.Max(_table.Length * 2, _count * _stride));
        }

        _at[made] = _poolCount;
        _hashes[made] = hash;
        _pool[_poolCount++] = context;
        list.CopyTo(_pool.AsSpan(_poolCount));
        _poolCount += list.Length;
        _at[made + 1] = _poolCount;
        _slots[slot] = made + 1;
        _table.AsSpan(made * _stride, _stride).Clear();
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
            int slot = (int)(_hashes[id] & (uint)mask);
            while (_slots[slot] != 0)
            {
                slot = slot + 1 & mask;
            }

            _slots[slot] = id + 1;
        }
    }

    private static uint Hash(ReadOnlySpan<int> list, int context)
    {
        ulong hash = (ulong)context + 0x9E37_79B9_7F4A_7C15;
        foreach (int value in list)
        {
            hash = (hash ^ (uint)value) * 0xD6E8_FEB8_6659_FD93;
            hash ^= hash >> 29;
        }

        return (uint)(hash ^ hash >> 32);
    }

    /// <summary>Lists are short and nearly in order; longer ones go to the sort of the runtime.</summary>
    private static void Sort(Span<int> list)
    {
        if (list.Length > 32)
        {
            list.Sort();
            return;
        }

        for (int i = 1; i < list.Length; i++)
        {
            int value = list[i];
            int k = i - 1;
            for (; k >= 0 && list[k] > value; k--)
            {
                list[k + 1] = list[k];
            }

            list[k + 1] = value;
        }
    }

    private void Restamp()
    {
        if (++_stamp == int.MaxValue)
        {
            Array.Clear(_seen);
            _stamp = 1;
        }
    }
}
