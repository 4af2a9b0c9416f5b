using Outboard.Captures;
using Outboard.Mbufs;

namespace Outboard.Cli.Inspect;

/// <summary>The capture that is written: under another name until it is whole.</summary>
/// <remarks>A run that fails leaves nothing behind, and an older file of the same name stays as it was.</remarks>
internal sealed class OutputCapture : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly CaptureWriter _writer;
    private readonly Dictionary<LinkType, int> _interfaces = [];
    private LinkType _linkType;
    private int _interface;
    private bool _open = true;

    /// <param name="path">The file; pcapng when its name says so.</param>
    /// <param name="format">The format otherwise.</param>
    /// <param name="linkType">The link type of the first interface.</param>
    /// <exception cref="UserException">It cannot be created.</exception>
    public OutputCapture(string path, CaptureFormat format, LinkType linkType)
    {
        _path = Path.GetFullPath(path);
        _temporary = $"{_path}.{Environment.ProcessId}.tmp";
        if (_path.EndsWith(".pcapng", StringComparison.OrdinalIgnoreCase))
        {
            format = CaptureFormat.PcapNg;
        }

        try
        {
            _writer = CaptureWriter.Create(_temporary, format, linkType);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"--out {path}: {e.Message}", e);
        }

        _interfaces.Add(linkType, 0);
        _linkType = linkType;
    }

    /// <summary>Frames written.</summary>
    public long RecordCount => _writer.RecordCount;

    /// <summary>Bytes written.</summary>
    public long ByteCount => _writer.Position;

    /// <summary>Begins a frame whose bytes follow by <see cref="Append"/>.</summary>
    public void Begin(long timestamp, int length, uint originalLength, LinkType linkType)
    {
        if (linkType != _linkType)
        {
            _interface = _interfaces.TryGetValue(linkType, out int index) ? index : AddInterface(linkType);
            _linkType = linkType;
        }

        _writer.Begin(timestamp, length, originalLength, _interface);
    }

    /// <summary>Adds bytes to the frame begun.</summary>
    public void Append(ReadOnlySpan<byte> data) => _writer.Append(data);

    /// <summary>Ends the frame begun.</summary>
    public void End() => _writer.End();

    /// <summary>Writes a whole frame.</summary>
    public void Write(long timestamp, Mbuf mbuf, uint originalLength, LinkType linkType)
    {
        Begin(timestamp, mbuf.PacketLength, originalLength, linkType);
        foreach (Mbuf segment in mbuf.Segments)
        {
            _writer.Append(segment.Data);
        }

        _writer.End();
    }

    /// <summary>Puts the finished capture in its place.</summary>
    public void Commit()
    {
        _open = false;
        try
        {
            _writer.Dispose();
            File.Move(_temporary, _path, overwrite: true);
        }
        catch
        {
            File.Delete(_temporary);
            throw;
        }
    }

    /// <summary>Gives up what was not committed.</summary>
    public void Dispose()
    {
        if (_open)
        {
            _open = false;
            try
            {
                _writer.Dispose();
            }
            finally
            {
                File.Delete(_temporary);
            }
        }
    }

    private int AddInterface(LinkType linkType)
    {
        if (_writer.Format != CaptureFormat.PcapNg)
        {
            throw new UserException(
                $"--out {_path}: frames of link type {linkType} and of another do not go into one pcap file; name it .pcapng");
        }

        int index = _writer.AddInterface(linkType, CaptureReader.CapturedLengthMax);
        _interfaces.Add(linkType, index);
        return index;
    }
}
