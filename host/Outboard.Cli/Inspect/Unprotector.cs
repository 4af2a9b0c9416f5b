using Outboard.Captures;
using Outboard.Crypto;
using Outboard.Devices;
using Outboard.Host;
using Outboard.Mbufs;
using Outboard.Security;

namespace Outboard.Cli.Inspect;

/// <summary>Undoes the protection of a capture: records out of its frames, frames out of the records.</summary>
internal sealed class Unprotector : IDisposable
{
    private const int Burst = 64;

    private readonly string _path;
    private readonly CaptureReader _reader;
    private readonly CryptoDevice _device;
    private readonly RecordSession _session;
    private readonly Envelope _envelope;
    private readonly MbufPool _mbufs;
    private readonly CryptoOpPool _ops;
    private readonly CycleClock _clock = new();
    private readonly CryptoOp[] _sent = new CryptoOp[Burst];
    private readonly CryptoOp[] _done = new CryptoOp[Burst];
    private readonly string _outputPath;
    private OutputCapture? _output;
    private int _expectedOffset;
    private int _frameLength;

    /// <param name="host">Opens the device.</param>
    /// <param name="device">The crypto device.</param>
    /// <param name="path">The protected capture.</param>
    /// <param name="key">Its secret.</param>
    /// <param name="outputPath">The capture to write.</param>
    public Unprotector(OutboardHost host, string device, string path, ProtectionKey key, string outputPath)
    {
        _path = path;
        _outputPath = outputPath;
        try
        {
            _reader = CaptureReader.Open(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"capture: {e.Message}", e);
        }

        if (Path.GetFullPath(path) == Path.GetFullPath(outputPath))
        {
            throw new UserException($"--out {outputPath} is the capture that is read");
        }

        _mbufs = new MbufPool(new MbufPoolOptions { Name = "records", Count = (4 * Burst) - 1, CacheSize = Burst, DataRoomSize = 32 * 1024 });
        _ops = new CryptoOpPool(new CryptoOpPoolOptions { Name = "crypto ops", Count = Burst, CacheSize = 0 });
        _device = host.OpenCrypto(device);
        _device.Configure(new CryptoConfiguration());
        _session = new RecordSession(_device, key, SecurityOperation.Unprotect);
        _device.Start();
        _envelope = key.Kind == ProtectionKind.Tls13 ? new TlsEnvelope() : new PdcpEnvelope();
    }

    /// <summary>Records opened.</summary>
    public long RecordCount { get; private set; }

    /// <summary>Frames written.</summary>
    public long FrameCount { get; private set; }

    /// <summary>Their bytes.</summary>
    public long ByteCount { get; private set; }

    /// <summary>Mbufs and ops that did not come back to their pools.</summary>
    public int Leaked => _mbufs.InUseCount + _ops.InUseCount;

    /// <summary>Takes the next burst of records out of their frames, opens them and writes what they hold.</summary>
    /// <returns>Whether there may be another.</returns>
    /// <exception cref="UserException">The capture is not protected in this way, or the key is another one.</exception>
    public bool RunBurst()
    {
        bool more = true;
        int count = 0;
        int most = _session.Take(Burst);
        while (count < most && (more = _reader.TryRead(out CaptureRecord record)))
        {
            Mbuf mbuf = ReadRecord(record, RecordCount + count + 1);
            _ops.TryAlloc(out _sent[count]);
            _sent[count].Source = mbuf;
            _session.Prepare(_sent[count++]);
        }

        Unprotect(count);
        _session.Advance(count);
        Write(count);
        return more;
    }

    /// <summary>Gives the finished capture its name.</summary>
    /// <exception cref="UserException">The protected capture held no frame, or not the whole of the last.</exception>
    public void Commit()
    {
        if (_expectedOffset != _frameLength)
        {
            throw new UserException($"{_path}: the capture ends in the middle of a frame");
        }

        if (_output is null)
        {
            throw new UserException($"{_path}: the capture holds no frames");
        }

        _output.Commit();
    }

    public void Dispose()
    {
        _reader.Dispose();
        _device.Dispose();
        _output?.Dispose();
        _ops.Dispose();
        _mbufs.Dispose();
        _clock.Dispose();
    }

    private Mbuf ReadRecord(CaptureRecord record, long number)
    {
        if (record.LinkType != LinkType.Ethernet || !_envelope.TryUnwrap(record.Data, out Range range))
        {
            throw new UserException(
                $"{_path}: frame {number} is not one that inspect --protect {(_envelope is TlsEnvelope ? "tls13" : "pdcp")} writes");
        }

        ReadOnlySpan<byte> content = record.Data[range];
        if (!_mbufs.TryAlloc(out Mbuf mbuf) || !mbuf.TryAppend(content.Length, out Span<byte> room))
        {
            throw new UserException($"{_path}: frame {number} holds a record of {content.Length} bytes, too long");
        }

        content.CopyTo(room);
        return mbuf;
    }

    private void Unprotect(int count) =>
        RecordBurst.Run(_device, _clock, _sent.AsSpan(0, count), _done);

    private void Write(int count)
    {
        UserException? failure = null;
        for (int i = 0; i < count; i++)
        {
            CryptoOp op = _done[i];
            RecordCount++;
            if (failure is null)
            {
                try
                {
                    WritePiece(op);
                }
                catch (UserException e)
                {
                    failure = e;
                }
            }

            op.FreeWithBuffers();
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    private void WritePiece(CryptoOp op)
    {
        if (op.Status != OpStatus.Success)
        {
            throw new UserException($"{_path}: frame {RecordCount}: {RecordSession.Describe(op.Status)}");
        }

        ReadOnlySpan<byte> content = op.Source.Data;
        if (!FramePreamble.TryRead(content, out FramePreamble preamble) || preamble.Offset != (_expectedOffset == _frameLength ? 0 : _expectedOffset))
        {
            throw new UserException($"{_path}: frame {RecordCount}: the record holds no frame, or a piece out of turn");
        }

        ReadOnlySpan<byte> piece = content[FramePreamble.Length..];
        if (preamble.Offset == 0)
        {
            _output ??= new OutputCapture(_outputPath, preamble.Format, preamble.LinkType);
            _output.Begin(preamble.Timestamp, preamble.CapturedLength, preamble.OriginalLength, preamble.LinkType);
            _frameLength = preamble.CapturedLength;
            FrameCount++;
        }

        _output!.Append(piece);
        ByteCount += piece.Length;
        _expectedOffset = preamble.Offset + piece.Length;
        if (_expectedOffset == _frameLength)
        {
            _output.End();
        }
    }
}
