namespace Outboard.Plugins.Regex.Engine;

/// <summary>
/// The state of one flow: its last bytes, and for each rule that reported matches in them where its next match may begin. One queue
/// pair at a time uses it.
/// </summary>
internal sealed class RegexStream
{
    /// <summary>Rules that may have reported something within the kept bytes; a power of two, of which three quarters are used.</summary>
    private const int SlotCount = 256;
    private const int UsedMax = SlotCount / 4 * 3;

    private readonly byte[] _tail;
    private readonly ulong[] _keys = new ulong[SlotCount];

    /// <summary>An offset in the upper bits; the lowest says that an empty match was reported there.</summary>
    private readonly long[] _nextStarts = new long[SlotCount];
    private int _used;

    /// <summary>Takes all memory the flow will need.</summary>
    /// <param name="tailMax">Bytes of it that are kept.</param>
    public RegexStream(int tailMax) => _tail = new byte[tailMax];

    /// <summary>Bytes that are kept at most.</summary>
    public int TailMax => _tail.Length;

    /// <summary>The group of payloads that the flow was last in; one group holds it once.</summary>
    public uint Group { get; set; }

    /// <summary>Bytes of the flow so far.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes of it that are kept.</summary>
    public int TailLength { get; private set; }

    /// <summary>The least offset in the flow at which a match may begin: rules that came into force later do not look further back.</summary>
    public long Floor { get; private set; }

    /// <summary>The database that the flow was last searched with.</summary>
    public RegexDatabase? Database { get; private set; }

    /// <summary>Whether more rules reported at once than there is room for, so that the kept bytes were let go.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>The kept bytes.</summary>
    public ReadOnlySpan<byte> Tail => _tail.AsSpan(0, TailLength);

    /// <summary>Offset in the flow of the first kept byte.</summary>
    public long TailOffset => Length - TailLength;

    /// <summary>Begins a scan with a database; with another one than before, matches begin behind what the other has seen.</summary>
    public void Enter(RegexDatabase database)
    {
        Overflowed = false;
        if (Database == database)
        {
            return;
        }

        Floor = Database is null ? Floor : Length;
        Database = database;
        Forget();
    }

    /// <summary>Takes the bytes that were scanned: the tail, and a payload behind it; says whether bytes were let go.</summary>
    public bool Append(ReadOnlySpan<byte> scanned)
    {
        Length += scanned.Length - TailLength;
        int keep = Math.Min(scanned.Length, _tail.Length);
        scanned[^keep..].CopyTo(_tail);
        TailLength = keep;
        if (Overflowed)
        {
            Floor = Length;
            Forget();
        }

        return keep < scanned.Length;
    }

    /// <summary>The flow has ended; the next byte is the first of another.</summary>
    public void Restart()
    {
        Length = 0;
        Floor = 0;
        TailLength = 0;
        Forget();
    }

    /// <summary>
    /// Where in the flow the next match of a rule may begin, or -1 when nothing is known, and whether an empty one was reported there.
    /// </summary>
    public long NextStartOf(RuleSource rule, out bool afterEmpty)
    {
        afterEmpty = false;
        ulong key = Key(rule);
        for (int i = First(key); _keys[i] != 0; i = (i + 1) & (SlotCount - 1))
        {
            if (_keys[i] == key)
            {
                afterEmpty = (_nextStarts[i] & 1) != 0;
                return _nextStarts[i] >> 1;
            }
        }

        return -1;
    }

    /// <summary>Remembers where in the flow the next match of a rule may begin.</summary>
    public void SetNextStart(RuleSource rule, long nextStart, bool afterEmpty)
    {
        ulong key = Key(rule);
        int i = First(key);
        while (_keys[i] != 0 && _keys[i] != key)
        {
            i = (i + 1) & (SlotCount - 1);
        }

        if (_keys[i] == 0)
        {
            if (_used == UsedMax && !TryPrune())
            {
                Overflowed = true;
                return;
            }

            i = First(key);
            while (_keys[i] != 0)
            {
                i = (i + 1) & (SlotCount - 1);
            }

            _keys[i] = key;
            _used++;
        }

        _nextStarts[i] = nextStart << 1 | (afterEmpty ? 1L : 0L);
    }

    /// <summary>Lets go of what lies before the kept bytes.</summary>
    private bool TryPrune()
    {
        Span<ulong> keys = stackalloc ulong[UsedMax];
        Span<long> starts = stackalloc long[UsedMax];
        int kept = 0;
        for (int i = 0; i < SlotCount; i++)
        {
            if (_keys[i] != 0 && _nextStarts[i] >> 1 >= TailOffset)
            {
                keys[kept] = _keys[i];
                starts[kept++] = _nextStarts[i];
            }
        }

        bool freed = kept < _used;
        Forget();
        for (int k = 0; k < kept; k++)
        {
            int i = First(keys[k]);
            while (_keys[i] != 0)
            {
                i = (i + 1) & (SlotCount - 1);
            }

            (_keys[i], _nextStarts[i]) = (keys[k], starts[k]);
        }

        _used = kept;
        return freed;
    }

    private void Forget()
    {
        Array.Clear(_keys);
        _used = 0;
    }

    /// <summary>Never 0, which marks an empty slot.</summary>
    private static ulong Key(RuleSource rule) => 1UL << 63 | (ulong)rule.Group << 32 | rule.Id;

    private static int First(ulong key) => (int)(key * 0x9E37_79B9_7F4A_7C15 >> 56) & (SlotCount - 1);
}
