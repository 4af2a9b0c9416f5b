using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Outboard.Plugins.Crypto.Kernels.Emitted;

/// <summary>Emits the chain of CMAC for many messages side by side: eight registers of two or four messages each.</summary>
/// <remarks>
/// Registers 0 to 7 are the states, 8 to 15 gather the next block of every message. Where all messages have one key its
/// round keys are 16 and up in every lane; else each round reads the keys of all lanes from memory.
/// </remarks>
internal static class CmacFunction
{
    private const int RegisterCount = 8;
    private const int FirstData = 8;
    private const int FirstKey = 16;

    public static void Write(Assembler a, int vectorBits, int rounds, bool sharedKey)
    {
        var code = new VectorCode(a, vectorBits);
        VectorCode block = code.At(128);
        int lanes = code.Lanes;
        a.mov(rax, __qword_ptr[rdi]);
        a.mov(rdx, __qword_ptr[rdi + 8]);
        a.mov(r9, __qword_ptr[rdi + 16]);
        a.mov(r10, __qword_ptr[rdi + 24]);
        for (int i = 0; i < RegisterCount; i++)
        {
            code.Load(i, __[rdx + (code.Length * i)]);
        }

        for (int round = 0; sharedKey && round <= rounds; round++)
        {
            code.Broadcast(FirstKey + round, __[rax + (16 * round)]);
        }

        Label loop = a.CreateLabel();
        a.Label(ref loop);
        for (int lane = 0; lane < RegisterCount * lanes; lane++)
        {
            int register = FirstData + (lane / lanes);
            a.mov(rcx, __qword_ptr[rdi + (32 + (8 * lane))]);
            if (lane % lanes == 0)
            {
                block.Load(register, __[rcx + r10]);
            }
            else
            {
                code.InsertLane(register, register, __[rcx + r10], lane % lanes);
            }
        }

        for (int i = 0; i < RegisterCount; i++)
        {
            code.Xor(i, i, FirstData + i);
        }

        for (int round = 0; round <= rounds; round++)
        {
            for (int i = 0; i < RegisterCount; i++)
            {
                Round(code, i, round, rounds, sharedKey, code.Length * ((RegisterCount * round) + i));
            }
        }

        a.add(r10, 16);
        a.sub(r9, 1);
        a.jne(loop);
        for (int i = 0; i < RegisterCount; i++)
        {
            code.Store(__[rdx + (code.Length * i)], i);
        }

        code.Return();
    }

    private static void Round(VectorCode code, int state, int round, int rounds, bool sharedKey, int offset)
    {
        int key = FirstKey + round;
        switch (sharedKey)
        {
            case true when round == 0:
                code.Xor(state, state, key);
                break;
            case true when round == rounds:
                code.EncryptLast(state, state, key);
                break;
            case true:
                code.Encrypt(state, state, key);
                break;
            case false when round == 0:
                code.Xor(state, state, __[rax + offset]);
                break;
            case false when round == rounds:
                code.EncryptLast(state, state, __[rax + offset]);
                break;
            default:
                code.Encrypt(state, state, __[rax + offset]);
                break;
        }
    }
}
