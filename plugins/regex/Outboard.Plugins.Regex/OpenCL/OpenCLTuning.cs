namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>What a test may want otherwise.</summary>
/// <param name="AllowInPlace">False asks for copies of the batches even where the device works on the host's memory.</param>
/// <param name="GroupSize">Work items in a group, whether the device can do it or not; null for what suits it.</param>
/// <param name="TableByteCountMax">Longest table; the device may allow less.</param>
/// <param name="WarmsUp">False leaves it to the first batch to find out whether the device runs the kernels.</param>
internal sealed record OpenCLTuning(
    bool AllowInPlace = true, int? GroupSize = null, ulong TableByteCountMax = ulong.MaxValue, bool WarmsUp = true);
