using Iced.Intel;
using Outboard.Plugins.Crypto.Kernels.Emitted;
using static Iced.Intel.AssemblerRegisters;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>Emits the decryption of a list of messages (<see cref="ChainJob"/>), one behind the other, blocks side by side.</summary>
/// <remarks>
/// Registers 0 to 7 are the blocks, 8 to 15 those before them with the last round key, 16 to 30 the round keys in every lane, 31 the
/// ciphertext that was last. Eight registers hide the latency of a round; four, two and one do the rest, and a mask the last blocks.
/// Of a step everything is read before anything is written. Messages do not depend on each other, so the processor begins the next
/// while one ends.
/// </remarks>
internal static class CbcDecryptFunction
{
    private const int FirstBefore = 8;
    private const int FirstKey = 16;
    private const int Carry = 31;

    /// <summary>Writes the function. Its arguments are the address of the messages and their number, at least 1.</summary>
    /// <param name="a">Where it goes.</param>
    /// <param name="vectorBits">256 or 512.</param>
    /// <param name="rounds">10, 12 or 14; all keys are of this size.</param>
    /// <param name="scheduleOffset">Where in a key the round keys of decryption lie.</param>
    public static void Write(Assembler a, int vectorBits, int rounds, int scheduleOffset)
    {
        var code = new VectorCode(a, vectorBits);
        Label message = a.CreateLabel(), sameKey = a.CreateLabel(), loop = a.CreateLabel(), rest = a.CreateLabel();
        Label end = a.CreateLabel();
        a.xor(r8d, r8d);

        a.Label(ref message);
        a.mov(rax, __qword_ptr[rdi]);
        a.cmp(rax, r8);
        a.je(sameKey);
        a.mov(r8, rax);
        for (int round = 0; round <= rounds; round++)
        {
            code.Broadcast(FirstKey + round, __[rax + (scheduleOffset + (16 * round))]);
        }

        a.Label(ref sameKey);
        a.mov(rax, __qword_ptr[rdi + 8]);
        a.mov(rcx, __qword_ptr[rdi + 16]);
        a.mov(rdx, __qword_ptr[rdi + 24]);
        a.mov(r9, __qword_ptr[rdi + 32]);
        code.Broadcast(Carry, __[rax]);

        a.Label(ref loop);
        a.cmp(r9, 8 * code.Lanes);
        a.jb(rest);
        Step(code, 8, rounds, masked: false);
        a.sub(r9, 8 * code.Lanes);
        a.jmp(loop);

        a.Label(ref rest);
        for (int count = 4; count >= 1; count /= 2)
        {
            Label skip = a.CreateLabel();
            a.test(r9d, count * code.Lanes);
            a.je(skip);
            Step(code, count, rounds, masked: false);
            a.Label(ref skip);
        }

        a.and(r9d, code.Lanes - 1);
        a.je(end);
        a.shl(r9d, 4);
        a.mov(rax, -1L);
        a.bzhi(rax, rax, r9);
        a.kmovq(k1, rax);
        Step(code, 1, rounds, masked: true);

        a.Label(ref end);
        a.add(rdi, ChainJob.Size);
        a.dec(rsi);
        a.jne(message);
        code.Return();
    }

    private static void Step(VectorCode code, int count, int rounds, bool masked)
    {
        for (int i = 0; i < count; i++)
        {
            if (masked)
            {
                code.LoadBytes(i, __[rcx], mask: 1);
            }
            else
            {
                code.Load(i, __[rcx + (code.Length * i)]);
            }
        }

        // From registers: loads a block further back would all lie across two cache lines.
        for (int i = 0; i < count; i++)
        {
            code.Previous(FirstBefore + i, i, i == 0 ? Carry : i - 1);
            code.Xor(FirstBefore + i, FirstBefore + i, FirstKey + rounds);
        }

        code.Move(Carry, count - 1);
        for (int i = 0; i < count; i++)
        {
            code.Xor(i, i, FirstKey);
        }

        for (int round = 1; round < rounds; round++)
        {
            for (int i = 0; i < count; i++)
            {
                code.Decrypt(i, i, FirstKey + round);
            }
        }

        for (int i = 0; i < count; i++)
        {
            code.DecryptLast(i, i, FirstBefore + i);
        }

        if (masked)
        {
            code.StoreBytes(__[rdx], 0, mask: 1);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            code.Store(__[rdx + (code.Length * i)], i);
        }

        code.Assembler.add(rcx, code.Length * count);
        code.Assembler.add(rdx, code.Length * count);
    }
}
