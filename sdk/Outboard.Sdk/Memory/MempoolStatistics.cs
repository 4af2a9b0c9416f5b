namespace Outboard.Memory;

/// <summary>What a <see cref="Mempool"/> has done since it was made. Counted by each cache on its own and added up when asked.</summary>
/// <param name="GetCalls">Gets that succeeded.</param>
/// <param name="GetObjects">Objects handed out.</param>
/// <param name="GetFailures">Gets that failed for want of objects.</param>
/// <param name="PutCalls">Puts.</param>
/// <param name="PutObjects">Objects given back.</param>
/// <param name="BackendGetCalls">Times that a cache went to the shared ring for objects and got them.</param>
/// <param name="BackendGetObjects">Objects that caches took from the shared ring.</param>
/// <param name="BackendPutCalls">Times that a cache gave objects to the shared ring.</param>
/// <param name="BackendPutObjects">Objects that caches gave to the shared ring.</param>
/// <param name="StolenObjects">Objects taken from other threads' caches because the shared ring had too few.</param>
public readonly record struct MempoolStatistics(
    long GetCalls,
    long GetObjects,
    long GetFailures,
    long PutCalls,
    long PutObjects,
    long BackendGetCalls,
    long BackendGetObjects,
    long BackendPutCalls,
    long BackendPutObjects,
    long StolenObjects);
