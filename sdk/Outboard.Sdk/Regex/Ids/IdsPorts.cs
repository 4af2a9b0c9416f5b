using System.Globalization;

namespace Outboard.Regex.Ids;

/// <summary>A set of ports: <c>any</c>, numbers, ranges, lists in brackets, each with <c>!</c> before it.</summary>
internal sealed class IdsPorts
{
    private const int PortCount = 1 << 16;
    private const int DepthMax = 8;

    private readonly ulong[] _bits;

    private IdsPorts(ulong[] bits) => _bits = bits;

    /// <summary>Reads a set.</summary>
    /// <returns>The set; null for any port; null and false where the text names a variable or is no set.</returns>
    public static bool TryParse(string text, out IdsPorts? ports)
    {
        ports = null;
        if (text == "any")
        {
            return true;
        }

        var bits = new ulong[PortCount / 64];
        if (!TryRead(text, bits, 0))
        {
            return false;
        }

        ports = new IdsPorts(bits);
        return true;
    }

    /// <summary>Whether the set has a port.</summary>
    public bool Contains(int port) => (_bits[(port & 0xFFFF) >> 6] >> (port & 63) & 1) != 0;

    private static bool TryRead(string text, ulong[] bits, int depth)
    {
        text = text.Trim();
        if (depth > DepthMax || text.Length == 0)
        {
            return false;
        }

        if (text[0] == '!')
        {
            var others = new ulong[bits.Length];
            if (!TryRead(text[1..], others, depth + 1))
            {
                return false;
            }

            AddComplement(bits, others);
            return true;
        }

        return text[0] == '[' ? TryReadList(text, bits, depth) : text == "any" ? Fill(bits, 0, PortCount - 1) : TryReadRange(text, bits);
    }

    // [80,8000:8100,!8080]: what is named without !, or everything when nothing is, less what is named with it.
    private static bool TryReadList(string text, ulong[] bits, int depth)
    {
        if (text[^1] != ']')
        {
            return false;
        }

        var named = new ulong[bits.Length];
        var excluded = new ulong[bits.Length];
        bool hasNamed = false;
        foreach (string part in SplitList(text[1..^1]))
        {
            string item = part.Trim();
            bool isExcluded = item.StartsWith('!');
            hasNamed |= !isExcluded;
            if (!TryRead(isExcluded ? item[1..] : item, isExcluded ? excluded : named, depth + 1))
            {
                return false;
            }
        }

        if (!hasNamed)
        {
            Fill(named, 0, PortCount - 1);
        }

        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] |= named[i] & ~excluded[i];
        }

        return true;
    }

    private static IEnumerable<string> SplitList(string text)
    {
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                yield return text[start..i];
                start = i + 1;
                continue;
            }

            depth += text[i] switch { '[' => 1, ']' => -1, _ => 0 };
        }
    }

    private static bool TryReadRange(string text, ulong[] bits)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string low = colon < 0 ? text : text[..colon];
        string high = colon < 0 ? text : text[(colon + 1)..];
        int first = 0;
        int last = PortCount - 1;
        return (low.Length + high.Length > 0)
            && (low.Length == 0 || TryReadPort(low, out first))
            && (high.Length == 0 || TryReadPort(high, out last))
            && first <= last && Fill(bits, first, last);
    }

    private static bool TryReadPort(string text, out int port) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port < PortCount;

    private static bool Fill(ulong[] bits, int first, int last)
    {
        for (int i = first; i <= last; i++)
        {
            bits[i >> 6] |= 1UL << (i & 63);
        }

        return true;
    }

    private static void AddComplement(ulong[] bits, ulong[] others)
    {
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] |= ~others[i];
        }
    }
}
