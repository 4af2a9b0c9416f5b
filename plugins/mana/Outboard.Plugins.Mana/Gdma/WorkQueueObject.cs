namespace Outboard.Plugins.Mana.Gdma;

/// <summary>A work queue with its completion queue, as the adapter made them.</summary>
internal readonly record struct WorkQueueObject(ulong Handle, uint WorkQueueId, uint CompletionQueueId);
