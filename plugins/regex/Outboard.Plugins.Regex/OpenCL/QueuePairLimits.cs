namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>What a queue pair is sized for.</summary>
/// <param name="GroupCount">Groups that ops may name.</param>
/// <param name="MatchesMax">Most matches of an op.</param>
/// <param name="PayloadLengthMax">Longest payload in bytes.</param>
/// <param name="BatchMax">Most payloads in a batch.</param>
/// <param name="Depth">Batches that may be on the device.</param>
internal readonly record struct QueuePairLimits(
    int GroupCount, int MatchesMax, int PayloadLengthMax, int BatchMax, int Depth);
