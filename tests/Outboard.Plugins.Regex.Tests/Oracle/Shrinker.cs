using System.Text;

namespace Outboard.Plugins.Regex.Tests.Oracle;

/// <summary>Makes a case that two engines disagree on as small as cutting pieces out of it can.</summary>
internal static class Shrinker
{
    public static (WrittenPattern Pattern, byte[] Payload) Shrink(
        WrittenPattern pattern, byte[] payload, Func<WrittenPattern, byte[], bool> differs)
    {
        for (bool smaller = true; smaller;)
        {
            smaller = false;
            for (int length = Math.Max(1, pattern.Text.Length / 2); length > 0; length--)
            {
                for (int at = 0; at + length <= pattern.Text.Length; at++)
                {
                    WrittenPattern less = pattern with { Text = pattern.Text.Remove(at, length) };
                    if (differs(less, payload))
                    {
                        (pattern, smaller, at) = (less, true, at - 1);
                    }
                }
            }

            for (int bit = 0; bit < 13; bit++)
            {
                WrittenPattern less = pattern with { Flags = pattern.Flags & ~(Outboard.Regex.RegexRuleFlags)(1 << bit) };
                if (less != pattern && differs(less, payload))
                {
                    (pattern, smaller) = (less, true);
                }
            }

            for (int length = Math.Max(1, payload.Length / 2); length > 0; length--)
            {
                for (int at = 0; at + length <= payload.Length; at++)
                {
                    byte[] less = [.. payload[..at], .. payload[(at + length)..]];
                    if (differs(pattern, less))
                    {
                        (payload, smaller, at) = (less, true, at - 1);
                    }
                }
            }
        }

        return (pattern, payload);
    }

    public static string Show(byte[] payload) =>
        $"{Convert.ToHexString(payload)} \"{Encoding.Latin1.GetString(payload).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
