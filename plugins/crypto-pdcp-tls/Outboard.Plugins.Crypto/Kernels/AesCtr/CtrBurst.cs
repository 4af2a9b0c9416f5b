using Iced.Intel;
using Outboard.Plugins.Crypto.Kernels.Emitted;
using static Iced.Intel.AssemblerRegisters;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>Writes counter mode over a whole burst: void (CryptoJob* jobs, long count).</summary>
/// <remarks>
/// Eight registers a step hide the latency of a round, and short messages overlap with those behind them. The counter counts in 64
/// bits: the caller keeps back messages that would wrap. A message is whole bytes; one of none touches nothing.
/// </remarks>
internal static class CtrBurst
{
    private const int StateCount = 8;

    public static void Write(Assembler a, int bits)
    {
        var code = new BurstCode(a, bits, StateCount, shortCounter: false);
        VectorCode vector = code.Vector;
        Label nextJob = a.CreateLabel(), step = a.CreateLabel(), rest = a.CreateLabel(), done = a.CreateLabel();
        a.Label(ref nextJob);
        code.LoadJob();
        code.StartCounters(0);

        a.Label(ref step);
        a.cmp(rcx, code.StepLength);
        a.jb(rest);
        BurstCode.Write(code.Keystream(StateCount));
        for (int i = 0; i < StateCount; i++)
        {
            vector.Xor(i, i, __[r8 + (vector.Length * i)]);
            vector.Store(__[r9 + (vector.Length * i)], i);
        }

        code.NextStep();
        a.jmp(step);

        a.Label(ref rest);
        a.test(rcx, rcx);
        a.jz(done);
        code.ForRegisterCount(1, done, count =>
        {
            int last = count - 1, at = vector.Length * last;
            code.SetTailMask(count);
            BurstCode.Write(code.Keystream(count));
            for (int i = 0; i < last; i++)
            {
                vector.Xor(i, i, __[r8 + (vector.Length * i)]);
                vector.Store(__[r9 + (vector.Length * i)], i);
            }

            vector.LoadBytes(StateCount, __[r8 + at], mask: 1);
            vector.Xor(last, last, StateCount);
            vector.StoreBytes(__[r9 + at], last, mask: 1);
        });
        a.Label(ref done);
        a.add(rdi, JobLayout.Size);
        a.cmp(rdi, rsi);
        a.jb(nextJob);
        vector.Return();
    }
}
