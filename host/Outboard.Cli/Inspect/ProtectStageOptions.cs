using Outboard.Captures;

namespace Outboard.Cli.Inspect;

/// <summary>What the protecting stage needs to know of the others.</summary>
/// <param name="Capacity">The most pieces of one burst.</param>
/// <param name="FrameMax">The longest frame that the port sends.</param>
/// <param name="WithOffload">Whether the port writes checksums.</param>
/// <param name="Format">The format of the capture read.</param>
internal sealed record ProtectStageOptions(int Capacity, int FrameMax, bool WithOffload, CaptureFormat Format);
