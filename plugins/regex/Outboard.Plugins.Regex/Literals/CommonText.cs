namespace Outboard.Plugins.Regex.Literals;

/// <summary>
/// Sequences that nearly every payload of the usual protocols holds, so that a literal is looked for by a part of it that
/// tells something. Case is folded. Being wrong here costs candidates, never matches.
/// </summary>
internal static class CommonText
{
    private const string Sample =
        "GET / HTTP/1.1\r\nHost: www.\r\nPOST /HEAD /PUT /index.php?id=.html.com.net.org/\r\nHTTP/1.0 200 OK\r\nUser-Agent: Mozilla/5.0 (Windows NT "
        + "compatible; MSIE X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/ Safari/ Firefox/\r\nAccept: text/html,"
        + "application/xhtml+xml,application/xml;q=0.9,image/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, "
        + "deflate\r\nConnection: keep-alive close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: \r\nCookie: "
        + "Referer: http:// https:// X-Forwarded-For: X-Requested-With: Authorization: Basic Server: Apache nginx Date: Mon, GMT\r\n"
        + "Cache-Control: no-cache Pragma: Set-Cookie: path=/; expires= Last-Modified: ETag: charset=utf-8 multipart/form-data "
        + "Content-Disposition: attachment; name=\"filename=\"<html><head><title></title><body><div class=\"<script src=\"</script> "
        + "USER PASS EHLO HELO MAIL FROM:< RCPT TO:< DATA\r\n250 220 Subject: Message-ID: MIME-Version: 1.0 The the and ing ion "
        + "\0\0\0\0\0\x01\0\0\xff\xff\xff\xff                AAAAAAAA--------========################0000000000";

    private static readonly HashSet<uint>[] s_grams = [[], [], Grams(2), Grams(3), Grams(4)];

    /// <summary>Whether a window of two to four bytes stands in the sample.</summary>
    public static bool Holds(ReadOnlySpan<MaskedByte> window)
    {
        uint gram = 0;
        foreach (MaskedByte part in window)
        {
            gram = gram << 8 | (uint)(part.Value & MaskedByte.CaselessMask);
        }

        return s_grams[window.Length].Contains(gram);
    }

    private static HashSet<uint> Grams(int length)
    {
        HashSet<uint> grams = [];
        for (int i = 0; i + length <= Sample.Length; i++)
        {
            uint gram = 0;
            foreach (char c in Sample.AsSpan(i, length))
            {
                gram = gram << 8 | (uint)(c & MaskedByte.CaselessMask);
            }

            grams.Add(gram);
        }

        return grams;
    }
}
