using System.Buffers.Binary;

namespace Outboard.Captures;

/// <summary>Reads pcap and pcapng, either byte order, as a stream of frames.</summary>
/// <remarks>
/// <code>
/// using CaptureReader reader = CaptureReader.Open("campus.pcap");
/// while (reader.TryRead(out CaptureRecord record))
/// {
///     Use(record.Timestamp, record.Data);
/// }
/// </code>
/// Memory is one window of 512 KiB however long the file is, and a read allocates nothing. What is not sound throws
/// <see cref="CaptureFormatException"/>; the frames before it have been read by then, and every later read throws the same.
/// A pcap record and a pcapng packet hold at most <see cref="CapturedLengthMax"/> bytes; other pcapng blocks, which are
/// skipped without being held, at most <see cref="BlockLengthMax"/>; a section describes at most
/// <see cref="InterfaceCountMax"/> interfaces. A length past these is a damaged file, not a reason to take memory.
/// <para><b>Thread</b>: one at a time.</para>
/// <para><b>Source</b>: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng.</para>
/// </remarks>
public sealed partial class CaptureReader : IDisposable
{
    /// <summary>The longest captured frame taken: 256 KiB, the largest snapshot length of the usual tools.</summary>
    public const int CapturedLengthMax = 262_144;

    /// <summary>The longest pcapng block skipped: 16 MiB.</summary>
    public const int BlockLengthMax = 16 * 1024 * 1024;

    /// <summary>The most interfaces one pcapng section may describe.</summary>
    public const int InterfaceCountMax = 65_536;

    // Room for one packet block with its options (384 KiB) and still a read of useful size behind it.
    private const int WindowSize = 512 * 1024;

    private readonly Stream _stream;
    private readonly byte[] _window = GC.AllocateUninitializedArray<byte>(WindowSize);
    private readonly bool _allowTruncation;
    private int _start;
    private int _end;
    private long _windowOffset;
    private bool _streamEnded;
    private bool _finished;
    private bool _bigEndian;
    private CaptureFormatException? _failure;

