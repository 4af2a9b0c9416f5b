using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Outboard.Plugins.Regex.Automata;

/// <summary>
/// A finished table automaton. An entry is the row of the next state, with the top bit set where a match ends before the byte.
/// Row 0 is the dead state, so one signed comparison finds both events.
/// </summary>
internal sealed class Dfa
{
    public const uint MatchBit = 0x8000_0000;

    public required uint[] Table { get; init; }

    public required byte[] ClassMap { get; init; }

    /// <summary>Row of the state a run starts in, by what stands on the side already passed.</summary>
    public required uint[] StartRows { get; init; }

    /// <summary>Columns of a row: the byte classes, then the last newline, then the edge.</summary>
    public required int Stride { get; init; }

    public required bool TellsLastNewline { get; init; }

    /// <summary>For an automaton of several rules: by entry, the index into <see cref="RuleLists"/>.</summary>
    public int[]? RuleListOf { get; init; }

    public int[][]? RuleLists { get; init; }

    public int StateCount => Table.Length / Stride;

    public int ByteCount => Table.Length * sizeof(uint);

    public int LastNewlineColumn => Stride - 2;

    public int EdgeColumn => Stride - 1;

    /// <summary>Runs forward from an offset and returns where the last match ends, or -1. Adds the bytes read to the work.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int FindEnd(ReadOnlySpan<byte> data, int from, ref long work)
    {
        ref uint table = ref MemoryMarshal.GetArrayDataReference(Table);
        ref byte map = ref MemoryMarshal.GetArrayDataReference(ClassMap);
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        int limit = TellsLastNewline && data.Length > from && data[^1] == '\n' ? data.Length - 1 : data.Length;
        uint row = StartRows[(int)PositionContexts.Before(data, from)];
        int end = -1;
        int i = from;
        for (; i < limit; i++)
        {
            uint entry = Unsafe.Add(ref table, row + Unsafe.Add(ref map, Unsafe.Add(ref bytes, i)));
            if ((int)entry <= 0)
            {
                end = entry == 0 ? end : i;
                entry &= ~MatchBit;
                if (entry == 0)
                {
                    work += i - from + 1;
                    return end;
                }
            }

            row = entry;
        }

        work += i - from + 1;
        if (limit < data.Length)
        {
            uint entry = Unsafe.Add(ref table, row + (uint)LastNewlineColumn);
            end = (entry & MatchBit) == 0 ? end : i;
            row = entry & ~MatchBit;
        }

        return (Unsafe.Add(ref table, row + (uint)EdgeColumn) & MatchBit) == 0 ? end : data.Length;
    }

    /// <summary>Runs backward from the end of a match, never below the floor, and returns the smallest start, or -1.</summary>
    public int FindStart(ReadOnlySpan<byte> data, int end, int floor, ref long work)
    {
        uint row = StartRows[(int)PositionContexts.After(data, end)];
        int start = -1;
        for (int i = end; ; i--)
        {
            uint entry = Table[row + (i == 0 ? (uint)EdgeColumn : ClassMap[data[i - 1]])];
            if ((entry & MatchBit) != 0)
            {
                start = i;
            }

            row = entry & ~MatchBit;
            if (i <= floor || row == 0)
            {
                work += end - i + 1;
                return start;
            }
        }
    }
}
