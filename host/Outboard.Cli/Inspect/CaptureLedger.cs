using Outboard.Captures;

namespace Outboard.Cli.Inspect;

/// <summary>The capture read a second time, beside the port: what the file says of each frame, and the frame itself.</summary>
/// <remarks>
/// A port hands over bytes; the time of a frame, its length on the wire and the frames that a port cannot carry are only in
/// the file. The frames of one queue come in the file's order, so the two meet frame by frame.
/// </remarks>
internal sealed class CaptureLedger : IDisposable
{
    private readonly CaptureReader _reader;
    private readonly byte[] _data = GC.AllocateUninitializedArray<byte>(CaptureReader.CapturedLengthMax, pinned: true);

    public CaptureLedger(CaptureReader reader)
    {
        _reader = reader;
        Advance();
    }

    /// <summary>Whether the capture is at its end.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>What the file says of the frame whose turn it is.</summary>
    public CaptureRecordHeader Header { get; private set; }

    /// <summary>That frame.</summary>
    public ReadOnlySpan<byte> Data => _data.AsSpan(0, Header.CapturedLength);

    /// <summary>The reader behind it.</summary>
    public CaptureReader Reader => _reader;

    /// <summary>Goes on to the next frame.</summary>
    /// <exception cref="CaptureFormatException">The capture is damaged there.</exception>
    public void Advance()
    {
        if (_reader.TryRead(_data, out CaptureRecordHeader header))
        {
            Header = header;
        }
        else
        {
            Header = default;
            IsAtEnd = true;
        }
    }

    public void Dispose() => _reader.Dispose();
}
