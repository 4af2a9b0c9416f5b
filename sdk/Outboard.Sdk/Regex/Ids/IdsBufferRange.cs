namespace Outboard.Regex.Ids;

/// <summary>Where a buffer lies in a payload.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="Offset">Its first byte, from the start of the payload.</param>
/// <param name="Length">Its length in bytes; may be 0.</param>
public readonly record struct IdsBufferRange(IdsBuffer Buffer, int Offset, int Length);
