using System.Runtime.InteropServices;

namespace Outboard.Regex;

/// <summary>One match.</summary>
/// <remarks>
/// 16 bytes: rule id, start, length, group. Sorted by start, then by rule. Unlike regexdev's 8-byte match it reaches
/// beyond 64 KiB and holds any rule id.
/// </remarks>
/// <param name="RuleId">The rule's id.</param>
/// <param name="Start">
/// Byte offset from the start of the payload; negative when the match began in an earlier buffer of the stream.
/// Under match-as-end it is 0.
/// </param>
/// <param name="Length">Length in bytes; under match-as-end the offset just behind the match.</param>
/// <param name="GroupId">The rule's group.</param>
[StructLayout(LayoutKind.Sequential, Size = Size)]
public readonly record struct RegexMatch(int RuleId, int Start, int Length, ushort GroupId)
{
    /// <summary>The size in native memory, in bytes.</summary>
    public const int Size = 16;

    /// <summary>The offset just behind the match.</summary>
    public int End => Start + Length;
}
