using System.Numerics;

namespace Outboard.Mbufs;

/// <summary>Hands out the 36 bytes and 18 flag bits of every mbuf that have no fixed meaning.</summary>
/// <remarks>
/// <code>
/// var dynamics = new MbufDynamics();                               // one for all that see the same packets; the host has it
/// MbufField&lt;ulong&gt; time = dynamics.RegisterField&lt;ulong&gt;("arrival");
/// mbuf.Field(time) = now;
/// </code>
/// *Thread*: any. A name registered again with the same type gives the same place, so independent parts may agree on a name.
/// </remarks>
public sealed unsafe class MbufDynamics
{
    /// <summary>The longest name of a field or flag; characters.</summary>
    public const int NameLengthMax = 63;

    private const int FirstFlag = 23;
    private const int FlagCount = 18;
    private readonly Lock _lock = new();
    private readonly List<MbufFieldInfo> _fields = [];
    private readonly SortedDictionary<int, MbufFlag> _flags = [];

    /// <summary>The fields registered, by offset.</summary>
    public IReadOnlyList<MbufFieldInfo> Fields
    {
        get
        {
            lock (_lock)
            {
                return [.. _fields.OrderBy(entry => entry.Offset)];
            }
        }
    }

    /// <summary>The flags registered, by bit.</summary>
    public IReadOnlyList<MbufFlag> Flags
    {
        get
        {
            lock (_lock)
            {
                return [.. _flags.Values];
            }
        }
    }

    /// <summary>Bytes not handed out.</summary>
    public int FreeByteCount
    {
        get
        {
            lock (_lock)
            {
                return MbufHeader.DynamicSize - _fields.Sum(entry => entry.Size);
            }
        }
    }

    /// <summary>Makes room for a field, or finds the one of that name.</summary>
    /// <typeparam name="T">Its type; at most 36 bytes.</typeparam>
    /// <param name="name">1 to 63 characters.</param>
    /// <param name="offset">Where it has to be, in bytes from the start of the header; negative for the smallest hole that fits.</param>
    /// <exception cref="InvalidOperationException">There is no room, or the name or place is taken by something else.</exception>
    public MbufField<T> RegisterField<T>(string name, int offset = -1)
        where T : unmanaged =>
        new(name, RegisterBytes(name, sizeof(T), Math.Min(8, (int)BitOperations.RoundUpToPowerOf2((uint)AlignmentOf<T>())), offset).Offset);

    /// <summary>As <see cref="RegisterField{T}"/> for a field that has no type of ours.</summary>
    /// <param name="name">1 to 63 characters.</param>
    /// <param name="size">Bytes; 1 to 36.</param>
    /// <param name="alignment">A power of two up to 8.</param>
    /// <param name="offset">Where it has to be, or negative.</param>
    public MbufFieldInfo RegisterBytes(string name, int size, int alignment, int offset = -1)
    {
        CheckName(name, "field");
        if (size is < 1 or > MbufHeader.DynamicSize)
        {
            throw new ArgumentOutOfRangeException(
                nameof(size), size, $"mbuf field '{name}': size {size} is not within 1 to {MbufHeader.DynamicSize}");
        }

        if (alignment is < 1 or > 8 || !BitOperations.IsPow2(alignment))
        {
            throw new ArgumentOutOfRangeException(
                nameof(alignment), alignment, $"mbuf field '{name}': alignment {alignment} is none of 1, 2, 4, 8");
        }

        lock (_lock)
        {
            MbufFieldInfo? known = _fields.Find(field => field.Name == name);
            if (known is not null)
            {
                return known.Size == size && known.Alignment == alignment && (offset < 0 || offset == known.Offset)
                    ? known
                    : throw new InvalidOperationException(
                        $"mbuf field '{name}' is registered with size {known.Size}, alignment {known.Alignment}, offset {known.Offset}");
            }

            int place = offset < 0 ? BestFit(size, alignment) : Fixed(name, size, alignment, offset);
            if (place < 0)
            {
                throw new InvalidOperationException(
                    $"mbuf field '{name}': no free {size} bytes aligned to {alignment}; taken: {Describe()}");
            }

            var added = new MbufFieldInfo(name, place, size, alignment);
            _fields.Add(added);
            return added;
        }
    }

