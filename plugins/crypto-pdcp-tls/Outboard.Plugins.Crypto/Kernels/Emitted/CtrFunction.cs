using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Outboard.Plugins.Crypto.Kernels.Emitted;

/// <summary>Emits counter mode with vector AES: the one instruction set that .NET 10 has no intrinsics for.</summary>
/// <remarks>
/// Registers 0 to 7 hold counter blocks, then keystream, two or four blocks in each; 8 counts, 9 is what it counts by, 16 and up
/// are the round keys in every lane, 31 reverses bytes. Eight registers hide the latency of a round; four, two and one do the rest,
/// and a mask the last bytes, so that a message is one call.
/// </remarks>
internal static class CtrFunction
{
    private const int Counter = 8;
    private const int Increment = 9;
    private const int FirstKey = 16;
    private const int Reverse = 31;

    public static void Write(Assembler a, int vectorBits, int rounds, bool shortCounter)
    {
        var code = new VectorCode(a, vectorBits);
        a.mov(rax, __qword_ptr[rdi]);
        a.mov(rcx, __qword_ptr[rdi + 8]);
        a.mov(rdx, __qword_ptr[rdi + 16]);
        a.mov(r9, __qword_ptr[rdi + 24]);
        for (int round = 0; round <= rounds; round++)
        {
            code.Broadcast(FirstKey + round, __[rax + (16 * round)]);
        }

        code.Broadcast(Reverse, code.Constant(VectorConstants.Reverse));
        code.Broadcast(Counter, __[rdi + 40]);
        code.Load(Increment, code.Constant(VectorConstants.LaneNumbers));
        Count(code, shortCounter);
        code.Broadcast(Increment, code.Constant(VectorConstants.Number(code.Lanes)));

        Label loop = a.CreateLabel(), rest = a.CreateLabel(), end = a.CreateLabel();
        a.Label(ref loop);
        a.cmp(r9, 8);
        a.jb(rest);
        Step(code, 8, rounds, shortCounter, masked: false);
        a.sub(r9, 8);
        a.jmp(loop);
        a.Label(ref rest);
        for (int count = 4; count >= 1; count /= 2)
        {
            Label skip = a.CreateLabel();
            a.test(r9d, count);
            a.jz(skip);
            Step(code, count, rounds, shortCounter, masked: false);
            a.Label(ref skip);
        }

        a.mov(rax, __qword_ptr[rdi + 32]);
        a.test(rax, rax);
        a.jz(end);
        a.kmovq(k1, rax);
        Step(code, 1, rounds, shortCounter, masked: true);
        a.Label(ref end);
        code.Return();
    }

    private static void Count(VectorCode code, bool shortCounter)
    {
        if (shortCounter)
        {
            code.AddWords(Counter, Counter, Increment);
        }
        else
        {
            code.AddLongs(Counter, Counter, Increment);
        }
    }

    private static void Step(VectorCode code, int count, int rounds, bool shortCounter, bool masked)
    {
        for (int i = 0; i < count; i++)
        {
            code.ShuffleBytes(i, Counter, Reverse);
            Count(code, shortCounter);
            code.Xor(i, i, FirstKey);
        }

        for (int round = 1; round < rounds; round++)
        {
            for (int i = 0; i < count; i++)
            {
                code.Encrypt(i, i, FirstKey + round);
            }
        }

        for (int i = 0; i < count; i++)
        {
            code.EncryptLast(i, i, FirstKey + rounds);
        }

        if (masked)
        {
            code.LoadBytes(1, __[rcx], mask: 1);
            code.Xor(0, 0, 1);
            code.StoreBytes(__[rdx], 0, mask: 1);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            code.Xor(i, i, __[rcx + (code.Length * i)]);
        }

        for (int i = 0; i < count; i++)
        {
            code.Store(__[rdx + (code.Length * i)], i);
        }

        code.Assembler.add(rcx, code.Length * count);
        code.Assembler.add(rdx, code.Length * count);
    }
}
