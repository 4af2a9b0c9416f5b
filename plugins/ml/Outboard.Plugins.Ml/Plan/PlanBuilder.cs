using Outboard.Plugins.Ml.Graph;
using Outboard.Plugins.Ml.Graph.Operations;

namespace Outboard.Plugins.Ml.Plan;

/// <summary>Turns a graph into a plan for one set of kernels: numbers the slots, lays out the arena, packs weights, emits steps.</summary>
internal sealed unsafe partial class PlanBuilder
{
    /// <summary>Arena that stays in the second-level cache; a batch that needs more is run in pieces.</summary>
    private const long ArenaTarget = 256 << 10;

    /// <summary>Arena of one context above which a model is refused.</summary>
    private const long ArenaMax = 256L << 20;

    private readonly ModelGraph _graph;
    private readonly KernelSet _kernels;
    private readonly PlanMemory _memory = new();
    private readonly ArenaLayout _arena = new();
    private readonly Dictionary<GraphValue, int> _slotOf = [];
    private readonly Dictionary<byte[], int> _constantSlots = [];
    private readonly List<nint> _slots = [];
    private readonly List<bool> _inArena = [];
    private readonly List<PlanStep> _steps = [];
    private readonly List<string> _names = [];
    private readonly int _batchMax;

    private PlanBuilder(ModelGraph graph, KernelSet kernels, int batchMax)
    {
        _graph = graph;
        _kernels = kernels;
        _batchMax = batchMax;
    }

    /// <summary>Builds a plan. Runs take at most <paramref name="batchMax"/> inferences, fewer where their values are large.</summary>
    public static ExecutionPlan Build(ModelGraph graph, KernelSet kernels, int batchMax)
    {
        long widest = 1;
        foreach (Operation operation in graph.Operations)
        {
            long bytes = operation.Inputs.Where(i => !i.IsConstant).Sum(i => (long)i.ByteCount) + operation.Outputs.Sum(o => (long)o.ByteCount);
            widest = Math.Max(widest, bytes);
        }

        long batch = graph.IsBatched ? Math.Clamp(ArenaTarget / widest, 1, batchMax) : 1;
        batch = batch > 16 ? batch / 16 * 16 : batch;
        var builder = new PlanBuilder(graph, kernels, (int)batch);
        try
        {
            return builder.Run();
        }
        catch
        {
            builder._memory.Dispose();
            throw;
        }
    }

    private ExecutionPlan Run()
    {
        foreach (GraphValue input in _graph.Inputs)
        {
            _slotOf[input] = AddSlot(0, false);
        }

        // An output is written in place by the operation that makes it, when nothing else has claimed the value.
        var copies = new List<int>();
        for (int i = 0; i < _graph.Outputs.Length; i++)
        {
            int slot = AddSlot(0, false);
            GraphValue storage = _graph.Outputs[i].Storage;
            if (storage.Producer is null || storage.IsConstant || !_slotOf.TryAdd(storage, slot))
            {
                copies.Add(i);
            }
        }

        Dictionary<GraphValue, int> lastUse = FindLastUses(copies);
        for (int i = 0; i < _graph.Operations.Length; i++)
        {
            Operation operation = _graph.Operations[i];
            foreach (GraphValue output in operation.Outputs)
            {
                Place(operation, output, i, lastUse);
            }

            Emit(operation);
            foreach (GraphValue value in operation.Inputs.Select(v => v.Storage).Concat(operation.Outputs).Distinct())
            {
                Release(value, i, lastUse);
            }
        }

        foreach (int i in copies)
        {
            EmitCopy(_graph.Outputs[i], _graph.Inputs.Length + i);
        }

        if (_arena.ByteCount > ArenaMax)
        {
            throw new ModelException($"the model needs {_arena.ByteCount} bytes of working memory; at most {ArenaMax} are allowed");
        }

        PlanStep* steps = _memory.Allocate<PlanStep>(_steps.Count);
        for (int i = 0; i < _steps.Count; i++)
        {
            steps[i] = _steps[i];
        }

        return new ExecutionPlan(_graph, _memory)
        {
            Steps = steps,
            StepCount = _steps.Count,
            StepNames = _names,
            Slots = [.. _slots],
            IsInArena = [.. _inArena],
            BatchMax = _batchMax,
            ArenaBytes = _arena.ByteCount,
        };
    }

    private Dictionary<GraphValue, int> FindLastUses(List<int> copies)
    {
        var last = new Dictionary<GraphValue, int>();
        for (int i = 0; i < _graph.Operations.Length; i++)
        {
            foreach (GraphValue output in _graph.Operations[i].Outputs)
            {
                last[output] = i;
            }

            foreach (GraphValue input in _graph.Operations[i].Inputs)
            {
                last[input.Storage] = i;
            }
        }

        foreach (int i in copies)
        {
            last[_graph.Outputs[i].Storage] = int.MaxValue;
        }

        return last;
    }

    /// <summary>Gives an output its place: its graph output, the place of an input that ends here, or new arena.</summary>
    private void Place(Operation operation, GraphValue output, int index, Dictionary<GraphValue, int> lastUse)
    {
        if (_slotOf.ContainsKey(output))
        {
            return;
        }

        if (operation is UnaryOperation or BinaryOperation)
        {
            foreach (GraphValue input in operation.Inputs)
            {
                GraphValue storage = input.Storage;
                if (!storage.IsConstant && _slotOf.TryGetValue(storage, out int slot) && _inArena[slot]
                    && lastUse[storage] == index && input.Type == output.Type && input.Shape.Equals(output.Shape))
                {
                    // The place passes on to the output: releasing it becomes the output's affair.
                    lastUse.Remove(storage);
                    _slotOf[output] = slot;
                    return;
                }
            }
        }

        _slotOf[output] = AddSlot((nint)_arena.Take(Bytes(output)), true);
    }

    private void Release(GraphValue value, int index, Dictionary<GraphValue, int> lastUse)
    {
        if (lastUse.TryGetValue(value, out int last) && last == index && _slotOf.TryGetValue(value, out int slot) && _inArena[slot])
        {
            _arena.Release(_slots[slot], Bytes(value));
        }
    }

    private long Bytes(GraphValue value) => (long)value.ByteCount * (value.Shape.IsBatched ? _batchMax : 1);

    private int AddSlot(nint place, bool inArena)
    {
        _slots.Add(place);
        _inArena.Add(inArena);
        return _slots.Count - 1;
    }

    /// <summary>The slot of a value; constants get theirs on first use.</summary>
    private int Slot(GraphValue value)
    {
        GraphValue storage = value.Storage;
        if (_slotOf.TryGetValue(storage, out int slot))
        {
            return slot;
        }

        if (!storage.IsConstant)
        {
            throw new ModelException($"'{value.Name}' is read before it is computed");
        }

        // Views of one constant share its bytes, and so its copy.
        byte[] bytes = storage.Constant!;
        if (!_constantSlots.TryGetValue(bytes, out slot))
        {
            slot = AddSlot((nint)_memory.Copy<byte>(bytes), false);
            _constantSlots.Add(bytes, slot);
        }

        _slotOf[storage] = slot;
        return slot;
    }

    private void AddStep(string name, delegate*<void*, byte**, int, void> run, void* arguments)
    {
        _steps.Add(new PlanStep { Run = run, Arguments = arguments });
        _names.Add(name);
    }
}
