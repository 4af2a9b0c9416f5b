namespace Outboard.Plugins.Regex.Automata;

/// <summary>The tables of one database: programs that are alike share one.</summary>
internal sealed class DfaShare
{
    private readonly TableBuilder _builder = new();
    private readonly Dictionary<Key, Dfa?> _made = [];

    /// <summary>Tables that were asked for and were there already.</summary>
    public int Shared { get; private set; }

    /// <summary>The automaton that starts at an instruction; null when it does not fit the budget.</summary>
    public Dfa? Get(NfaProgram program, int startPc, DfaMode mode, DfaBudget budget)
    {
        var key = new Key(program, startPc, mode, budget);
        if (_made.TryGetValue(key, out Dfa? dfa))
        {
            Shared++;
            return dfa;
        }

        dfa = _builder.TryBuild(program, startPc, mode, budget);
        _made.Add(key, dfa);
        return dfa;
    }

    private readonly struct Key(NfaProgram program, int startPc, DfaMode mode, DfaBudget budget) : IEquatable<Key>
    {
        private readonly NfaProgram _program = program;
        private readonly int _startPc = startPc;
        private readonly DfaMode _mode = mode;
        private readonly DfaBudget _budget = budget;

        public bool Equals(Key other) =>
            _startPc == other._startPc && _mode == other._mode && _budget == other._budget
            && _program.Reversed == other._program.Reversed
            && _program.Instructions.AsSpan().SequenceEqual(other._program.Instructions)
            && _program.Sets.AsSpan().SequenceEqual(other._program.Sets);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(_startPc);
            hash.Add((int)_mode);
            foreach (NfaInstruction i in _program.Instructions)
            {
                hash.Add(((int)i.Op << 24) ^ (i.Next << 8) ^ i.Arg);
            }

            foreach (Rules.ByteSet set in _program.Sets)
            {
                hash.Add(set.Low ^ set.MidLow * 3 ^ set.MidHigh * 5 ^ set.High * 7);
            }

            return hash.ToHashCode();
        }
    }
}
