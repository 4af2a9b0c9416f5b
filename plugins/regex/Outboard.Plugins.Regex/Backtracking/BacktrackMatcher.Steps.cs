using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Regex.Backtracking;

internal sealed partial class BacktrackMatcher
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsIn(uint[] sets, int set, byte value) => (sets[(set << 3) + (value >> 5)] >> value & 1) != 0;

    /// <summary>Whether a way can begin here, as far as the next byte tells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayBegin(uint[] sets, int set, ReadOnlySpan<byte> data, int at, ref bool touched)
    {
        if (set < 0)
        {
            return true;
        }

        if (at < data.Length)
        {
            return IsIn(sets, set, data[at]);
        }

        touched = true;
        return false;
    }

    /// <summary>The caller has made sure that there is room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Push(int[] stack, ref int top, int pc, int at, int bound, int undo)
    {
        Span<int> frame = stack.AsSpan(top, FrameSize);
        frame[3] = undo;
        frame[2] = bound;
        frame[1] = at;
        frame[0] = pc;
        top += FrameSize;
    }

    /// <summary>Changes a register so that it can be undone; false when the trail is full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Change(int[] trail, int[] registers, ref int undo, int register, int value)
    {
        if (undo == trail.Length)
        {
            return false;
        }

        trail[undo] = register;
        trail[undo + 1] = registers[register];
        undo += TrailSize;
        registers[register] = value;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Unwind(int[] trail, int[] registers, int undo, int to)
    {
        while (undo > to)
        {
            undo -= TrailSize;
            registers[trail[undo]] = trail[undo + 1];
        }

        return undo;
    }

    private bool IsKnown(BacktrackProgram program, int memo, int guard, int at) =>
        memo >= 0 && (guard < 0 || at > _registers[guard]) && WasHere(program, memo, at);

    /// <summary>Where a run of a set ends.</summary>
    private int RunEnd(
        BacktrackProgram program, ReadOnlySpan<byte> data, int from, int set, int most, int scan, ref bool touched)
    {
        uint[] sets = program.SetBits;
        int limit = most < 0 || most > data.Length - from ? data.Length : from + most;
        int brief = scan < 0 ? limit : Math.Min(limit, from + ShortRun);
        int at = from;
        while (at < brief && IsIn(sets, set, data[at]))
        {
            at++;
        }

        if (at == brief && at < limit)
        {
            int outside = _scan.IndexOf(program.Scans[scan], data[..limit], at);
            at = outside < 0 ? limit : outside;
        }

        // A run that stops at its bound does not ask what comes next.
        touched |= at == data.Length && (most < 0 || at - from < most);
        return at;
    }

    /// <summary>The greatest position down to a bound behind which a byte of a set stands; one below the bound when there is none.</summary>
    private static int LastBefore(uint[] sets, int set, ReadOnlySpan<byte> data, int at, int bound, ref bool touched)
    {
        if (set < 0)
        {
            return at;
        }

        if (at == data.Length)
        {
            touched = true;
            at--;
        }

        while (at >= bound && !IsIn(sets, set, data[at]))
        {
            at--;
        }

        return at;
    }

    /// <summary>
    /// From a position on over bytes of a lazy run's set, the first position at which what follows can begin, or -1.
    /// </summary>
    private int NextBehind(
        BacktrackProgram program, ReadOnlySpan<byte> data, int pc, int at, int limit, ref long budget, ref bool touched)
    {
        int next = program.Code[pc + 4];
        if (next < 0)
        {
            return at;
        }

        int from = at;
        uint[] sets = program.SetBits;
        int end = Math.Min(limit, data.Length - 1);
        int scan = program.Code[pc + 5];
        int brief = Math.Min(end, at + ShortRun);
        while (at <= brief && !IsIn(sets, next, data[at]))
        {
            if (!IsIn(sets, program.Code[pc + 1], data[at]))
            {
                budget -= at - from;
                return -1;
            }

            at++;
        }

        if (at > brief && at <= end && scan >= 0)
        {
            at = _scan.IndexOf(program.Scans[scan], data[..(end + 1)], at);
            at = at < 0 ? end + 1 : at;
        }

        budget -= at - from;

        if (at <= end && IsIn(sets, next, data[at]))
        {
            return at;
        }

        touched |= at == data.Length;
        return -1;
    }

    /// <summary>Whether data begins with a string under masks that stand a length behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool EqualsMasked(ReadOnlySpan<byte> data, ReadOnlySpan<byte> wanted, int length) =>
        data.Length >= length && EqualsMasked(data, wanted, length, length);

    /// <summary>The same for the first bytes only, eight at a time.</summary>
    private static bool EqualsMasked(ReadOnlySpan<byte> data, ReadOnlySpan<byte> wanted, int length, int count)
    {
        int i = 0;
        for (; i <= count - sizeof(ulong); i += sizeof(ulong))
        {
            ulong mask = BinaryPrimitives.ReadUInt64LittleEndian(wanted[(length + i)..]);
            if ((BinaryPrimitives.ReadUInt64LittleEndian(data[i..]) & mask)
                != BinaryPrimitives.ReadUInt64LittleEndian(wanted[i..]))
            {
                return false;
            }
        }

        for (; i < count; i++)
        {
            if ((data[i] & wanted[length + i]) != wanted[i])
            {
                return false;
            }
        }

        return true;
    }
}
