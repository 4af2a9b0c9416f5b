using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Backtracking;

internal sealed partial class BacktrackMatcher
{
    /// <summary>Bytes that one step compares at least where they are compared in blocks.</summary>
    private const int BytesPerStep = 16;

    /// <summary>Where what a group took ends when it stands here again, or -1 (pcre2pattern, "Backreferences").</summary>
    private int SkipReference(
        ReadOnlySpan<int> operands, ReadOnlySpan<byte> data, int at, ref long budget, ref bool touched)
    {
        foreach (int group in operands.Slice(3, operands[2]))
        {
            int end = _registers[group + 1];
            if (end >= 0)
            {
                int start = _registers[group];
                return (BackReferenceFold)operands[0] switch
                {
                    BackReferenceFold.Exact => SkipExact(data, start, end - start, at, ref budget, ref touched),
                    BackReferenceFold.Ascii => SkipAscii(data, start, end - start, at, ref budget, ref touched),
                    _ => SkipUnicode(data, start, end, at, ref budget, ref touched),
                };
            }
        }

        return operands[1] != 0 ? at : -1;
    }

    private static int SkipExact(
        ReadOnlySpan<byte> data, int start, int length, int at, ref long budget, ref bool touched)
    {
        budget -= 1 + length / BytesPerStep;
        ReadOnlySpan<byte> rest = data[at..];
        ReadOnlySpan<byte> wanted = data.Slice(start, length);
        if (rest.Length >= length)
        {
            return rest.StartsWith(wanted) ? at + length : -1;
        }

        touched |= wanted.StartsWith(rest);
        return -1;
    }

    private static int SkipAscii(
        ReadOnlySpan<byte> data, int start, int length, int at, ref long budget, ref bool touched)
    {
        ReadOnlySpan<byte> rest = data[at..];
        ReadOnlySpan<byte> wanted = data.Slice(start, length);
        int known = Math.Min(rest.Length, length);
        for (int i = 0; i < known; i++)
        {
            budget--;
            int difference = rest[i] ^ wanted[i];
            if (difference != 0 && (difference != 0x20 || !char.IsAsciiLetter((char)rest[i])))
            {
                return -1;
            }
        }

        touched |= known < length;
        return known == length ? at + length : -1;
    }

    /// <summary>Character by character; bytes that are no character stand for themselves.</summary>
    private static int SkipUnicode(
        ReadOnlySpan<byte> data, int start, int end, int at, ref long budget, ref bool touched)
    {
        bool ignored = false;
        ReadOnlySpan<byte> group = data[..end];
        while (start < end)
        {
            budget--;
            if (at == data.Length)
            {
                touched = true;
                return -1;
            }

            int wanted = Utf8Character.After(group, start, out int wantedLength, ref ignored);
            int found = Utf8Character.After(data, at, out int foundLength, ref touched);
            if (wanted < 0 && found < 0 && group[start] == data[at])
            {
                wantedLength = foundLength = 1;
            }
            else if (wanted < 0 || found < 0 || !CaseFolding.AreEqual(wanted, found))
            {
                return -1;
            }

            start += wantedLength;
            at += foundLength;
        }

        return at;
    }
}
