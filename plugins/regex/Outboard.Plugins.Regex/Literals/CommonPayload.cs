namespace Outboard.Plugins.Regex.Literals;

/// <summary>What the default model of payloads knows: text of the usual protocols, and the weights of byte values in binary ones.</summary>
internal static class CommonPayload
{
    private const int BinaryLength = 1536;

    /// <summary>What payloads of the usual protocols are made of.</summary>
    public static ReadOnlySpan<byte> Text =>
        "GET / HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "u8
        + "Chrome/120.0.0.0 Safari/537.36\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8\r\n"u8
        + "Accept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\nReferer: http://www.example.com/\r\n\r\n"u8
        + "POST /index.php?id=1 HTTP/1.1\r\nHost: 192.168.1.10:8080\r\nUser-Agent: Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)\r\n"u8
        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 27\r\nCookie: session=0123456789abcdef; path=/\r\n"u8
        + "Cache-Control: no-cache\r\nPragma: no-cache\r\nConnection: close\r\n\r\nname=value&action=login&user=admin&password=test&submit=1\r\n"u8
        + "HTTP/1.1 200 OK\r\nDate: Mon, 01 Jan 2024 12:00:00 GMT\r\nServer: Apache/2.4 (Unix) nginx\r\nContent-Type: text/html; charset=UTF-8\r\n"u8
        + "Set-Cookie: id=a1b2c3; expires=Tue, 02-Jan-2024 12:00:00 GMT; path=/; domain=.example.com\r\nTransfer-Encoding: chunked\r\n"u8
        + "Last-Modified: Sun, 31 Dec 2023 10:00:00 GMT\r\nETag: \"5f3e\"\r\nX-Powered-By: PHP/5.4.0\r\nVary: Accept-Encoding\r\n\r\n"u8
        + "<!DOCTYPE html>\r\n<html><head><title>The page</title>\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\n"u8
        + "<link rel=\"stylesheet\" type=\"text/css\" href=\"/css/style.css\" />\n<script type=\"text/javascript\" src=\"/js/jquery.js\"></script>\n"u8
        + "</head><body>\n<div class=\"content\" id=\"main\"><a href=\"http://www.example.net/download/file.html\">link</a><img src=\"/images/logo.gif\">"u8
        + "</div>\n<form method=\"post\" action=\"/login.asp\"><input type=\"hidden\" name=\"token\" value=\"\"></form></body></html>\n"u8
        + "function(){var a=document.getElementById(\"id\");if(a==null){return false;}for(var i=0;i<a.length;i++){window.location=a[i];}}\n"u8
        + "this is the text of an article with all the words that are in it, and for those which have not been there before, in the end.\r\n"u8
        + "HEAD /cgi-bin/test.cgi?file=../../../../etc/passwd&cmd=ls%20-la HTTP/1.0\r\nAuthorization: Basic dXNlcjpwYXNz\r\n\r\n"u8
        + "PUT /upload/data.xml HTTP/1.1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"report.pdf\"\r\n<?xml version=\"1.0\" "u8
        + "encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>{\"id\":1,\"name\":\"value\"}\r\n"u8
        + "220 mail.example.org ESMTP Postfix\r\nEHLO client\r\n250-SIZE 10240000\r\nMAIL FROM:<user@example.com>\r\nRCPT TO:<user@example.org>\r\n"u8
        + "DATA\r\n354 End data\r\nFrom: \"User\" <user@example.com>\r\nTo: user@example.org\r\nSubject: Re: message\r\nMIME-Version: 1.0\r\n"u8
        + "Content-Transfer-Encoding: base64\r\nMessage-ID: <1234@example.com>\r\n\r\n220 FTP server ready\r\nUSER anonymous\r\nPASS guest\r\n230 logged in\r\n"u8
        + "NICK user\r\nJOIN #channel\r\nPRIVMSG #channel :hello\r\nSSH-2.0-OpenSSH_8.0\r\nINVITE sip:user@example.com SIP/2.0\r\nVia: SIP/2.0/UDP\r\n"u8
        + "\x03www\x07example\x03com\x00\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x10\x00\x00\x00"u8
        + "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 SMB\x72\x00\x00\x00\x00\x18\x01\x28                AAAAAAAAAAAAAAAA00000000--------========"u8;

    /// <summary>How often a value stands in traffic that is part text and part binary, not scaled.</summary>
    public static double Weight(byte value) => value switch
    {
        0 or (byte)' ' => 16,
        (byte)'e' or (byte)'t' or (byte)'a' or (byte)'o' or (byte)'i' or (byte)'n' or (byte)'s' or (byte)'r' => 8,
        (byte)'/' or (byte)'.' or (byte)'-' or (byte)':' or (byte)'=' or (byte)'%' => 4,
        0xFF or 1 or (byte)'\r' or (byte)'\n' => 4,
        (byte)'j' or (byte)'q' or (byte)'x' or (byte)'z' => 1,
        >= (byte)'a' and <= (byte)'z' => 4,
        >= (byte)'0' and <= (byte)'9' => 4,
        >= (byte)'A' and <= (byte)'Z' => 2,
        _ => 1,
    };

    /// <summary>Values drawn by their weights, the same each time.</summary>
    public static byte[] Binary()
    {
        List<byte> urn = [];
        for (int value = 0; value < 256; value++)
        {
            urn.AddRange(Enumerable.Repeat((byte)value, (int)Weight((byte)value)));
        }

        var binary = new byte[BinaryLength];
        uint state = 1;
        for (int i = 0; i < binary.Length; i++)
        {
            state = state * 1_664_525 + 1_013_904_223;
            binary[i] = urn[(int)(state >> 8) % urn.Count];
        }

        return binary;
    }
}
