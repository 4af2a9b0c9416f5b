using System.Buffers;
using System.Text;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>Characters of UTF-8 text around a position. Bytes that are no character are never part of one.</summary>
internal static class Utf8Character
{
    /// <summary>The character that begins at a position, or -1; touched is set when the data ends inside it, or before it.</summary>
    public static int After(ReadOnlySpan<byte> data, int at, out int length, ref bool touched)
    {
        length = 0;
        if (at < data.Length && data[at] < 0x80)
        {
            length = 1;
            return data[at];
        }

        OperationStatus status = Rune.DecodeFromUtf8(data[at..], out Rune rune, out int taken);
        touched |= status == OperationStatus.NeedMoreData;
        if (status != OperationStatus.Done)
        {
            return -1;
        }

        length = taken;
        return rune.Value;
    }

    /// <summary>The character that ends at a position, or -1.</summary>
    public static int Before(ReadOnlySpan<byte> data, int at, out int length)
    {
        length = 0;
        if (at > 0 && data[at - 1] < 0x80)
        {
            length = 1;
            return data[at - 1];
        }

        if (Rune.DecodeLastFromUtf8(data[..at], out Rune rune, out int taken) != OperationStatus.Done)
        {
            return -1;
        }

        length = taken;
        return rune.Value;
    }

    public static bool IsWordBefore(ReadOnlySpan<byte> data, int at) => IsWord(Before(data, at, out _));

    public static bool IsWordAfter(ReadOnlySpan<byte> data, int at, ref bool touched) =>
        IsWord(After(data, at, out _, ref touched));

    /// <summary>Has the tables read that matching asks for: a matcher must find them there.</summary>
    public static void LoadTables() => _ = IsWord(0x80) | CaseFolding.AreEqual(0x80, 0x81);

    private static bool IsWord(int character) => character < 0x80
        ? character == '_' || (character >= 0 && char.IsAsciiLetterOrDigit((char)character))
        : CharacterClasses.UnicodeWord.Contains(character);
}
