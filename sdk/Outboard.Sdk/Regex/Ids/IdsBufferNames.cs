namespace Outboard.Regex.Ids;

/// <summary>What rules call buffers.</summary>
internal static class IdsBufferNames
{
    private static readonly Dictionary<string, IdsBuffer> s_buffers = new(StringComparer.Ordinal)
    {
        [string.Empty] = IdsBuffer.Payload,
        ["http_uri"] = IdsBuffer.HttpUri,
        ["http.uri"] = IdsBuffer.HttpUri,
        ["http_raw_uri"] = IdsBuffer.HttpUri,
        ["http.uri.raw"] = IdsBuffer.HttpUri,
        ["http_method"] = IdsBuffer.HttpMethod,
        ["http.method"] = IdsBuffer.HttpMethod,
        ["http_protocol"] = IdsBuffer.HttpProtocol,
        ["http.protocol"] = IdsBuffer.HttpProtocol,
        ["http_request_line"] = IdsBuffer.HttpRequestLine,
        ["http.request_line"] = IdsBuffer.HttpRequestLine,
        ["http_response_line"] = IdsBuffer.HttpResponseLine,
        ["http.response_line"] = IdsBuffer.HttpResponseLine,
        ["http_header"] = IdsBuffer.HttpHeader,
        ["http.header"] = IdsBuffer.HttpHeader,
        ["http_raw_header"] = IdsBuffer.HttpRawHeader,
        ["http.header.raw"] = IdsBuffer.HttpRawHeader,
        ["http_cookie"] = IdsBuffer.HttpCookie,
        ["http.cookie"] = IdsBuffer.HttpCookie,
        ["http_raw_cookie"] = IdsBuffer.HttpCookie,
        ["http_client_body"] = IdsBuffer.HttpRequestBody,
        ["http.request_body"] = IdsBuffer.HttpRequestBody,
        ["http_server_body"] = IdsBuffer.HttpResponseBody,
        ["http.response_body"] = IdsBuffer.HttpResponseBody,
        ["file_data"] = IdsBuffer.HttpResponseBody,
        ["file.data"] = IdsBuffer.HttpResponseBody,
        ["http_stat_code"] = IdsBuffer.HttpStatusCode,
        ["http.stat_code"] = IdsBuffer.HttpStatusCode,
        ["http_stat_msg"] = IdsBuffer.HttpStatusMessage,
        ["http.stat_msg"] = IdsBuffer.HttpStatusMessage,
        ["http_user_agent"] = IdsBuffer.HttpUserAgent,
        ["http.user_agent"] = IdsBuffer.HttpUserAgent,
        ["http_host"] = IdsBuffer.HttpHost,
        ["http.host"] = IdsBuffer.HttpHost,
        ["http_raw_host"] = IdsBuffer.HttpHost,
        ["http.host.raw"] = IdsBuffer.HttpHost,
        ["http_referer"] = IdsBuffer.HttpReferer,
        ["http.referer"] = IdsBuffer.HttpReferer,
        ["http_content_type"] = IdsBuffer.HttpContentType,
        ["http.content_type"] = IdsBuffer.HttpContentType,
        ["http_content_len"] = IdsBuffer.HttpContentLength,
        ["http.content_len"] = IdsBuffer.HttpContentLength,
        ["http_connection"] = IdsBuffer.HttpConnection,
        ["http.connection"] = IdsBuffer.HttpConnection,
        ["http_accept"] = IdsBuffer.HttpAccept,
        ["http.accept"] = IdsBuffer.HttpAccept,
        ["http_accept_enc"] = IdsBuffer.HttpAcceptEncoding,
        ["http.accept_enc"] = IdsBuffer.HttpAcceptEncoding,
        ["http_accept_lang"] = IdsBuffer.HttpAcceptLanguage,
        ["http.accept_lang"] = IdsBuffer.HttpAcceptLanguage,
        ["http.server"] = IdsBuffer.HttpServer,
        ["http.location"] = IdsBuffer.HttpLocation,
    };

    // These stand behind a content in Snort 2 and Suricata, and before it in Snort 3.
    private static readonly HashSet<string> s_modifiers = new(StringComparer.Ordinal)
    {
        "http_uri", "http_raw_uri", "http_method", "http_header", "http_raw_header", "http_cookie", "http_raw_cookie", "http_client_body",
        "http_server_body", "http_stat_code", "http_stat_msg", "http_user_agent", "http_host", "http_raw_host", "http_encode",
    };

    // These stand before their contents everywhere and have no dot in their names.
    private static readonly HashSet<string> s_sticky = new(StringComparer.Ordinal)
    {
        "file_data", "pkt_data", "raw_data", "base64_data", "js_data", "vba_data", "dns_query", "tls_sni", "tls_cert_subject", "tls_cert_issuer",
        "tls_cert_serial", "tls_cert_fingerprint", "ssh_proto", "ssh_software", "ja3_hash", "ja3_string", "ja3s_hash", "krb5_cname",
        "krb5_sname", "http_request_line", "http_response_line", "http_protocol", "http_accept", "http_accept_enc", "http_accept_lang",
        "http_connection", "http_content_len", "http_content_type", "http_referer", "http_start", "http_header_names", "http_param",
        "http_trailer", "http_raw_trailer", "http_raw_request", "http_raw_status", "http_raw_body", "http_true_ip", "http_version",
        "smb_named_pipe", "smb_share", "dce_stub_data", "modbus_data", "sip_header", "sip_body", "cip_req", "s7commplus_content",
    };

    /// <summary>Whether a word changes the buffer of the content before it.</summary>
    public static bool IsModifier(string name) => s_modifiers.Contains(name);

    /// <summary>Whether an option names the buffer of what follows.</summary>
    public static bool IsBuffer(IdsOption option) =>
        s_sticky.Contains(option.Name) || (option.Value.Length == 0 && option.Name.Contains('.', StringComparison.Ordinal));

    /// <summary>Whether a buffer is the payload itself.</summary>
    public static bool IsPayload(string name) => name is "pkt_data" or "raw_data";

    /// <summary>The buffer of a name, where it can be found in a payload.</summary>
    public static bool TryFind(string name, out IdsBuffer buffer) => s_buffers.TryGetValue(name, out buffer);

    /// <summary>What a pcre flag calls a buffer; null where it calls none.</summary>
    public static string? OfPcreFlag(char flag) => flag switch
    {
        'U' => "http_uri",
        'I' => "http_raw_uri",
        'P' => "http_client_body",
        'Q' => "http_server_body",
        'H' => "http_header",
        'D' => "http_raw_header",
        'M' => "http_method",
        'C' => "http_cookie",
        'K' => "http_raw_cookie",
        'S' => "http_stat_code",
        'Y' => "http_stat_msg",
        'V' => "http_user_agent",
        'W' => "http_host",
        'Z' => "http_raw_host",
        _ => null,
    };
}
