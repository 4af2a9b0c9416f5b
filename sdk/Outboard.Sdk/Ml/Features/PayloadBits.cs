using System.Numerics;
using System.Runtime.CompilerServices;

namespace Outboard.Ml.Features;

/// <summary>One bit for each of the <see cref="PacketFeatures.PayloadBytesMax"/> payload bytes, in four words.</summary>
internal struct PayloadBits
{
    private ulong _first;
    private ulong _second;
    private ulong _third;
    private ulong _fourth;

    /// <summary>Sets the bits of 16 bytes.</summary>
    /// <param name="first">The first of them; a multiple of 16.</param>
    /// <param name="bits">Their bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int first, ushort bits)
    {
        ulong placed = (ulong)bits << (first & 63);
        int word = first >> 6;
        _first |= word == 0 ? placed : 0;
        _second |= word == 1 ? placed : 0;
        _third |= word == 2 ? placed : 0;
        _fourth |= word == 3 ? placed : 0;
    }

    /// <summary>The length of the longest run of set bits, or <paramref name="max"/> if that is less.</summary>
    /// <remarks>Each step takes one bit off the front of every run, all at once; the longest one is the last to go.</remarks>
    public readonly int LongestRun(int max)
    {
        PayloadBits runs = this;
        int length = 0;
        while (length < max && !runs.IsEmpty)
        {
            runs = And(runs, runs.Down(1));
            length++;
        }
        return length;
    }

    /// <summary>How often a set bit follows a set bit.</summary>
    public static int CountPairs(in PayloadBits bits) => And(bits, bits.Down(1)).Count;

    /// <summary>How often set bits of the three stand one behind the other.</summary>
    public static int CountSequences(in PayloadBits first, in PayloadBits second, in PayloadBits third)
        => first.IsEmpty ? 0 : And(And(first, second.Down(1)), third.Down(2)).Count;

    private readonly bool IsEmpty => (_first | _second | _third | _fourth) == 0;

    private readonly int Count
        => BitOperations.PopCount(_first) + BitOperations.PopCount(_second)
            + BitOperations.PopCount(_third) + BitOperations.PopCount(_fourth);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static PayloadBits And(in PayloadBits left, in PayloadBits right) => new()
    {
        _first = left._first & right._first,
        _second = left._second & right._second,
        _third = left._third & right._third,
        _fourth = left._fourth & right._fourth,
    };

    // Every bit moves to the byte that is this many before it; 1 to 63.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly PayloadBits Down(int count) => new()
    {
        _first = (_first >> count) | (_second << (64 - count)),
        _second = (_second >> count) | (_third << (64 - count)),
        _third = (_third >> count) | (_fourth << (64 - count)),
        _fourth = _fourth >> count,
    };
}
