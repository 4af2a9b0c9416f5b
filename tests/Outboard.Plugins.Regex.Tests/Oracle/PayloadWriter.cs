using System.Text;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Tests.Oracle;

/// <summary>Makes up payloads for a pattern: of its alphabet, of strings that it is likely to match, and of such strings spoilt.</summary>
internal sealed class PayloadWriter(Random random)
{
    private static readonly string[] s_words =
    [
        "a", "b", "ab", "ba", "abc", "c", "B", "A", "\n", "\r\n", "_", "1", " ", "x", "foobar", "needle", "é", "É", "ß", "ſ", "\u212A", "k", "Ж", "ж", "中",
        "😀", "\u0301", "\u2028", "\u0085", "\u200D", "\v", "\t", "-",
    ];

    private readonly MatchSampler _sampler = new(random);

    public byte[] Write(PatternNode? root, bool utf, int lengthMax = 64)
    {
        List<byte> payload = [];
        int kind = random.Next(10);
        if (kind < 3 || root is null)
        {
            Text(payload, utf, random.Next(0, 12));
        }
        else if (kind == 3 && !utf)
        {
            byte[] noise = new byte[random.Next(0, lengthMax)];
            random.NextBytes(noise);
            payload.AddRange(noise);
        }
        else
        {
            for (int parts = random.Next(1, 4); parts > 0; parts--)
            {
                Text(payload, utf, random.Next(0, 3));
                byte[] sample = _sampler.Sample(root);
                payload.AddRange(random.Next(3) == 0 ? Spoil(sample) : sample);
            }

            Text(payload, utf, random.Next(0, 3));
        }

        byte[] bytes = [.. payload.Take(lengthMax).Select(b => IsPictograph(b) && !utf ? (byte)'a' : b)];
        return utf ? MakeValid(bytes) : bytes;
    }

    /// <summary>Drops what is not UTF-8, and characters from blocks that newer versions of Unicode still fill: the engines' versions differ.</summary>
    private static byte[] MakeValid(byte[] bytes)
    {
        var text = new StringBuilder();
        bool pictograph = false;
        foreach (Rune rune in Encoding.UTF8.GetString(bytes).EnumerateRunes())
        {
            if (IsPictograph(rune.Value) && pictograph)
            {
                continue;
            }

            pictograph |= IsPictograph(rune.Value);
            if (rune.Value is < 0x700 or (>= 0x1E00 and < 0x20A0) or 0x212A or (>= 0x4E00 and < 0x9FA6) or (>= 0x1F600 and < 0x1F650))
            {
                text.Append(rune);
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Of these one is enough: 10.42 takes two in a row for one grapheme cluster, where the standard asks for a joiner between them.</summary>
    private static bool IsPictograph(int character) => character is 0xA9 or 0xAE or 0x203C or 0x2049 or (>= 0x1F600 and < 0x1F650);

    private void Text(List<byte> payload, bool utf, int words)
    {
        bool tiny = random.Next(2) == 0;
        for (; words > 0; words--)
        {
            string word = tiny ? (random.Next(2) == 0 ? "a" : "b") : s_words[random.Next(s_words.Length)];
            payload.AddRange((utf ? Encoding.UTF8 : Encoding.Latin1).GetBytes(word));
        }
    }

    private byte[] Spoil(byte[] sample)
    {
        List<byte> bytes = [.. sample];
        for (int changes = random.Next(1, 3); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes.RemoveAt(at);
                    break;
                case 1:
                    bytes.Insert(at, bytes[at]);
                    break;
                case 2:
                    bytes[at] ^= 0x20;
                    break;
                default:
                    bytes[at] = "ab\nc 1"u8[random.Next(6)];
                    break;
            }
        }

        return [.. bytes];
    }
}
