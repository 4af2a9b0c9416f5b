namespace Outboard.Plugins.Regex.Engine;

/// <summary>
/// The flows of a device by handle. A handle holds a slot and how often the slot was used before, so that a stale one is recognised. Control
/// calls are one at a time; look-ups come from any thread and see a slot's stream whole or not at all.
/// </summary>
internal sealed class RegexStreams(int tailMax)
{
    private const int SlotBits = 20;
    private const int SlotMask = (1 << SlotBits) - 1;

    private readonly Stack<int> _free = [];
    private Entry[] _entries = [];
    private int _used;

    /// <summary>Bytes of a flow that are kept.</summary>
    public int TailMax => tailMax;

    /// <summary>Flows there are.</summary>
    public int Count => _used - _free.Count;

    /// <summary>Makes the state of a flow.</summary>
    /// <exception cref="InvalidOperationException">There are as many as can be told apart.</exception>
    public nint Create()
    {
        if (!_free.TryPop(out int slot))
        {
            slot = _used < SlotMask
                ? _used++
                : throw new InvalidOperationException($"A device has at most {SlotMask} streams; release some first.");
            if (slot == _entries.Length)
            {
                Entry[] larger = new Entry[Math.Max(16, 2 * slot)];
                _entries.CopyTo(larger, 0);
                Volatile.Write(ref _entries, larger);
            }
        }

        var entry = new Entry((_entries[slot]?.Generation ?? 0) + 1, new RegexStream(tailMax));
        Volatile.Write(ref _entries[slot], entry);
        return Handle(slot, entry.Generation);
    }

    /// <summary>Frees the state of a flow.</summary>
    public void Release(nint handle)
    {
        int slot = (int)(handle & SlotMask) - 1;
        Volatile.Write(ref _entries[slot], _entries[slot] with { Stream = null });
        _free.Push(slot);
    }

    /// <summary>The flow of a handle, if there still is one.</summary>
    public bool TryGet(nint handle, out RegexStream? stream)
    {
        Entry[] entries = Volatile.Read(ref _entries);
        int slot = (int)(handle & SlotMask) - 1;
        Entry? entry = (uint)slot < (uint)entries.Length ? Volatile.Read(ref entries[slot]) : null;
        stream = entry is not null && Handle(slot, entry.Generation) == handle ? entry.Stream : null;
        return stream is not null;
    }

    private static nint Handle(int slot, long generation) => (nint)(generation << SlotBits | (uint)(slot + 1));

    private sealed record Entry(long Generation, RegexStream? Stream);
}
