using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Outboard.Crypto;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Plugins.Crypto.Simd;

namespace Outboard.Plugins.Crypto.Engine;

/// <summary>Does ops: sessions queue jobs step by step, and units run the jobs of a whole burst side by side.</summary>
/// <remarks>
/// A batch goes through in rounds. In the first every session begins its op; the jobs are run, unit by unit; those that have more to do
/// go on, and so forth. An authentication behind a cipher is thus computed for the whole burst at once, whatever sessions the packets
/// belong to. Nothing is kept for a later burst: a lone op is done when the call returns. Statuses are set in any round, the order of
/// ops never changes. Ops of one burst do not share bytes.
/// </remarks>
internal static unsafe class CryptoEngine
{
    // What kernels and the frames above them reach below Process, with what the JIT spilled of keys.
    private const int StackWipeLength = 8192;

    /// <summary>Does every op and sets its status; <paramref name="sessions"/> holds the session of each.</summary>
    public static void Process(ReadOnlySpan<CryptoOp> ops, ReadOnlySpan<SessionSlot> sessions, Burst burst)
    {
        while (!ops.IsEmpty)
        {
            int taken = ProcessBatch(ops, sessions, burst);
            ops = ops[taken..];
            sessions = sessions[taken..];
        }

        WipeTraces();
    }

    /// <summary>Wipes what kernels, or the expansion of a key, left in vector registers and on the stack below the caller.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WipeTraces()
    {
        // Registers first: what they hold would follow into the wiped stack.
        VectorRegisters.Clear();
        WipeStack();
    }

    // How many ops were done: those that fit side by side and do not depend on one another.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ProcessBatch(ReadOnlySpan<CryptoOp> ops, ReadOnlySpan<SessionSlot> sessions, Burst burst)
    {
        burst.Start();
        int limit = Math.Min(ops.Length, Burst.OpMax), count = 0, waiting = 0;
        byte* places = burst.Places;
        for (; count < limit; count++)
        {
            CryptoOp op = ops[count];
            SimdSession session = sessions[count].Session;
            if (!burst.HasRoom(op) || (session.IsOrdered && !session.MayJoin(op, burst)))
            {
                break;
            }

            places[waiting] = (byte)count;
            waiting += session.Begin(op, ref burst.NewState(count), burst) == Step.Wait ? 1 : 0;
        }

        burst.RunJobs();
        while (waiting != 0)
        {
            int still = 0;
            for (int i = 0; i < waiting; i++)
            {
                byte place = places[i];
                places[still] = place;
                still += sessions[place].Session.Continue(ops[place], ref burst.State(place), burst) == Step.Wait ? 1 : 0;
            }

            waiting = still;
            burst.RunJobs();
        }

        burst.End();
        return count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static void WipeStack()
    {
        byte* window = stackalloc byte[StackWipeLength];
        CryptographicOperations.ZeroMemory(new Span<byte>(window, StackWipeLength));
    }
}
