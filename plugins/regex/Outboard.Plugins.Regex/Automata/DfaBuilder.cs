namespace Outboard.Plugins.Regex.Automata;

/// <summary>Makes a whole <see cref="Dfa"/> at compile time, or gives up when a budget is spent.</summary>
internal sealed class DfaBuilder
{
    private readonly NfaProgram _program;
    private readonly StateStepper _stepper;
    private readonly bool _ordered;
    private readonly DfaBudget _budget;
    private readonly Dictionary<int[], int> _ids = new(StateComparer.Instance);
    private readonly List<int[]> _states = [];
    private readonly List<uint> _table = [];
    private readonly List<int>? _ruleListOf;
    private readonly List<int[]>? _ruleLists;
    private readonly Dictionary<int[], int>? _ruleListIds;
    private readonly int[] _scratch;
    private readonly int _stride;
    private long _spent;

    private DfaBuilder(NfaProgram program, StateStepper stepper, bool ordered, bool listRules, DfaBudget budget)
    {
        _program = program;
        _stepper = stepper;
        _ordered = ordered;
        _budget = budget;
        _scratch = new int[program.Length + 1];
        _stride = program.Classes.Count + 2;
        if (listRules)
        {
            _ruleListOf = [];
            _ruleLists = [];
            _ruleListIds = new Dictionary<int[], int>(StateComparer.Instance);
            stepper.MatchedRules = [];
        }
        else
        {
            stepper.MatchedRules = null;
        }
    }

    /// <summary>Builds the automaton that starts at an instruction; null when it does not fit the budget.</summary>
    public static Dfa? TryBuild(
        NfaProgram program, StateStepper stepper, int startPc, bool ordered, bool listRules, DfaBudget budget)
    {
        var builder = new DfaBuilder(program, stepper, ordered, listRules, budget);
        return builder.Build(startPc);
    }

    private Dfa? Build(int startPc)
    {
        AddState(length: 0, PositionContext.Edge);
        var starts = new uint[PositionContexts.Count];
        for (int context = 0; context < starts.Length; context++)
        {
            int length = _stepper.Begin(_program, startPc, _scratch.AsSpan(1), _ordered);
            starts[context] = (uint)(AddState(length, (PositionContext)context) * _stride);
        }

        for (int id = 1; id < _states.Count; id++)
        {
            if (_states.Count > _budget.StateMax || _table.Count > _budget.EntryMax || _spent > _budget.WorkMax)
            {
                return null;
            }

            FillRow(id);
        }

        return new Dfa
        {
            Table = [.. _table],
            ClassMap = _program.Classes.Map,
            StartRows = starts,
            Stride = _stride,
            TellsLastNewline = _program.TellsLastNewline,
            RuleListOf = _ruleListOf?.ToArray(),
            RuleLists = _ruleLists?.ToArray(),
        };
    }

    private void FillRow(int id)
    {
        int[] state = _states[id];
        int classes = _program.Classes.Count;
        for (int column = 0; column < _stride; column++)
        {
            int value;
            PositionContext symbol;
            if (column < classes)
            {
                value = _program.Classes.Representatives[column];
                symbol = PositionContexts.OfByte((byte)value);
            }
            else if (column == classes)
            {
                value = '\n';
                symbol = PositionContext.LastNewline;
                if (!_program.TellsLastNewline)
                {
                    continue;
                }
            }
            else
            {
                value = -1;
                symbol = PositionContext.Edge;
            }

            FillEntry(id, state, column, value, symbol);
        }
    }

    private void FillEntry(int id, int[] state, int column, int value, PositionContext symbol)
    {
        var known = (PositionContext)state[0];
        (PositionContext before, PositionContext after) = _program.Reversed ? (symbol, known) : (known, symbol);
        _stepper.MatchedRules?.Clear();
        int length = _stepper.Step(
            _program, state.AsSpan(1), before, after, value, _ordered, _scratch.AsSpan(1), out bool matched);
        _spent += state.Length + length;
        PositionContext passed = PositionContexts.Passed(_program.Reversed, known, symbol);
        int target = length == 0 ? 0 : AddState(length, passed);
        int at = id * _stride + column;
        _table[at] = (uint)(target * _stride) | (matched ? Dfa.MatchBit : 0);
        if (matched && _ruleListOf is not null)
        {
            _ruleListOf[at] = RuleList();
        }
    }

    private int RuleList()
    {
        List<int> matched = _stepper.MatchedRules!;
        matched.Sort();
        int[] list = [.. matched];
        if (!_ruleListIds!.TryGetValue(list, out int id))
        {
            id = _ruleLists!.Count;
            _ruleLists.Add(list);
            _ruleListIds.Add(list, id);
        }

        return id;
    }

    private int AddState(int length, PositionContext context)
    {
        _scratch[0] = _program.HasAssertions && length > 0 ? (int)context : 0;
        int[] key = _scratch[..(length + 1)];
        if (_ids.TryGetValue(key, out int id))
        {
            return id;
        }

        id = _states.Count;
        _ids.Add(key, id);
        _states.Add(key);
        for (int i = 0; i < _stride; i++)
        {
            _table.Add(0);
            _ruleListOf?.Add(-1);
        }

        return id;
    }
}
