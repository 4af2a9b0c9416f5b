using System.Runtime.InteropServices;
using Outboard.Mbufs;
using Outboard.Plugins.Crypto.Simd;

namespace Outboard.Plugins.Crypto.Tls;

/// <summary>The inner plaintext of TLS 1.3: fragment, content type, zeros (RFC 8446 5.2, 5.4).</summary>
internal static class TlsInner
{
    /// <summary>Finds the content type, which is the last byte that is not zero.</summary>
    /// <remarks>
    /// What is looked at has been authenticated. How far the search goes shows in the time it takes, and in the length that is handed
    /// out: the application learns no less.
    /// </remarks>
    /// <param name="packet">The packet.</param>
    /// <param name="offset">Where the inner plaintext starts.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="contentType">The content type; 0 where there are only zeros.</param>
    /// <returns>Bytes of the fragment.</returns>
    public static int FindContent(Mbuf packet, int offset, int length, out byte contentType)
    {
        contentType = 0;
        int at = 0, found = 0;
        var cursor = new MbufCursor(packet, (nuint)offset);
        while (at < length)
        {
            int run = (int)Math.Min(cursor.Run(), (nuint)(length - at));
            if (run == 0)
            {
                break;
            }

            ReadOnlySpan<byte> piece = MemoryMarshal.CreateReadOnlySpan(ref cursor.Byte, run);
            int last = piece.LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
            {
                found = at + last;
                contentType = piece[last];
            }

            cursor.Advance((nuint)run);
            at += run;
        }

        return found;
    }
}
