using System.Numerics;
using Outboard.Mbufs;

namespace Outboard.Security.Pdcp;

/// <summary>The transmit side's SDUs: those that wait for a COUNT and, on an AM DRB, those whose PDU is not confirmed (TS 38.323 5.2.1, 5.3).</summary>
/// <remarks>
/// All SDUs of a bearer have the same discard time and are taken in order, so they expire in order: first the unconfirmed ones by
/// COUNT, then those that wait.
/// </remarks>
internal sealed class PdcpTransmitter
{
    private readonly Slot[] _waiting;
    private readonly Slot[] _held;
    private readonly int _waitingMax;
    private uint _head;
    private uint _tail;

    /// <summary>Takes the room.</summary>
    /// <param name="waitingMax">SDUs that may wait.</param>
    /// <param name="heldMax">SDUs that may be unconfirmed, a power of two; 0 to keep none.</param>
    /// <param name="next">TX_NEXT.</param>
    public PdcpTransmitter(int waitingMax, int heldMax, uint next)
    {
        _waitingMax = waitingMax;

        // A suspended AM DRB puts what it holds back in front of what waits.
        _waiting = new Slot[(int)BitOperations.RoundUpToPowerOf2((uint)(waitingMax + heldMax))];
        _held = new Slot[heldMax];
        Next = next;
        HeldFirst = next;
        ResendNext = next;
    }

    /// <summary>TX_NEXT; 2^32 when no COUNT is left.</summary>
    public ulong Next { get; private set; }

    /// <summary>Below it, every SDU is confirmed or discarded.</summary>
    public ulong HeldFirst { get; private set; }

    /// <summary>From here to TX_NEXT, SDUs that are held are to be sent again.</summary>
    public ulong ResendNext { get; set; }

    public int WaitingCount => (int)(_tail - _head);

    public bool IsExhausted => Next > uint.MaxValue;

    public bool IsWindowFull => _held.Length != 0 && Next - HeldFirst >= (uint)_held.Length;

    public bool HasRoom => WaitingCount < _waitingMax;

    /// <summary>The SDU that waits longest; there is one.</summary>
    public Mbuf Waiting => _waiting[_head & Mask].Sdu;

    private uint Mask => (uint)_waiting.Length - 1;

    public void Add(Mbuf sdu, TimeSpan deadline) => _waiting[_tail++ & Mask] = new Slot(sdu, deadline);

    /// <summary>Gives the SDU that waits longest the next COUNT; on an AM DRB it is held.</summary>
    public uint Assign()
    {
        ref Slot slot = ref _waiting[_head++ & Mask];
        uint count = (uint)Next;
        if (_held.Length != 0)
        {
            _held[count & (uint)(_held.Length - 1)] = slot;
        }
        else
        {
            HeldFirst++;
        }

        slot = default;
        ResendNext += ResendNext == Next ? 1u : 0;
        Next++;
        return count;
    }

    /// <summary>Whether an SDU is to be sent again; its COUNT is <see cref="ResendNext"/> then.</summary>
    public bool TryResend(out Mbuf sdu)
    {
        for (ResendNext = Math.Max(ResendNext, HeldFirst); ResendNext < Next; ResendNext++)
        {
            sdu = Held(ResendNext).Sdu;
            if (!sdu.IsNull)
            {
                return true;
            }
        }

        sdu = default;
        return false;
    }

    /// <summary>Frees a held SDU; false when there is none of that COUNT.</summary>
    public bool Release(ulong count)
    {
        if (count < HeldFirst || count >= Next || _held.Length == 0)
        {
            return false;
        }

        ref Slot slot = ref Held(count);
        bool any = !slot.Sdu.IsNull;
        slot.Sdu.Free();
        slot = default;
        while (HeldFirst < Next && Held(HeldFirst).Sdu.IsNull)
        {
            HeldFirst++;
        }

        return any;
    }

    /// <summary>Frees what has come to its deadline.</summary>
    public void Expire(TimeSpan now, out int unconfirmed, out int waiting)
    {
        unconfirmed = 0;
        waiting = 0;
        while (_held.Length != 0 && HeldFirst < Next && Held(HeldFirst).Deadline <= now)
        {
            unconfirmed++;
            _ = Release(HeldFirst);
        }

        while (WaitingCount != 0 && _waiting[_head & Mask].Deadline <= now)
        {
            waiting++;
            FreeWaiting();
        }
    }

    /// <summary>The earliest deadline; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan Deadline => _held.Length != 0 && HeldFirst < Next
        ? Held(HeldFirst).Deadline
        : WaitingCount != 0 ? _waiting[_head & Mask].Deadline : TimeSpan.MaxValue;

    /// <summary>Frees all SDUs; how many there were.</summary>
    public int Clear()
    {
        int count = 0;
        for (; HeldFirst < Next; count++)
        {
            if (!Release(HeldFirst))
            {
                break;
            }
        }

        for (; WaitingCount != 0; count++)
        {
            FreeWaiting();
        }

        return count;
    }

    /// <summary>TX_NEXT goes back to its initial value; SDUs that are held wait again, in front, with the deadlines they have.</summary>
    public void Restart()
    {
        for (ulong count = Next; _held.Length != 0 && count > HeldFirst; count--)
        {
            ref Slot slot = ref Held(count - 1);
            if (!slot.Sdu.IsNull)
            {
                _waiting[--_head & Mask] = slot;
                slot = default;
            }
        }

        Next = 0;
        HeldFirst = 0;
        ResendNext = 0;
    }

    private ref Slot Held(ulong count) => ref _held[(uint)count & (uint)(_held.Length - 1)];

    private void FreeWaiting()
    {
        ref Slot slot = ref _waiting[_head++ & Mask];
        slot.Sdu.Free();
        slot = default;
    }

    private readonly record struct Slot(Mbuf Sdu, TimeSpan Deadline);
}
