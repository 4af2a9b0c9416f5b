using System.Buffers.Text;
using System.Text;

namespace Outboard.Regex.Ids;

/// <summary>Finds the buffers of one payload; used again for the next.</summary>
internal sealed class IdsBufferMap
{
    /// <summary>How many buffers there are.</summary>
    public const int Count = (int)IdsBuffer.HttpLocation + 1;

    private const int Absent = -1;
    private const int MethodLengthMax = 32;
    private const int HeaderLinesMax = 256;

    private readonly int[] _offsets = new int[Count];
    private readonly int[] _lengths = new int[Count];
    private int _contentLength;
    private bool _isEncoded;

    /// <summary>Whether the payload begins a request.</summary>
    public bool IsRequest { get; private set; }

    /// <summary>Whether the payload begins a response.</summary>
    public bool IsResponse { get; private set; }

    /// <summary>Looks at a payload.</summary>
    public void Locate(ReadOnlySpan<byte> payload)
    {
        _lengths.AsSpan().Fill(Absent);
        IsRequest = IsResponse = false;
        Set(IdsBuffer.Payload, 0, payload.Length);
        int lineEnd = payload.IndexOf((byte)'\n');
        if (lineEnd < 0)
        {
            return;
        }

        ReadOnlySpan<byte> line = TrimLineEnd(payload[..lineEnd]);
        if (line.StartsWith("HTTP/1."u8))
        {
            ReadStatusLine(line);
        }
        else if (!TryReadRequestLine(line))
        {
            return;
        }

        ReadHeaders(payload, lineEnd + 1);
    }

    /// <summary>Whether the payload has a buffer, and where.</summary>
    public bool TryGet(IdsBuffer buffer, out IdsBufferRange range)
    {
        int length = _lengths[(int)buffer];
        range = new IdsBufferRange(buffer, _offsets[(int)buffer], length);
        return length != Absent;
    }

    private static ReadOnlySpan<byte> TrimLineEnd(ReadOnlySpan<byte> line) => line is [.., (byte)'\r'] ? line[..^1] : line;

    private void Set(IdsBuffer buffer, int offset, int length)
    {
        _offsets[(int)buffer] = offset;
        _lengths[(int)buffer] = length;
    }

    private void ReadStatusLine(ReadOnlySpan<byte> line)
    {
        IsResponse = true;
        Set(IdsBuffer.HttpResponseLine, 0, line.Length);
        int space = line.IndexOf((byte)' ');
        Set(IdsBuffer.HttpProtocol, 0, space < 0 ? line.Length : space);
        if (space < 0)
        {
            return;
        }

        int code = space + 1;
        int length = line[code..].IndexOf((byte)' ');
        Set(IdsBuffer.HttpStatusCode, code, length < 0 ? line.Length - code : length);
        if (length >= 0)
        {
            Set(IdsBuffer.HttpStatusMessage, code + length + 1, line.Length - code - length - 1);
        }
    }

