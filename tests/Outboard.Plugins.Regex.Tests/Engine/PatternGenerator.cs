using System.Text;
using CsCheck;

namespace Outboard.Plugins.Regex.Tests.Engine;

/// <summary>
/// Random patterns of the subset over a small alphabet, so that payloads of the same alphabet match often and in many ways.
/// </summary>
internal static class PatternGenerator
{
    private static readonly Gen<string> s_atom = Gen.Frequency(
        (10, Choose("a", "b", "c", "ab", "abc", "B", "\\n", "_", "x")),
        (4, Choose(".", "[ab]", "[^a]", "[a-c]", "\\w", "\\W", "\\d", "\\s", "[[:alpha:]]", "[^\\n]", "[B-b]", "\\x61")),
        (3, Choose("^", "$", "\\b", "\\B", "\\A", "\\z", "\\Z")),
        (2, Choose("abcab", "needle", "GET ", "foobar")),
        (1, Choose("()", "(?:)", "(?i)", "(?s)", "(?m)", "(?-i)", "(?U)", "|", "")));

    private static readonly Gen<string> s_quantifier = Gen.Frequency(
        (10, Gen.Const(string.Empty)),
        (5, Choose("*", "+", "?", "*?", "+?", "??")),
        (2, Choose("{2}", "{0,2}", "{1,3}?", "{2,}", "{0,1}", "{1,}?", "{3,4}")));

    public static Gen<string> Pattern { get; } = Make(3);

    public static Gen<byte[]> Payload { get; } = Gen.Frequency(
        (6, Choose((byte)'a', (byte)'b', (byte)'c', (byte)'B', (byte)'A', (byte)'\n', (byte)' ', (byte)'_', (byte)'1', (byte)0xE9)
            .Array[0, 24]),
        (2, Text),
        (1, Gen.Byte.Array[0, 200]));

    private static Gen<byte[]> Text => Choose("abcab", "needle", "GET ", "foobar", "abc", "\n", "a", "b", " ", "NEEDLE", "zzzzzzzzzzzzzzzzzzzzzz")
        .Array[0, 20].Select(static parts => Encoding.Latin1.GetBytes(string.Concat(parts)));

    private static Gen<T> Choose<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<string> Make(int depth)
    {
        Gen<string> inner = depth == 0
            ? s_atom
            : Gen.Frequency(
                (3, s_atom),
                (2, Gen.Select(Choose("(", "(?:", "(?i:", "(?s-i:"), Make(depth - 1), static (open, body) => $"{open}{body})")),
                (1, Gen.Select(Make(depth - 1), Make(depth - 1), static (a, b) => $"(?:{a}|{b})")));
        Gen<string> item = Gen.Select(inner, s_quantifier, static (a, q) => a.Length > 0 ? a + q : a);
        return item.Array[0, 4].Select(static parts => string.Concat(parts));
    }
}
