namespace Outboard.Ml;

/// <summary>The counters of one model since it was started or reset.</summary>
/// <param name="OpCount">Ops completed.</param>
/// <param name="ErrorCount">Ops completed with an error.</param>
/// <param name="BatchCount">Batches run; ops of one model that wait together run as one.</param>
/// <param name="LatencyMinNanoseconds">The shortest time of one batch.</param>
/// <param name="LatencyMaxNanoseconds">The longest time of one batch.</param>
/// <param name="LatencySumNanoseconds">The time of all batches.</param>
/// <param name="BatchSizeHistogram">Batches by size: element k counts sizes from 2^k to below 2^(k+1).</param>
public sealed record MlModelStatistics(
    ulong OpCount,
    ulong ErrorCount,
    ulong BatchCount,
    ulong LatencyMinNanoseconds,
    ulong LatencyMaxNanoseconds,
    ulong LatencySumNanoseconds,
    IReadOnlyList<ulong> BatchSizeHistogram);
