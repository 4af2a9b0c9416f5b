using System.Runtime.CompilerServices;
using Outboard.Memory;

namespace Outboard.Plugins.Ml.Plan;

/// <summary>What one thread needs to run a plan: its arena and its resolved slots.</summary>
internal sealed unsafe class PlanContext : IDisposable
{
    private const nuint Alignment = 64;

    private readonly ExecutionPlan _plan;
    private readonly NativeBlock _block;
    private readonly byte** _slots;
    private readonly int _inputs;
    private readonly int _outputs;

    public PlanContext(ExecutionPlan plan)
    {
        _plan = plan;
        _inputs = plan.InputBytes.Length;
        _outputs = plan.OutputBytes.Length;
        nuint table = ((nuint)plan.Slots.Length * (nuint)sizeof(nint)) + Alignment - 1 & ~(Alignment - 1);
        _block = NativeBlock.Allocate(table + (nuint)plan.ArenaBytes + Alignment, MemoryBacking.Allocator);
        nint start = (_block.Address + (nint)Alignment - 1) & ~((nint)Alignment - 1);
        _slots = (byte**)start;
        nint arena = start + (nint)table;
        for (int i = 0; i < plan.Slots.Length; i++)
        {
            _slots[i] = (byte*)(plan.IsInArena[i] ? arena + plan.Slots[i] : plan.Slots[i]);
        }
    }

    /// <summary>
    /// Runs a batch. The caller guarantees one address for each graph input and output, each with that many bytes for every
    /// inference, one inference behind the other, and that outputs overlap nothing else.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(byte** inputs, byte** outputs, int batch)
    {
        for (int i = 0; i < _inputs; i++)
        {
            _slots[i] = inputs[i];
        }

        for (int i = 0; i < _outputs; i++)
        {
            _slots[_inputs + i] = outputs[i];
        }

        int limit = _plan.BatchMax;
        while (true)
        {
            int count = Math.Min(batch, limit);
            PlanStep* step = _plan.Steps, end = step + _plan.StepCount;
            for (; step < end; step++)
            {
                step->Run(step->Arguments, _slots, count);
            }

            batch -= count;
            if (batch <= 0)
            {
                return;
            }

            for (int i = 0; i < _inputs; i++)
            {
                _slots[i] += (nint)_plan.InputBytes[i] * count;
            }

            for (int i = 0; i < _outputs; i++)
            {
                _slots[_inputs + i] += (nint)_plan.OutputBytes[i] * count;
            }
        }
    }

    public void Dispose() => _block.Dispose();
}
