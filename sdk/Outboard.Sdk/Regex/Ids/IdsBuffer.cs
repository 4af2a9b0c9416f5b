namespace Outboard.Regex.Ids;

/// <summary>What part of a packet a pattern is searched in; its number is the group of the pattern's <see cref="RegexRule"/>.</summary>
/// <remarks>
/// All but <see cref="Payload"/> are parts of an HTTP/1 message whose first line begins the payload, as its bytes stand:
/// nothing is decoded, folded or put together from several packets.
/// </remarks>
public enum IdsBuffer
{
    /// <summary>The whole payload behind the transport header.</summary>
    Payload,

    /// <summary>The target of a request.</summary>
    HttpUri,

    /// <summary>The method of a request.</summary>
    HttpMethod,

    /// <summary>The protocol and version in the first line.</summary>
    HttpProtocol,

    /// <summary>The first line of a request, without its line end.</summary>
    HttpRequestLine,

    /// <summary>The first line of a response, without its line end.</summary>
    HttpResponseLine,

    /// <summary>The header lines with their line ends, without the empty line behind them.</summary>
    HttpHeader,

    /// <summary>The header lines and the empty line behind them.</summary>
    HttpRawHeader,

    /// <summary>The value of Cookie in a request, of Set-Cookie in a response.</summary>
    HttpCookie,

    /// <summary>What this packet holds of the body of a request.</summary>
    HttpRequestBody,

    /// <summary>What this packet holds of the body of a response.</summary>
    HttpResponseBody,

    /// <summary>The status of a response, three digits.</summary>
    HttpStatusCode,

    /// <summary>The words behind the status.</summary>
    HttpStatusMessage,

    /// <summary>The value of User-Agent.</summary>
    HttpUserAgent,

    /// <summary>The value of Host.</summary>
    HttpHost,

    /// <summary>The value of Referer.</summary>
    HttpReferer,

    /// <summary>The value of Content-Type.</summary>
    HttpContentType,

    /// <summary>The value of Content-Length.</summary>
    HttpContentLength,

    /// <summary>The value of Connection.</summary>
    HttpConnection,

    /// <summary>The value of Accept.</summary>
    HttpAccept,

    /// <summary>The value of Accept-Encoding.</summary>
    HttpAcceptEncoding,

    /// <summary>The value of Accept-Language.</summary>
    HttpAcceptLanguage,

    /// <summary>The value of Server.</summary>
    HttpServer,

    /// <summary>The value of Location.</summary>
    HttpLocation,
}
