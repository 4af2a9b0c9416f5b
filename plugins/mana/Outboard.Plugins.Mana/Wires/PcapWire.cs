using System.Runtime.InteropServices;
using Outboard.Captures;

namespace Outboard.Plugins.Mana.Wires;

/// <summary>Frames come from a capture file and go to one.</summary>
/// <remarks>
/// Played once, the capture streams: no more than one batch of it is in memory. Played more often it is read once and
/// held, up to <see cref="HeldByteMax"/>. Frames wait for buffers, so none is lost. Records that are no Ethernet frames
/// are passed over and counted. A file that turns out damaged half-way ends the wire there, with the reason in
/// <see cref="Fault"/>.
/// </remarks>
internal sealed unsafe class PcapWire : IWire
{
    public const string WireName = "pcap";

    /// <summary>Most bytes of frames held to play a capture more than once.</summary>
    public const int HeldByteMax = 256 * 1024 * 1024;

    private const int BatchMax = 32;
    private const int WindowByteCount = (2 * CaptureReader.CapturedLengthMax) + (BatchMax * 2048);

    private readonly Lock _writeLock = new();
    private readonly TimeProvider _clock;
    private readonly WireFrame[] _window = new WireFrame[BatchMax];
    private readonly ulong _loops;
    private CaptureReader? _reader;
    private CaptureWriter? _writer;
    private byte* _memory;
    private WireFrame[] _held = [];
    private int _heldCount;
    private int _head;
    private int _count;
    private ulong _loop;

    /// <summary>Opens both files; a capture to be played more than once is read here.</summary>
    public PcapWire(PcapWireOptions options)
    {
        _clock = options.Clock;
        HasSource = options.ReceivePath is not null;
        _loops = options.Loops == 0 ? ulong.MaxValue : (ulong)options.Loops;
        try
        {
            if (options.ReceivePath is { } path)
            {
                _reader = CaptureReader.Open(path);
                if (_reader.InterfaceCount != 0 && _reader.LinkType != LinkType.Ethernet)
                {
                    throw new CaptureFormatException(
                        path, 0, $"link type {_reader.LinkType}; a port takes Ethernet frames only");
                }

                if (_loops != 1)
                {
                    Hold(path);
                }
                else
                {
                    _memory = (byte*)NativeMemory.Alloc(WindowByteCount);
                }
            }

            if (options.TransmitPath is { } target)
            {
                _writer = CaptureWriter.Create(
                    target,
                    target.EndsWith(".pcapng", StringComparison.OrdinalIgnoreCase)
                        ? CaptureFormat.PcapNg
                        : CaptureFormat.PcapNanosecond,
                    LinkType.Ethernet);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name => WireName;

    public bool HasSource { get; }

    public int SpeedMbps => 200_000;

    public string? Fault { get; private set; }

    public bool IsExhausted => HasSource && (_held.Length != 0 ? _loop >= _loops : _reader is null && _count == 0);

    /// <summary>Records passed over because they are no Ethernet frames.</summary>
    public ulong SkippedCount { get; private set; }

    /// <summary>Frames written.</summary>
    public ulong WrittenCount { get; private set; }

    public int Receive(WireFrame* frames, int max)
    {
        if (_held.Length != 0)
        {
            return ReceiveHeld(frames, max);
        }

        if (_count == 0)
        {
            FillWindow();
        }

        int count = Math.Min(max, _count);
        for (int i = 0; i < count; i++)
        {
            frames[i] = _window[_head + i];
        }

        return count;
    }

    public void Consume(int count)
    {
        if (_held.Length == 0)
        {
            _head += count;
            _count -= count;
            return;
        }

        _head += count;
        if (_head == _heldCount)
        {
            _head = 0;
            _loop++;
        }
    }

    public void Transmit(WireFrame* frames, int count, IFrameSink back)
    {
        if (_writer is null)
        {
            return;
        }

        lock (_writeLock)
        {
            if (_writer is null)
            {
                return;
            }

            long now = (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
            try
            {
                for (int i = 0; i < count; i++)
                {
                    _writer.Write(now, new ReadOnlySpan<byte>(frames[i].Data, frames[i].Length));
                    WrittenCount++;
                }
            }
            catch (IOException e)
            {
                Fault = e.Message;
                CloseWriter();
            }
        }
    }

    public void Dispose()
    {
        lock (_writeLock)
        {
            CloseWriter();
        }

        _reader?.Dispose();
        _reader = null;
        _count = 0;
        _held = [];
        _heldCount = 0;
        NativeMemory.Free(_memory);
        _memory = null;
    }

    private int ReceiveHeld(WireFrame* frames, int max)
    {
        if (_loop >= _loops)
        {
            return 0;
        }

        int count = Math.Min(max, _heldCount - _head);
        for (int i = 0; i < count; i++)
        {
            frames[i] = _held[_head + i];
        }

        return count;
    }

    private void FillWindow()
    {
        _head = 0;
        int used = 0;
        while (_reader is not null && _count < BatchMax && used + CaptureReader.CapturedLengthMax <= WindowByteCount)
        {
            if (!TryNext(out CaptureRecord record))
            {
                _reader.Dispose();
                _reader = null;
                return;
            }

            if (record.LinkType != LinkType.Ethernet)
            {
                SkippedCount++;
                continue;
            }

            record.Data.CopyTo(new Span<byte>(_memory + used, record.Data.Length));
            _window[_count].Data = _memory + used;
            _window[_count].IsCut = record.OriginalLength > (uint)record.Data.Length;
            _window[_count++].Length = record.Data.Length;
            used += (record.Data.Length + 63) & ~63;
        }
    }

    private bool TryNext(out CaptureRecord record)
    {
        try
        {
            return _reader!.TryRead(out record);
        }
        catch (Exception e) when (e is FormatException or IOException)
        {
            Fault = e.Message;
            record = default;
            return false;
        }
    }

    /// <summary>Reads the whole capture into memory: once to know its size, once to take it.</summary>
    private void Hold(string path)
    {
        long bytes = 0;
        int count = 0;
        while (_reader!.TryRead(out CaptureRecord record))
        {
            if (record.LinkType == LinkType.Ethernet)
            {
                bytes += (record.Data.Length + 63) & ~63;
                count++;
            }
        }

        _reader.Dispose();
        _reader = null;
        if (bytes > HeldByteMax)
        {
            throw new CaptureFormatException(
                path, 0, $"{bytes} bytes of frames are too many to play more than once; {HeldByteMax} are allowed");
        }

        _memory = (byte*)NativeMemory.Alloc((nuint)Math.Max(bytes, 1));
        _held = new WireFrame[count];
        byte* next = _memory;
        using CaptureReader again = CaptureReader.Open(path);
        while (_heldCount < count && again.TryRead(out CaptureRecord record))
        {
            if (record.LinkType != LinkType.Ethernet)
            {
                SkippedCount++;
                continue;
            }

            record.Data.CopyTo(new Span<byte>(next, record.Data.Length));
            _held[_heldCount].Data = next;
            _held[_heldCount].IsCut = record.OriginalLength > (uint)record.Data.Length;
            _held[_heldCount++].Length = record.Data.Length;
            next += (record.Data.Length + 63) & ~63;
        }
    }

    private void CloseWriter()
    {
        try
        {
            _writer?.Dispose();
        }
        catch (IOException e)
        {
            Fault = e.Message;
        }

        _writer = null;
    }
}
