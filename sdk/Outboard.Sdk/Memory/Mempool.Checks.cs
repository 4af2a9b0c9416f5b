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
            CheckGuard(item);
            if (_records[i].State == StateFree)
            {
                CheckPattern(item);
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

            try
            {
                CheckGuard(item);
            }
            catch (MempoolViolationException)
            {
                UndoPut(items[..i]);
                throw;
            }

            // An exchange, so that of two threads that free the same object one is told.
            if ((DebugChecks & MempoolDebugChecks.Ownership) != 0
                && Interlocked.Exchange(ref _records[IndexOf(item)].State, StateFree) == StateFree)
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

        for (int i = 0; i < items.Length; i++)
        {
            try
            {
                CheckGuard(items[i]);
                CheckPattern(items[i]);
            }
            catch (MempoolViolationException)
            {
                // The call fails as a whole: everything goes back, mended, so that the next get finds a sound object.
                foreach (nint item in items)
                {
                    WriteGuard(item);
                    FillPattern(item);
                    Volatile.Write(ref _records[IndexOf(item)].State, StateFree);
                }

                BackendPut(items);
                items.Clear();
                throw;
            }
        }
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

    private void CheckGuard(nint item)
    {
        if ((DebugChecks & MempoolDebugChecks.Overrun) != 0 && *GuardOf(item) != GuardWord)
        {
            throw Violation(MempoolViolation.Overrun, item, $"was written past its {ObjectSize} bytes");
        }
    }

    private Span<byte> PatternOf(nint item) => new((void*)(item + _patternOffset), ObjectSize - _patternOffset);

    private void FillPattern(nint item)
    {
        if ((DebugChecks & MempoolDebugChecks.UseAfterFree) != 0)
        {
            PatternOf(item).Fill(FreePattern);
        }
    }

    private void CheckPattern(nint item)
    {
        if ((DebugChecks & MempoolDebugChecks.UseAfterFree) != 0)
        {
            int at = PatternOf(item).IndexOfAnyExcept(FreePattern);
            if (at >= 0)
            {
                throw Violation(MempoolViolation.UseAfterFree, item, $"was written at byte {_patternOffset + at} while it was free");
            }
        }
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
