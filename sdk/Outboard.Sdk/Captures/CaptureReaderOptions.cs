namespace Outboard.Captures;

/// <summary>How a capture is read.</summary>
public sealed record CaptureReaderOptions
{
    /// <summary>
    /// Whether a file that ends in the middle of a record counts as ended before that record
    /// (<see cref="CaptureReader.IsTruncated"/> then says so) instead of being an error. Off by default.
    /// </summary>
    public bool AllowTruncation { get; init; }
}
