namespace Outboard.Plugins.Regex.Engine;

/// <summary>
/// Keeps the first matches in the promised order, whatever order they come in: while there is room they are appended, then the
/// list is a heap with the last of them on top. So a cap cuts the same matches at every width.
/// </summary>
internal sealed class MatchCollector(int capacityMax)
{
    private readonly MatchRecord[] _records = new MatchRecord[Math.Max(1, capacityMax)];
    private int _capacity;
    private int _count;
    private bool _heap;
    private bool _byRule;

    /// <summary>All matches found, kept or not.</summary>
    public long Total { get; private set; }

    public ReadOnlySpan<MatchRecord> Records => _records.AsSpan(0, _count);

    /// <summary>Starts over. By rule, a smaller rule comes first, then a smaller start, then a shorter match.</summary>
    public void Reset(int capacity, bool byRule)
    {
        _capacity = Math.Min(capacity, _records.Length);
        _byRule = byRule;
        _count = 0;
        _heap = false;
        Total = 0;
    }

    public void Add(int rule, int start, int end)
    {
        Total++;
        var record = new MatchRecord(rule, start, end);
        if (_count < _capacity)
        {
            _records[_count++] = record;
            return;
        }

        if (_capacity == 0)
        {
            return;
        }

        if (!_heap)
        {
            _heap = true;
            for (int i = _count / 2 - 1; i >= 0; i--)
            {
                Sink(i);
            }
        }

        if (Before(record, _records[0]))
        {
            _records[0] = record;
            Sink(0);
        }
    }

    /// <summary>Puts the kept matches in order.</summary>
    public void Sort()
    {
        for (int i = _count / 2 - 1; i >= 0; i--)
        {
            Sink(i);
        }

        int count = _count;
        while (_count > 1)
        {
            (_records[0], _records[_count - 1]) = (_records[_count - 1], _records[0]);
            _count--;
            Sink(0);
        }

        _count = count;
    }

    private void Sink(int at)
    {
        MatchRecord record = _records[at];
        while (true)
        {
            int child = 2 * at + 1;
            if (child >= _count)
            {
                break;
            }

            if (child + 1 < _count && Before(_records[child], _records[child + 1]))
            {
                child++;
            }

            if (!Before(record, _records[child]))
            {
                break;
            }

            _records[at] = _records[child];
            at = child;
        }

        _records[at] = record;
    }

    private bool Before(MatchRecord a, MatchRecord b)
    {
        (int a1, int a2, int b1, int b2) = _byRule
            ? (a.Rule, a.Start, b.Rule, b.Start)
            : (a.Start, a.Rule, b.Start, b.Rule);
        return a1 != b1 ? a1 < b1 : a2 != b2 ? a2 < b2 : a.End < b.End;
    }
}
