namespace Outboard.Memory;

/// <summary>What a <see cref="Mempool"/> checks as objects come and go. Chosen when the pool is made; no rebuild is needed.</summary>
[Flags]
public enum MempoolDebugChecks
{
    /// <summary>No checks.</summary>
    None = 0,

    /// <summary>Objects put twice, objects of other pools, and addresses inside an object. Also records who took each object.</summary>
    Ownership = 1,

    /// <summary>Writes past an object's end, by a guard word behind each.</summary>
    Overrun = 2,

    /// <summary>Writes to free objects, by a pattern that free objects are filled with.</summary>
    UseAfterFree = 4,

    /// <summary>Every check.</summary>
    All = Ownership | Overrun | UseAfterFree,
}