    // METHOD SP target SP HTTP/1.x; a target with a space in it reaches to the last one.
    private bool TryReadRequestLine(ReadOnlySpan<byte> line)
    {
        int first = line.IndexOf((byte)' ');
        int last = line.LastIndexOf((byte)' ');
        if (first is < 1 or > MethodLengthMax || last <= first || !line[(last + 1)..].StartsWith("HTTP/1."u8))
        {
            return false;
        }

        foreach (byte letter in line[..first])
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter is not ((byte)'-' or (byte)'_'))
            {
                return false;
            }
        }

        IsRequest = true;
        Set(IdsBuffer.HttpMethod, 0, first);
        Set(IdsBuffer.HttpUri, first + 1, last - first - 1);
        Set(IdsBuffer.HttpProtocol, last + 1, line.Length - last - 1);
        Set(IdsBuffer.HttpRequestLine, 0, line.Length);
        return true;
    }

    private void ReadHeaders(ReadOnlySpan<byte> payload, int start)
    {
        _contentLength = int.MaxValue;
        _isEncoded = false;
        int at = start;
        for (int i = 0; i < HeaderLinesMax; i++)
        {
            int length = payload[at..].IndexOf((byte)'\n');
            if (length < 0)
            {
                break;
            }

            ReadOnlySpan<byte> line = TrimLineEnd(payload.Slice(at, length));
            if (line.IsEmpty)
            {
                Set(IdsBuffer.HttpHeader, start, at - start);
                Set(IdsBuffer.HttpRawHeader, start, at + length + 1 - start);
                SetBody(payload.Length, at + length + 1);
                return;
            }

            ReadHeader(line, at);
            at += length + 1;
        }

        // The headers go on in the next packet: the lines that are here in full are what is known of them.
        Set(IdsBuffer.HttpHeader, start, at - start);
    }

    // A body that is chunked or compressed is not what an engine shows to its rules, so there is none.
    private void SetBody(int end, int offset)
    {
        if (!_isEncoded && offset < end)
        {
            Set(
                IsRequest ? IdsBuffer.HttpRequestBody : IdsBuffer.HttpResponseBody,
                offset,
                Math.Min(end - offset, _contentLength));
        }
    }

    private void ReadHeader(ReadOnlySpan<byte> line, int offset)
    {
        int colon = line.IndexOf((byte)':');
        if (colon < 1)
        {
            return;
        }

        ReadOnlySpan<byte> name = line[..colon].TrimEnd(" \t"u8);
        ReadOnlySpan<byte> value = line[(colon + 1)..].TrimStart(" \t"u8);
        int start = offset + line.Length - value.Length;
        value = value.TrimEnd(" \t"u8);
        if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8) || Ascii.EqualsIgnoreCase(name, "content-encoding"u8))
        {
            _isEncoded |= !Ascii.EqualsIgnoreCase(value, "identity"u8);
            return;
        }

        IdsBuffer buffer = Recognise(name, IsRequest);
        if (buffer == IdsBuffer.HttpContentLength && Utf8Parser.TryParse(value, out int length, out int read) && read == value.Length)
        {
            _contentLength = Math.Max(0, length);
        }

        // The first of its name counts.
        if (buffer != IdsBuffer.Payload && _lengths[(int)buffer] == Absent)
        {
            Set(buffer, start, value.Length);
        }
    }

    private static IdsBuffer Recognise(ReadOnlySpan<byte> name, bool isRequest) => name.Length switch
    {
        4 when Ascii.EqualsIgnoreCase(name, "host"u8) => IdsBuffer.HttpHost,
        6 when isRequest && Ascii.EqualsIgnoreCase(name, "cookie"u8) => IdsBuffer.HttpCookie,
        6 when Ascii.EqualsIgnoreCase(name, "accept"u8) => IdsBuffer.HttpAccept,
        6 when Ascii.EqualsIgnoreCase(name, "server"u8) => IdsBuffer.HttpServer,
        7 when Ascii.EqualsIgnoreCase(name, "referer"u8) => IdsBuffer.HttpReferer,
        8 when Ascii.EqualsIgnoreCase(name, "location"u8) => IdsBuffer.HttpLocation,
        10 when Ascii.EqualsIgnoreCase(name, "user-agent"u8) => IdsBuffer.HttpUserAgent,
        10 when Ascii.EqualsIgnoreCase(name, "connection"u8) => IdsBuffer.HttpConnection,
        10 when !isRequest && Ascii.EqualsIgnoreCase(name, "set-cookie"u8) => IdsBuffer.HttpCookie,
        12 when Ascii.EqualsIgnoreCase(name, "content-type"u8) => IdsBuffer.HttpContentType,
        14 when Ascii.EqualsIgnoreCase(name, "content-length"u8) => IdsBuffer.HttpContentLength,
        15 when Ascii.EqualsIgnoreCase(name, "accept-encoding"u8) => IdsBuffer.HttpAcceptEncoding,
        15 when Ascii.EqualsIgnoreCase(name, "accept-language"u8) => IdsBuffer.HttpAcceptLanguage,
        _ => IdsBuffer.Payload,
    };
}
