namespace Outboard.Captures;

/// <summary>A file is no capture, is cut short, or contradicts its own format.</summary>
/// <remarks>The message is one line: file, reason, offset.</remarks>
public sealed class CaptureFormatException : FormatException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="file">Name of the file or stream.</param>
    /// <param name="offset">Where the record or header at fault begins; bytes from the start of the file.</param>
    /// <param name="reason">What is wrong: the value and what is allowed.</param>
    /// <param name="isTruncated">Whether the file merely ends too early.</param>
    public CaptureFormatException(string file, long offset, string reason, bool isTruncated = false)
        : base($"{file}: {reason} (offset {offset})")
    {
        File = file;
        Offset = offset;
        Reason = reason;
        IsTruncated = isTruncated;
    }

    /// <summary>Name of the file or stream.</summary>
    public string File { get; }

    /// <summary>Where the record or header at fault begins; bytes from the start of the file.</summary>
    public long Offset { get; }

    /// <summary>What is wrong: the value and what is allowed.</summary>
    public string Reason { get; }

    /// <summary>Whether the file is sound as far as it goes and merely ends in the middle of a record.</summary>
    public bool IsTruncated { get; }
}
