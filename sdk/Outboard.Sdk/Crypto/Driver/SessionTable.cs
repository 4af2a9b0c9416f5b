using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Outboard.Devices;

namespace Outboard.Crypto.Driver;

/// <summary>A driver's sessions by handle: ops in native memory name them by number, and a stale number is recognised.</summary>
/// <typeparam name="TSession">The driver's own session.</typeparam>
/// <remarks>
/// A handle is a slot in its low 20 bits and a generation above; 0 is never a handle. Generations start anywhere, so that a session
/// of another device is hardly ever taken for one of this (one time in 4095).
/// <para><i>Thread</i>: <see cref="TryGet"/> from any thread at any time, without a lock; adding and removing one at a
/// time. A session is removed when no op of it is in flight.</para>
/// </remarks>
public sealed class SessionTable<TSession>
    where TSession : class
{
    private const int SlotBits = 20;
    private const uint SlotMask = (1u << SlotBits) - 1;

    private readonly string _device;
    private readonly int _max;
    private readonly uint _firstHandle = (uint)Random.Shared.Next(1, 1 << (32 - SlotBits)) << SlotBits;
    private readonly Stack<int> _free = [];
    private Slot[] _slots = new Slot[16];
    private int _used;

    /// <summary>Creates an empty table.</summary>
    /// <param name="device">The device's name, for errors.</param>
    /// <param name="max">How many sessions it may hold, up to 2^20.</param>
    public SessionTable(string device, int max)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)max, SlotMask + 1, nameof(max));
        _device = device;
        _max = max;
    }

    /// <summary>The sessions in the table.</summary>
    public IEnumerable<TSession> Sessions => _slots.Select(slot => slot.Session).OfType<TSession>();

    /// <summary>Adds a session.</summary>
    /// <param name="session">The session.</param>
    /// <returns>Its handle.</returns>
    /// <exception cref="DeviceException">The table is full.</exception>
    public uint Add(TSession session)
    {
        if (!_free.TryPop(out int index))
        {
            if (_used == _max)
            {
                throw new DeviceException(_device, $"it holds {_max} sessions, as many as it can.");
            }

            index = _used++;
            if (index == _slots.Length)
            {
                // Readers keep the old array until they load the field again; its slots stay valid.
                var larger = new Slot[Math.Min(_slots.Length * 2, _max)];
                _slots.CopyTo(larger, 0);
                Volatile.Write(ref _slots, larger);
            }
        }

        ref Slot slot = ref _slots[index];
        uint last = slot.Handle == 0 ? _firstHandle : slot.Handle;
        uint handle = ((last + (1u << SlotBits)) & ~SlotMask) | (uint)index;
        if (handle >> SlotBits == 0)
        {
            handle |= 1u << SlotBits;
        }

        slot.Session = session;
        Volatile.Write(ref slot.Handle, handle);
        return handle;
    }

    /// <summary>Finds a session.</summary>
    /// <param name="handle">The handle.</param>
    /// <param name="session">The session.</param>
    /// <returns>Whether the handle is in force.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(uint handle, [NotNullWhen(true)] out TSession? session)
    {
        Slot[] slots = Volatile.Read(ref _slots);
        uint index = handle & SlotMask;
        if (index < (uint)slots.Length && Volatile.Read(ref slots[index].Handle) == handle)
        {
            session = slots[index].Session;
            return session is not null;
        }

        session = null;
        return false;
    }

    /// <summary>Removes a session.</summary>
    /// <param name="handle">The handle.</param>
    /// <returns>The session, for its keys to be wiped.</returns>
    /// <exception cref="ArgumentException">The handle is not in force.</exception>
    public TSession Remove(uint handle)
    {
        if (!TryGet(handle, out TSession? session))
        {
            throw new ArgumentException($"{_device} has no session {handle:x}.", nameof(handle));
        }

        int index = (int)(handle & SlotMask);
        _slots[index].Session = null;
        _free.Push(index);
        return session;
    }

    private struct Slot
    {
        public TSession? Session;
        public uint Handle;
    }
}
