using System.Buffers.Binary;

namespace Outboard.Captures;

/// <summary>Writes pcap and pcapng.</summary>
/// <remarks>
/// <code>
/// using CaptureWriter writer = CaptureWriter.Create("out.pcapng", CaptureFormat.PcapNg, LinkType.Ethernet);
/// writer.Write(timestamp, frame);                     // one piece
/// writer.Begin(timestamp, packetLength);              // or a chain, piece by piece
/// writer.Append(firstSegment);
/// writer.Append(secondSegment);
/// writer.End();
/// </code>
/// Writing allocates nothing; 256 KiB are gathered before they go to the file. pcapng is written as one section with
/// nanosecond timestamps; microsecond pcap drops what is below a microsecond.
/// <para><b>Thread</b>: one at a time.</para>
/// <para><b>Source</b>: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng.</para>
/// </remarks>
public sealed partial class CaptureWriter : IDisposable
{
    private const int BufferSize = 256 * 1024;

    private readonly Stream _stream;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private readonly bool _bigEndian;
    private int _used;
    private long _flushed;
    private int _pending = -1;
    private int _dropped;
    private int _blockLength;
    private int _blockPadding;
    private int _commentLength;
    private bool _disposed;

    /// <summary>Writes to a stream, which the writer then owns; the header is written at once.</summary>
    /// <param name="stream">The stream; it need not be seekable.</param>
    /// <param name="options">Format and header fields.</param>
    public CaptureWriter(Stream stream, CaptureWriterOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(options);
        if (!Enum.IsDefined(options.Format))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Format, "Not a capture format.");
        }
        if (options.Format != CaptureFormat.PcapNg
            && (options.Comment ?? options.Application ?? options.InterfaceName) is not null)
        {
            throw new ArgumentException("pcap holds no comment, application or interface name; pcapng does.", nameof(options));
        }
        CheckSnapLength(options.SnapLength);
        _stream = stream;
        _bigEndian = options.BigEndian;
        Format = options.Format;
        if (Format == CaptureFormat.PcapNg)
        {
            WriteSectionHeader(options);
            AddInterface(options.LinkType, options.SnapLength, options.InterfaceName);
        }
        else
        {
            WritePcapHeader(options);
        }
    }

    /// <summary>The format written.</summary>
    public CaptureFormat Format { get; }

    /// <summary>Frames written.</summary>
    public long RecordCount { get; private set; }

    /// <summary>Bytes written, those not yet flushed included.</summary>
    public long Position => _flushed + _used;

    /// <summary>Creates a capture file, replacing one that exists.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">The format.</param>
    /// <param name="linkType">What the first byte of a frame belongs to.</param>
    /// <param name="snapLength">Most bytes kept of a frame; 1 to <see cref="CaptureReader.CapturedLengthMax"/>.</param>
    public static CaptureWriter Create(
        string path, CaptureFormat format, LinkType linkType, int snapLength = CaptureReader.CapturedLengthMax)
        => Create(path, new CaptureWriterOptions { Format = format, LinkType = linkType, SnapLength = snapLength });

    /// <summary>Creates a capture file, replacing one that exists.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Format and header fields.</param>
    public static CaptureWriter Create(string path, CaptureWriterOptions options)
    {
        FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            return new CaptureWriter(stream, options);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Writes one frame that lies in one piece.</summary>
    /// <param name="timestamp">Nanoseconds since 1970-01-01 UTC; not negative.</param>
    /// <param name="data">The frame; what is past the snapshot length is cut off.</param>
    public void Write(long timestamp, ReadOnlySpan<byte> data) => Write(timestamp, data, (uint)data.Length);

    /// <summary>Writes one frame that lies in one piece and may have been longer on the wire.</summary>
    /// <param name="timestamp">Nanoseconds since 1970-01-01 UTC; not negative.</param>
    /// <param name="data">The frame; what is past the snapshot length is cut off.</param>
    /// <param name="originalLength">Bytes it had on the wire.</param>
    /// <param name="interfaceIndex">The interface; 0, or what <see cref="AddInterface"/> gave.</param>
    /// <param name="comment">A comment on the frame, UTF-8, at most 65 535 bytes; pcapng only.</param>
    public void Write(
        long timestamp,
        ReadOnlySpan<byte> data,
        uint originalLength,
        int interfaceIndex = 0,
        ReadOnlySpan<byte> comment = default)
    {
        Begin(timestamp, data.Length, originalLength, interfaceIndex, comment);
        Append(data);
        End(comment);
    }

    /// <summary>Writes one frame that lies in two pieces.</summary>
    /// <param name="timestamp">Nanoseconds since 1970-01-01 UTC; not negative.</param>
    /// <param name="first">Its beginning.</param>
    /// <param name="second">The rest.</param>
    /// <param name="originalLength">Bytes it had on the wire.</param>
    public void Write(long timestamp, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, uint originalLength)
    {
        Begin(timestamp, checked(first.Length + second.Length), originalLength);
        Append(first);
        Append(second);
        End();
    }

    /// <summary>Begins a frame that comes in pieces.</summary>
    /// <param name="timestamp">Nanoseconds since 1970-01-01 UTC; not negative.</param>
    /// <param name="length">Bytes that will be appended; not negative.</param>
    public void Begin(long timestamp, int length) => Begin(timestamp, length, (uint)length);

    /// <summary>Begins a frame that comes in pieces and may have been longer on the wire.</summary>
    /// <param name="timestamp">Nanoseconds since 1970-01-01 UTC; not negative.</param>
    /// <param name="length">Bytes that will be appended; not negative. What is past the snapshot length is cut off.</param>
    /// <param name="originalLength">Bytes it had on the wire.</param>
    /// <param name="interfaceIndex">The interface; 0, or what <see cref="AddInterface"/> gave.</param>
    public void Begin(long timestamp, int length, uint originalLength, int interfaceIndex = 0)
        => Begin(timestamp, length, originalLength, interfaceIndex, default);

    /// <summary>Adds the next piece of the frame begun.</summary>
    /// <param name="data">The piece; all pieces together are as long as <c>Begin</c> was told.</param>
    public void Append(ReadOnlySpan<byte> data)
    {
        if (_pending < 0)
        {
            throw new InvalidOperationException("Append comes after Begin; no frame is begun.");
        }
        if (data.Length > _pending + _dropped)
        {
            throw new InvalidOperationException(
                $"Append of {data.Length} bytes; the frame begun takes {_pending + _dropped} more.");
        }
        int kept = Math.Min(data.Length, _pending);
        Put(data[..kept]);
        _pending -= kept;
        _dropped -= data.Length - kept;
    }

    /// <summary>Ends the frame begun.</summary>
    public void End() => End(default);

    /// <summary>Hands everything written so far to the file.</summary>
    public void Flush()
    {
        Drain();
        _stream.Flush();
    }

    /// <summary>Flushes and closes the file. A frame begun and not ended leaves the file truncated.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        try
        {
            Drain();
        }
        finally
        {
            _stream.Dispose();
        }
    }

    private void Begin(
        long timestamp, int length, uint originalLength, int interfaceIndex, ReadOnlySpan<byte> comment)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(timestamp);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(interfaceIndex, _interfaceCount);
        if (_pending >= 0)
        {
            throw new InvalidOperationException("Begin comes after End; a frame is begun already.");
        }
        int kept = Math.Min(length, _snapLengths[interfaceIndex]);
        if (Format == CaptureFormat.PcapNg)
        {
            BeginPacketBlock(timestamp, kept, originalLength, interfaceIndex, comment);
        }
        else
        {
            BeginPcapRecord(timestamp, kept, originalLength, comment);
        }
        _pending = kept;
        _dropped = length - kept;
    }

    private void End(ReadOnlySpan<byte> comment)
    {
        if (_pending < 0)
        {
            throw new InvalidOperationException("End comes after Begin; no frame is begun.");
        }
        if (_pending + _dropped > 0)
        {
            throw new InvalidOperationException($"End with {_pending + _dropped} bytes of the frame still to append.");
        }
        if (Format == CaptureFormat.PcapNg)
        {
            EndPacketBlock(comment);
        }
        _pending = -1;
        RecordCount++;
    }

    private static void CheckSnapLength(int snapLength)
    {
        if (snapLength is < 1 or > CaptureReader.CapturedLengthMax)
        {
            throw new ArgumentOutOfRangeException(
                nameof(snapLength), snapLength, $"A snapshot length is 1 to {CaptureReader.CapturedLengthMax} bytes.");
        }
    }

    private void Drain()
    {
        _stream.Write(_buffer, 0, _used);
        _flushed += _used;
        _used = 0;
    }

    private void Put(ReadOnlySpan<byte> data)
    {
        while (data.Length > BufferSize - _used)
        {
            int part = BufferSize - _used;
            data[..part].CopyTo(_buffer.AsSpan(_used));
            _used += part;
            data = data[part..];
            Drain();
        }
        data.CopyTo(_buffer.AsSpan(_used));
        _used += data.Length;
    }

    // Room for a whole header at once: a record is not worth a call for each of its numbers.
    private Span<byte> Reserve(int count)
    {
        if (count > BufferSize - _used)
        {
            Drain();
        }
        Span<byte> room = _buffer.AsSpan(_used, count);
        _used += count;
        return room;
    }

    private void Set32(Span<byte> bytes, int offset, uint value)
        => BinaryPrimitives.WriteUInt32LittleEndian(
            bytes[offset..], _bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    private void Put16(ushort value)
        => BinaryPrimitives.WriteUInt16LittleEndian(
            Reserve(sizeof(ushort)), _bigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    private void Put32(uint value) => Set32(Reserve(sizeof(uint)), 0, value);
}
