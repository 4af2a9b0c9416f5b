using System.Runtime.CompilerServices;

namespace Outboard.Memory;

/// <summary>The waits of the multi-thread ring modes: spin for a moment, then let another thread have the processor.</summary>
/// <remarks>
/// A thread that lost its processor between claiming and publishing cannot be hurried. Spinning for the rest of the time slice makes an
/// oversubscribed machine 50 to 580 times slower (measured on two cores), so the spin is short. Each wait that had to yield counts as a stall.
/// </remarks>
internal static unsafe class RingWait
{
    private const int Spins = 100;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ForTail(RingSide* own, uint head)
    {
        int spins = 0;
        while (Volatile.Read(ref own->Tail) != head)
        {
            Pause(ref spins, own);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ForDistance(RingSide* own, uint distanceMax)
    {
        int spins = 0;
        while ((uint)(Volatile.Read(ref own->RelaxedHead) >> 32) - Volatile.Read(ref own->Tail) > distanceMax)
        {
            Pause(ref spins, own);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ForIdle(RingSide* own)
    {
        int spins = 0;
        while (true)
        {
            ulong word = Volatile.Read(ref own->HeadAndTail);
            if ((uint)word == (uint)(word >> 32))
            {
                return;
            }

            Pause(ref spins, own);
        }
    }

    private static void Pause(ref int spins, RingSide* own)
    {
        if (++spins < Spins)
        {
            Thread.SpinWait(1);
            return;
        }

        if (spins == Spins)
        {
            Interlocked.Increment(ref own->Stalls);
        }

        // Yield gives the slice only to a thread queued on this processor; the sleep also reaches one that waits elsewhere.
        if ((spins & 7) != 0)
        {
            Thread.Yield();
        }
        else
        {
            Thread.Sleep(0);
        }
    }
}