    /// <summary>Reads from a stream, which the reader then owns, and checks its header.</summary>
    /// <param name="stream">The stream, at the first byte of the capture; it need not be seekable.</param>
    /// <param name="name">Name used in messages.</param>
    /// <param name="options">How to read; null means the defaults.</param>
    /// <exception cref="CaptureFormatException">The stream holds no capture.</exception>
    public CaptureReader(Stream stream, string name, CaptureReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        _stream = stream;
        Name = name;
        _allowTruncation = options?.AllowTruncation ?? false;
        try
        {
            ReadFileHeader();
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Name of the file or stream, as used in messages.</summary>
    public string Name { get; }

    /// <summary>The format found.</summary>
    public CaptureFormat Format { get; private set; }

    /// <summary>Whether the file header, or the current section, is big-endian.</summary>
    public bool IsBigEndian => _bigEndian;

    /// <summary>
    /// Link type of the first interface described; a pcapng file may mix several, and each record carries its own.
    /// <see cref="LinkType.Null"/> for a pcapng file that describes no interface (<see cref="InterfaceCount"/> is 0).
    /// </summary>
    public LinkType LinkType { get; private set; }

    /// <summary>Snapshot length of the first interface in bytes; 0 where the file names no limit.</summary>
    public uint SnapLength { get; private set; }

    /// <summary>Interfaces described so far in the current section; 1 for pcap.</summary>
    public int InterfaceCount => _interfaceCount;

    /// <summary>Frames read.</summary>
    public long RecordCount { get; private set; }

    /// <summary>Bytes of the file used up so far.</summary>
    public long Position => _windowOffset + _start;

    /// <summary>Length of the file in bytes, or -1 where the stream cannot tell.</summary>
    public long Length => _stream.CanSeek ? _stream.Length : -1;

    /// <summary>Whether the file was found to end in the middle of a record.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Opens a capture file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read; null means the defaults.</param>
    /// <exception cref="CaptureFormatException">The file is no capture.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static CaptureReader Open(string path, CaptureReaderOptions? options = null)
    {
        // The window is the buffer: a second one in the stream would only add a copy.
        FileStream stream = new(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        return new CaptureReader(stream, path, options);
    }

    /// <summary>Reads the next frame.</summary>
    /// <param name="record">The frame, valid until the next read.</param>
    /// <returns>Whether there was one; <see langword="false"/> at the end of the capture.</returns>
    /// <exception cref="CaptureFormatException">The next record is malformed or cut short.</exception>
    public bool TryRead(out CaptureRecord record)
    {
        if (_failure is not null)
        {
            throw new CaptureFormatException(
                _failure.File, _failure.Offset, _failure.Reason, _failure.IsTruncated);
        }
        if (_finished)
        {
            record = default;
            return false;
        }
        bool found = Format == CaptureFormat.PcapNg ? TryReadBlock(out record) : TryReadPcap(out record);
        if (found)
        {
            RecordCount++;
        }
        else
        {
            _finished = true;
        }
        return found;
    }

    /// <summary>Reads the next frame straight into the caller's memory.</summary>
    /// <param name="destination">
    /// Takes the first bytes of the frame, as many as fit; <see cref="CaptureRecordHeader.CapturedLength"/> tells how many there were.
    /// </param>
    /// <param name="header">Everything but the bytes.</param>
    /// <returns>Whether there was a frame; <see langword="false"/> at the end of the capture.</returns>
    /// <exception cref="CaptureFormatException">The next record is malformed or cut short.</exception>
    public bool TryRead(Span<byte> destination, out CaptureRecordHeader header)
    {
        bool found = TryRead(out CaptureRecord record);
        header = record.Header;
        record.Data[..Math.Min(record.Data.Length, destination.Length)].CopyTo(destination);
        return found;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private void ReadFileHeader()
    {
        int available = Fill(4);
        if (available < 4)
        {
            throw Fail(available == 0 ? "the file is empty" : $"not a capture: only {available} bytes long");
        }
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(_window);
        if (magic == SectionHeaderBlock)
        {
            Format = CaptureFormat.PcapNg;
            ReadUntilFirstInterface();
        }
        else
        {
            ReadPcapHeader(magic);
        }
    }

    // Makes `count` bytes lie in the window from _start on; returns how many there are, fewer only at the end of the stream.
    private int Fill(int count)
    {
        int available = _end - _start;
        if (available >= count)
        {
            return available;
        }
        if (_start > 0)
        {
            _window.AsSpan(_start, available).CopyTo(_window);
            _windowOffset += _start;
            _start = 0;
            _end = available;
        }
        while (_end < count && !_streamEnded)
        {
            int read = _stream.Read(_window, _end, WindowSize - _end);
            _streamEnded = read == 0;
            _end += read;
        }
        return _end;
    }

    private ushort ReadUInt16(int offset)
    {
        ReadOnlySpan<byte> source = _window.AsSpan(_start + offset);
        return _bigEndian
            ? BinaryPrimitives.ReadUInt16BigEndian(source)
            : BinaryPrimitives.ReadUInt16LittleEndian(source);
    }

    private uint ReadUInt32(int offset)
    {
        ReadOnlySpan<byte> source = _window.AsSpan(_start + offset);
        return _bigEndian
            ? BinaryPrimitives.ReadUInt32BigEndian(source)
            : BinaryPrimitives.ReadUInt32LittleEndian(source);
    }

    // Offset null: the record that starts at the current position.
    private CaptureFormatException Fail(string reason, long? offset = null, bool isTruncated = false)
        => _failure = new CaptureFormatException(Name, offset ?? Position, reason, isTruncated);

    // A cut-short record: an error, or the end of the capture where the caller allows that.
    private bool Truncated(string what, long offset, long have, long need)
    {
        IsTruncated = true;
        return _allowTruncation
            ? false
            : throw Fail($"truncated capture: {what} needs {need} bytes, the file has {have}", offset, isTruncated: true);
    }
}
