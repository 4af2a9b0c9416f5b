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

    /// <summary>The row of the state in which all that is left is to say that there was a match; 0 when there is none.</summary>
    public uint SettledRow { get; init; }

    /// <summary>For an automaton of several rules: by entry, the index into <see cref="RuleLists"/>.</summary>
    public int[]? RuleListOf { get; init; }

    public int[][]? RuleLists { get; init; }

    public int StateCount => Table.Length / Stride;

    public int ByteCount => Table.Length * sizeof(uint);

    public int LastNewlineColumn => Stride - 2;

    public int EdgeColumn => Stride - 1;

    /// <summary>Runs forward from an offset and returns where the last match ends, or -1. Adds the bytes read to the work.</summary>
    public int FindEnd(ReadOnlySpan<byte> data, int from, ref long work) => FindEnd(data, from, ref work, out _);

    /// <summary>The same, and whether more bytes behind the data could change the answer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int FindEnd(ReadOnlySpan<byte> data, int from, ref long work, out bool open)
    {
        open = false;
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

            // A newline that is not the last byte is another symbol, so more bytes can change this step as well.
            open = true;
            row = entry & ~MatchBit;
        }

        open |= row != 0 && row != SettledRow;
        return (Unsafe.Add(ref table, row + (uint)EdgeColumn) & MatchBit) == 0 ? end : data.Length;
    }

    /// <summary>Runs forward from an offset and reports every offset at which a match ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FindEnds<TSink>(ReadOnlySpan<byte> data, int from, ref TSink sink, ref long work, out bool open)
        where TSink : struct, IEndSink
    {
        ref uint table = ref MemoryMarshal.GetArrayDataReference(Table);
        ref byte map = ref MemoryMarshal.GetArrayDataReference(ClassMap);
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        int limit = TellsLastNewline && data.Length > from && data[^1] == '\n' ? data.Length - 1 : data.Length;
        uint row = StartRows[(int)PositionContexts.Before(data, from)];
        open = limit < data.Length;
        int i = from;
        for (; i < limit; i++)
        {
            uint entry = Unsafe.Add(ref table, row + Unsafe.Add(ref map, Unsafe.Add(ref bytes, i)));
            if ((int)entry <= 0)
            {
                if (entry == 0)
                {
                    work += i - from + 1;
                    open = false;
                    return;
                }

                sink.Add(i);
                entry &= ~MatchBit;
            }

            row = entry;
        }

        for (; i <= data.Length && row != 0; i++)
        {
            uint column = i < data.Length ? (uint)LastNewlineColumn : (uint)EdgeColumn;
            open |= i == data.Length && row != SettledRow;
            uint entry = Unsafe.Add(ref table, row + column);
            if ((int)entry < 0)
            {
                sink.Add(i);
            }

            row = entry & ~MatchBit;
        }

        work += i - from;
    }

    /// <summary>Runs backward from the end of a match, never below the floor, and returns the smallest start, or -1.</summary>
    public int FindStart(ReadOnlySpan<byte> data, int end, int floor, ref long work) =>
        FindStart(data, end, floor, ref work, out _);

    /// <summary>The same, and whether it could go on below the floor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int FindStart(ReadOnlySpan<byte> data, int end, int floor, ref long work, out bool open)
    {
        ref uint table = ref MemoryMarshal.GetArrayDataReference(Table);
        ref byte map = ref MemoryMarshal.GetArrayDataReference(ClassMap);
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        uint row = StartRows[(int)PositionContexts.After(data, end)];
        int start = -1;
        int i = end;
        for (; i > floor; i--)
        {
            uint entry = Unsafe.Add(ref table, row + Unsafe.Add(ref map, Unsafe.Add(ref bytes, i - 1)));
            if ((int)entry <= 0)
            {
                start = entry == 0 ? start : i;
                entry &= ~MatchBit;
                if (entry == 0)
                {
                    work += end - i + 1;
                    open = false;
                    return start;
                }
            }

            row = entry;
        }

        work += end - i + 1;
        open = row != 0 && row != SettledRow;
        uint column = i == 0 ? (uint)EdgeColumn : Unsafe.Add(ref map, Unsafe.Add(ref bytes, i - 1));
        return (Unsafe.Add(ref table, row + column) & MatchBit) == 0 ? start : i;
    }
}