    /// <summary>Reserves a flag bit, or finds the one of that name.</summary>
    /// <param name="name">1 to 63 characters.</param>
    /// <param name="bit">The bit it has to be, 23 to 40; negative for the lowest free one.</param>
    /// <exception cref="InvalidOperationException">There is no bit left, or the name or bit is taken by something else.</exception>
    public MbufFlag RegisterFlag(string name, int bit = -1)
    {
        CheckName(name, "flag");
        if (bit >= 0 && bit is < FirstFlag or >= FirstFlag + FlagCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(bit), bit, $"mbuf flag '{name}': bit {bit} is not within {FirstFlag} to {FirstFlag + FlagCount - 1}");
        }

        lock (_lock)
        {
            foreach (MbufFlag flag in _flags.Values)
            {
                if (flag.Name == name)
                {
                    return bit < 0 || bit == flag.Bit
                        ? flag
                        : throw new InvalidOperationException($"mbuf flag '{name}' is registered as bit {flag.Bit}");
                }
            }

            int chosen = bit;
            for (int i = FirstFlag; chosen < 0 && i < FirstFlag + FlagCount; i++)
            {
                chosen = _flags.ContainsKey(i) ? -1 : i;
            }

            if (chosen < 0)
            {
                throw new InvalidOperationException($"mbuf flag '{name}': all {FlagCount} bits are taken");
            }

            if (_flags.TryGetValue(chosen, out MbufFlag holder))
            {
                throw new InvalidOperationException($"mbuf flag '{name}': bit {chosen} is taken by '{holder.Name}'");
            }

            return _flags[chosen] = new MbufFlag(name, chosen);
        }
    }

    /// <summary>Gives a field's bytes back. Whoever still holds the field must not use it any more.</summary>
    /// <returns>Whether there was a field of that name.</returns>
    public bool UnregisterField(string name)
    {
        lock (_lock)
        {
            return _fields.RemoveAll(field => field.Name == name) > 0;
        }
    }

    /// <summary>Gives a flag's bit back. Whoever still holds the flag must not use it any more.</summary>
    /// <returns>Whether there was a flag of that name.</returns>
    public bool UnregisterFlag(string name)
    {
        lock (_lock)
        {
            foreach (MbufFlag flag in _flags.Values)
            {
                if (flag.Name == name)
                {
                    return _flags.Remove(flag.Bit);
                }
            }

            return false;
        }
    }

    private static void CheckName(string name, string what)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Length > NameLengthMax)
        {
            throw new ArgumentException(
                $"mbuf {what} name '{name}' has {name.Length} characters; {NameLengthMax} are allowed", nameof(name));
        }
    }

    private static int AlignmentOf<T>()
        where T : unmanaged
    {
        AlignmentProbe<T> probe = default;
        return (int)((byte*)&probe.Value - (byte*)&probe);
    }

    private bool IsFree(int offset, int size) =>
        offset >= MbufHeader.DynamicOffset
        && offset + size <= MbufHeader.Size
        && !_fields.Exists(field => offset < field.Offset + field.Size && field.Offset < offset + size);

    private int Fixed(string name, int size, int alignment, int offset)
    {
        if (offset % alignment != 0 || offset < MbufHeader.DynamicOffset || offset + size > MbufHeader.Size)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset),
                offset,
                $"mbuf field '{name}': {size} bytes at {offset} are not aligned to {alignment} within {MbufHeader.DynamicOffset} to {MbufHeader.Size}");
        }

        return IsFree(offset, size)
            ? offset
            : throw new InvalidOperationException($"mbuf field '{name}': bytes {offset} to {offset + size - 1} are taken: {Describe()}");
    }

    /// <summary>The start in the smallest hole that holds the field aligned, or -1.</summary>
    private int BestFit(int size, int alignment)
    {
        int best = -1;
        int bestHole = int.MaxValue;
        for (int start = MbufHeader.DynamicOffset; start < MbufHeader.Size;)
        {
            int end = start;
            while (end < MbufHeader.Size && IsFree(end, 1))
            {
                end++;
            }

            int place = (start + alignment - 1) / alignment * alignment;
            if (place + size <= end && end - start < bestHole)
            {
                best = place;
                bestHole = end - start;
            }

            start = end + 1;
        }

        return best;
    }

    private string Describe() => string.Join(
        ", ", _fields.OrderBy(field => field.Offset).Select(field => $"{field.Name} {field.Offset}+{field.Size}"));

    private struct AlignmentProbe<T>
        where T : unmanaged
    {
#pragma warning disable CS0649, CS0169, IDE0044, IDE0051 // Only the distance between the two fields matters.
        private byte _before;
        public T Value;
#pragma warning restore CS0649, CS0169, IDE0044, IDE0051
    }
}
