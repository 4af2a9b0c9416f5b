using System.Runtime.CompilerServices;

namespace Outboard.Plugins.Regex.Engine;

/// <summary>
/// What a pass over a whole burst found: for each payload, the rules to be searched for in it. A payload has room for a few; beyond
/// that it is marked, and everything the pass stands for is searched for. A rule may stand in a list twice.
/// </summary>
internal sealed class WakeLists(int payloadMax)
{
    /// <summary>Rules that a payload has room for.</summary>
    public const int Room = 15;

    private readonly int[] _slots = new int[payloadMax * (Room + 1)];

    /// <summary>Bytes of the lists.</summary>
    public long ByteCount => _slots.Length * sizeof(int);

    /// <summary>Payloads that a burst may have.</summary>
    public int PayloadMax => payloadMax;

    /// <summary>Forgets everything about the first payloads.</summary>
    public void Clear(int payloads)
    {
        for (int i = 0; i < payloads; i++)
        {
            _slots[i * (Room + 1)] = 0;
        }
    }

    /// <summary>Says that a payload must be searched for a rule.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int payload, int rule)
    {
        ref int count = ref _slots[payload * (Room + 1)];
        if (count < Room)
        {
            _slots[payload * (Room + 1) + ++count] = rule;
        }
        else
        {
            count = Room + 1;
        }
    }

    /// <summary>Whether a payload had more rules than there is room for.</summary>
    public bool Overflowed(int payload) => _slots[payload * (Room + 1)] > Room;

    /// <summary>The rules of a payload that did not overflow.</summary>
    public ReadOnlySpan<int> Of(int payload)
    {
        int at = payload * (Room + 1);
        return _slots.AsSpan(at + 1, Math.Min(_slots[at], Room));
    }
}
