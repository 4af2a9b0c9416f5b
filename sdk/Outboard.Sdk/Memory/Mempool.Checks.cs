using System.Runtime.InteropServices;

namespace Outboard.Memory;

/// <content>The debug checks, chosen when the pool is made.</content>
public sealed unsafe partial class Mempool
{
    private const int GuardSize = 8;
    private const ulong GuardWord = 0x6F75_7462_6F61_7264;
    private const byte FreePattern = 0xDB;
    private const int StateFree = 0;
    private const int StateOut = 1;

    private readonly int _patternOffset;

    internal IObjectInspector? Inspector { get; set; }

    /// <summary>For each object its state and who took it last.</summary>
    private ObjectRecord* _records;

    /// <summary>Names who holds an object now, for leak reports; nothing without <see cref="MempoolDebugChecks.Ownership"/>.</summary>
    /// <param name="item">An object that is out.</param>
    /// <param name="tag">From <see cref="OwnerTag"/>.</param>
    public void SetOwner(nint item, int tag)
    {
        if (_records is not null && Owns(item))
        {
            _records[IndexOf(item)].Owner = tag;
        }
    }

    /// <summary>The tag that stands for an owner's name in this pool. The same name always gives the same tag.</summary>
    public int OwnerTag(string name)
    {
        lock (_control)
        {
            int tag = _owners.IndexOf(name);
            if (tag < 0)
            {
                tag = _owners.Count;
                _owners.Add(name);
            }

            return tag;
        }
    }

    /// <summary>Who took an object last, or was set as its owner; "unknown" without <see cref="MempoolDebugChecks.Ownership"/>.</summary>
    public string OwnerOf(nint item)
    {
        lock (_control)
        {
            return OwnerAt(IndexOf(item));
        }
    }

    /// <summary>Looks at every object's guard word and every free object's pattern.</summary>
    /// <exception cref="MempoolViolationException">Something was overwritten.</exception>
    public void Audit()
    {
        for (int i = 0; i < ObjectCount && _records is not null; i++)
        {
            nint item = ObjectAt(i);
            if (!IsGuardWhole(item))
            {
                throw OverrunOf(item);
            }

            if (_records[i].State == StateFree)
            {
                MempoolViolationException? damage = DamageOf(item);
                if (damage is not null)
                {
                    throw damage;
                }
            }
        }
    }

    internal void CheckPut(ReadOnlySpan<nint> items)
    {
        for (int i = 0; i < items.Length; i++)
        {
            nint item = items[i];
            if (!Owns(item))
            {
                UndoPut(items[..i]);
                throw Violation(MempoolViolation.ForeignObject, item, "is no object of the pool");
            }

            string? defect = Inspector?.Inspect(item);
            if (defect is not null || !IsGuardWhole(item))
            {
                UndoPut(items[..i]);
                throw defect is null
                    ? OverrunOf(item)
                    : Violation(MempoolViolation.BadState, item, $"was put in a bad state: {defect}");
            }

            // An exchange, so that of two threads that free the same object one is told.
            bool wasFree = Interlocked.Exchange(ref _records[IndexOf(item)].State, StateFree) == StateFree;
            if (wasFree && (DebugChecks & MempoolDebugChecks.Ownership) != 0)
            {
                UndoPut(items[..i]);
                throw Violation(MempoolViolation.DoubleFree, item, "was put though it is free");
            }
        }

        foreach (nint item in items)
        {
            FillPattern(item);
        }
    }

    internal void CheckGet(Span<nint> items, int owner)
    {
        foreach (nint item in items)
        {
            ref ObjectRecord record = ref _records[IndexOf(item)];
            Volatile.Write(ref record.State, StateOut);
            record.Owner = owner;
        }

        MempoolViolationException? damage = null;
        foreach (nint item in items)
        {
            damage ??= DamageOf(item);
        }

        if (damage is null)
        {
            return;
        }

        // The call fails as a whole: everything goes back, mended, so that the next get finds sound objects.
        foreach (nint item in items)
        {
            WriteGuard(item);
            FillPattern(item);
            Inspector?.Restore(item);
            Volatile.Write(ref _records[IndexOf(item)].State, StateFree);
        }

        EnqueueShared(items);
        items.Clear();
        throw damage;
    }

    private void UndoPut(ReadOnlySpan<nint> items)
    {
        foreach (nint item in items)
        {
            Volatile.Write(ref _records[IndexOf(item)].State, StateOut);
        }
    }

    private void PrepareChecks()
    {
        if (DebugChecks == MempoolDebugChecks.None)
        {
            return;
        }

        _records = (ObjectRecord*)NativeMemory.AllocZeroed((nuint)ObjectCount, (nuint)sizeof(ObjectRecord));
        for (int i = 0; i < ObjectCount; i++)
        {
            WriteGuard(ObjectAt(i));
            FillPattern(ObjectAt(i));
        }
    }

    private void ReleaseChecks()
    {
        NativeMemory.Free(_records);
        _records = null;
    }

    private LeakReport FindLeaks()
    {
        var free = new bool[ObjectCount];
        while (_ring.TryDequeue(out nint item))
        {
            free[IndexOf(item)] = true;
        }

        var leaks = new List<LeakedObject>();
        for (int i = 0; i < ObjectCount; i++)
        {
            if (!free[i])
            {
                leaks.Add(new LeakedObject(i, ObjectAt(i), OwnerAt(i)));
            }
        }

        return new LeakReport(Name, ObjectCount, leaks);
    }

    private string OwnerAt(int index) => _records is null || index < 0 ? _owners[0] : _owners[_records[index].Owner];

    private ulong* GuardOf(nint item) => (ulong*)(item + ObjectSize);

    private void WriteGuard(nint item)
    {
        if ((DebugChecks & MempoolDebugChecks.Overrun) != 0)
        {
            *GuardOf(item) = GuardWord;
        }
    }

    private bool IsGuardWhole(nint item) =>
        (DebugChecks & MempoolDebugChecks.Overrun) == 0 || *GuardOf(item) == GuardWord;

    private MempoolViolationException OverrunOf(nint item) =>
        Violation(MempoolViolation.Overrun, item, $"was written past its {ObjectSize} bytes");

    private Span<byte> PatternOf(nint item) => new((void*)(item + _patternOffset), ObjectSize - _patternOffset);

    private void FillPattern(nint item)
    {
        if ((DebugChecks & MempoolDebugChecks.UseAfterFree) != 0)
        {
            PatternOf(item).Fill(FreePattern);
        }
    }

    /// <summary>What happened to an object while it was free, or null.</summary>
    private MempoolViolationException? DamageOf(nint item)
    {
        if (!IsGuardWhole(item))
        {
            return OverrunOf(item);
        }

        if ((DebugChecks & MempoolDebugChecks.UseAfterFree) == 0)
        {
            return null;
        }

        int at = PatternOf(item).IndexOfAnyExcept(FreePattern);
        string? defect = at >= 0 ? $"at byte {_patternOffset + at}" : Inspector?.Inspect(item);
        return defect is null
            ? null
            : Violation(MempoolViolation.UseAfterFree, item, $"was written while it was free: {defect}");
    }

    private MempoolViolationException Violation(MempoolViolation violation, nint item, string what)
    {
        int index = IndexOf(item);
        string which = index < 0 ? $"address 0x{item:x}" : $"object {index} (0x{item:x}, last held by {OwnerOf(item)})";
        return new(violation, item, Owns(item) ? index : -1, $"pool '{Name}': {which} {what}");
    }

    private struct ObjectRecord
    {
        public int State;
        public int Owner;
    }
}
