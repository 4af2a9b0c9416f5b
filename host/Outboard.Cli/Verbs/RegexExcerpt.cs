using System.Text;

namespace Outboard.Cli.Verbs;

/// <summary>Bytes for a person to read: what prints stands for itself, everything else is escaped.</summary>
internal static class RegexExcerpt
{
    private const int ShownMax = 40;

    /// <summary>A part of a payload; where it is long its middle is left out.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="end">Where it ends.</param>
    public static string Of(ReadOnlySpan<byte> payload, int start, int end)
    {
        ReadOnlySpan<byte> part = payload[Math.Clamp(start, 0, payload.Length)..Math.Clamp(end, 0, payload.Length)];
        return part.Length <= ShownMax
            ? Escape(part)
            : $"{Escape(part[..(ShownMax / 2)])}...{Escape(part[^(ShownMax / 2)..])}";
    }

    private static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte one in bytes)
        {
            text.Append(one switch
            {
                (byte)'\\' => @"\\",
                (byte)'\n' => @"\n",
                (byte)'\r' => @"\r",
                (byte)'\t' => @"\t",
                >= 0x20 and < 0x7F => ((char)one).ToString(),
                _ => $@"\x{one:x2}",
            });
        }

        return text.ToString();
    }
}
