namespace Outboard.Plugins.Ml.Plan;

/// <summary>One kernel call: the entry and its argument block. Operands are numbers of slots, resolved for each context.</summary>
internal unsafe struct PlanStep
{
    public delegate*<void*, byte**, int, void> Run;
    public void* Arguments;
}
