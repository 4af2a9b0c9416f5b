namespace Outboard.Memory;

/// <summary>An object that was still out when its <see cref="Mempool"/> was closed.</summary>
/// <param name="Index">Its index in the pool.</param>
/// <param name="Address">Its address.</param>
/// <param name="Owner">Who had it last: an owner set with <see cref="Mempool.SetOwner"/> or the cache that took it; "unknown" without checks.</param>
public readonly record struct LeakedObject(int Index, nint Address, string Owner);
