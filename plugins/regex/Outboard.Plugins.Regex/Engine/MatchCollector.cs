namespace Outboard.Plugins.Regex.Engine;

/// <summary>
/// Keeps the first matches in the promised order, whatever order they come in: while there is room they are appended, then the
/// list is a heap with the last of them on top. So a cap cuts the same matches at every width.
/// </summary>
/// <remarks>A match is a key, of which the greater comes later, and its end, which decides between equal keys.</remarks>
internal sealed class MatchCollector(MatchMode mode, int capacityMax)
{
    private readonly ulong[] _keys = new ulong[Math.Max(1, capacityMax)];
    private readonly int[] _ends = new int[Math.Max(1, capacityMax)];
    private int _capacity;
    private int _count;
    private bool _heap;
    private bool _ruleFirst;

    /// <summary>Bytes of its room.</summary>
    public long ByteCount => (long)_keys.Length * (sizeof(ulong) + sizeof(int));

    /// <summary>All matches found, kept or not.</summary>
    public long Total { get; private set; }

    /// <summary>How many are kept.</summary>
    public int Count => _count;

    /// <summary>A kept match.</summary>
    public MatchRecord this[int index] => mode == MatchMode.Ends
        ? new MatchRecord((int)(_keys[index] >> 32), 0, _ends[index])
        : _ruleFirst
            ? new MatchRecord((int)(_keys[index] >> 32), (int)_keys[index], _ends[index])
            : new MatchRecord((int)_keys[index], (int)(_keys[index] >> 32), _ends[index]);

    /// <summary>Starts over. By rule, a smaller rule comes first, then a smaller start, then a shorter match.</summary>
    public void Reset(int capacity, bool byRule)
    {
        _capacity = Math.Min(capacity, _keys.Length);
        _ruleFirst = byRule;
        _count = 0;
        _heap = false;
        Total = 0;
    }

    public void Add(int rule, int start, int end)
    {
        Total++;
        ulong key = Key(rule, start, end);
        if (_count < _capacity)
        {
            _keys[_count] = key;
            _ends[_count++] = end;
        }
        else if (_capacity != 0)
        {
            Displace(key, end);
        }
    }

    /// <summary>Puts the kept matches in order, in which they often are already.</summary>
    public void Sort()
    {
        ReadOnlySpan<ulong> keys = _keys.AsSpan(0, _count);
        bool ordered = true;
        for (int i = 1; i < keys.Length && ordered; i++)
        {
            ordered = keys[i - 1] < keys[i];
        }

        if (!ordered)
        {
            Array.Sort(_keys, _ends, 0, _count);
            SortEqualKeys();
        }
    }

    /// <summary>Without starts every match has the same one, and the end takes its place.</summary>
    private ulong Key(int rule, int start, int end) =>
        mode == MatchMode.Ends ? (ulong)(uint)rule << 32 | (uint)end
        : _ruleFirst ? (ulong)(uint)rule << 32 | (uint)start
        : (ulong)(uint)start << 32 | (uint)rule;

    /// <summary>Matches of one rule with one start come by their ends; only the mode that reports every match has such.</summary>
    private void SortEqualKeys()
    {
        for (int i = 1; i < _count; i++)
        {
            int end = _ends[i];
            int at = i;
            for (; at > 0 && _keys[at - 1] == _keys[i] && _ends[at - 1] > end; at--)
            {
                _ends[at] = _ends[at - 1];
            }

            _ends[at] = end;
        }
    }

    /// <summary>Takes the place of the last of the kept matches, if it comes before it.</summary>
    private void Displace(ulong key, int end)
    {
        if (!_heap)
        {
            _heap = true;
            for (int i = _count / 2 - 1; i >= 0; i--)
            {
                Sink(i, _keys[i], _ends[i]);
            }
        }

        if (Before(key, end, _keys[0], _ends[0]))
        {
            Sink(0, key, end);
        }
    }

    private void Sink(int at, ulong key, int end)
    {
        while (true)
        {
            int child = 2 * at + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && Before(_keys[child], _ends[child], _keys[child + 1], _ends[child + 1]))
            {
                child++;
            }

            if (!Before(key, end, _keys[child], _ends[child]))
            {
                break;
            }

            _keys[at] = _keys[child];
            _ends[at] = _ends[child];
            at = child;
        }

        _keys[at] = key;
        _ends[at] = end;
    }

    private static bool Before(ulong key, int end, ulong otherKey, int otherEnd) =>
        key < otherKey || (key == otherKey && end < otherEnd);
}
