using Outboard.Plugins.Regex.Kernels.ByteScan;
using Outboard.Plugins.Regex.Rules;

namespace Outboard.Plugins.Regex.Backtracking;

/// <summary>
/// A pattern as code for a <see cref="BacktrackMatcher"/>: numbers and bytes only. It is checked when it is made: every operand names
/// something that is there.
/// </summary>
internal sealed class BacktrackProgram
{
    /// <summary>32-bit words that a set takes.</summary>
    private const int WordsPerSet = 8;

    /// <exception cref="ArgumentException">The code is not sound.</exception>
    public BacktrackProgram(
        int[] code, byte[] literals, ByteSet[] sets, ByteSet[] scans, int registerCount, int memoCount)
    {
        Code = code;
        Literals = literals;
        RegisterCount = registerCount;
        MemoCount = memoCount;
        SetBits = new uint[sets.Length * WordsPerSet];
        for (int i = 0; i < sets.Length; i++)
        {
            foreach (byte value in sets[i].ToArray())
            {
                SetBits[i * WordsPerSet + (value >> 5)] |= 1U << (value & 31);
            }
        }

        Scans = [.. scans.Select(static s => new ByteScanSet(s))];
        BacktrackCode.Check(this, sets.Length);
    }

    public int[] Code { get; }

    public byte[] Literals { get; }

    /// <summary>The sets, a bit for each value.</summary>
    public uint[] SetBits { get; }

    /// <summary>Sets that runs are ended by.</summary>
    public ByteScanSet[] Scans { get; }

    public int RegisterCount { get; }

    /// <summary>What a match can begin with; null when it may take nothing.</summary>
    public ByteSet? FirstBytes
    {
        get;
        init
        {
            field = value;
            FirstScan = value is { } set ? new ByteScanSet(set) : null;
        }
    }

    /// <summary><see cref="FirstBytes"/> as the kernels read it.</summary>
    public ByteScanSet? FirstScan { get; private init; }

    /// <summary>The fewest bytes a match takes.</summary>
    public int MinLength { get; init; }

    /// <summary>The greatest index of a group; 0 when nothing is captured.</summary>
    public int CaptureCount { get; init; }

    /// <summary>
    /// Choices of which it pays to remember at which positions they were met: what happens from there depends on nothing else. Where a choice
    /// has a guard, that holds only past the position in that register, because a loop asks whether its round took anything.
    /// </summary>
    public int MemoCount { get; }

    /// <summary>Whether the reported start can differ from where the match began.</summary>
    public bool HasKeep { get; init; }

    public BacktrackStart Start { get; init; }

    /// <summary>Bytes of code, literals and sets.</summary>
    public long ByteCount => Code.Length * sizeof(int) + Literals.Length + SetBits.Length * sizeof(uint) + Scans.Length * 288L;

    /// <summary>Compiles any tree that the parser gives.</summary>
    public static BacktrackProgram Compile(PatternNode root) => BacktrackCompiler.Compile(root);
}
