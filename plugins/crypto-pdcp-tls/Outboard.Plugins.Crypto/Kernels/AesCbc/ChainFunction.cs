using Iced.Intel;
using Outboard.Plugins.Crypto.Kernels.Emitted;
using static Iced.Intel.AssemblerRegisters;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>Emits the chain of many messages side by side: eight registers of two or four messages each (<see cref="ChainLanes"/>).</summary>
/// <remarks>
/// Registers 0 to 7 are the states, 8 to 15 gather the next block of every message. Where all messages have one key its round keys
/// are 16 and up in every lane; else each round reads the keys of all lanes from memory.
/// </remarks>
internal static class ChainFunction
{
    private const int RegisterCount = 8;
    private const int FirstData = 8;
    private const int FirstKey = 16;

    /// <summary>Writes the function. Its one argument is the address of the lanes.</summary>
    public static void Write(Assembler a, int vectorBits, int rounds, bool sharedKey, bool store)
    {
        var code = new VectorCode(a, vectorBits);
        int stateLength = RegisterCount * code.Length;
        a.mov(rax, __qword_ptr[rdi]);
        a.mov(r9, __qword_ptr[rdi + 8]);
        a.mov(r10, __qword_ptr[rdi + 16]);
        for (int i = 0; i < RegisterCount; i++)
        {
            code.Load(i, __[rdi + (ChainLanes.StateOffset + (code.Length * i))]);
        }

        for (int round = 0; sharedKey && round <= rounds; round++)
        {
            code.Broadcast(FirstKey + round, __[rax + (16 * round)]);
        }

        Label loop = a.CreateLabel();
        a.Label(ref loop);
        for (int i = 0; i < RegisterCount; i++)
        {
            Gather(code, i);
        }

        for (int i = 0; i < RegisterCount; i++)
        {
            if (sharedKey)
            {
                code.XorBoth(i, FirstData + i, FirstKey);
            }
            else
            {
                code.Xor(FirstData + i, FirstData + i, __[rax + (code.Length * i)]);
                code.Xor(i, i, FirstData + i);
            }
        }

        for (int round = 1; round <= rounds; round++)
        {
            for (int i = 0; i < RegisterCount; i++)
            {
                Round(code, i, round, rounds, sharedKey, (stateLength * round) + (code.Length * i));
            }
        }

        for (int i = 0; store && i < RegisterCount; i++)
        {
            Scatter(code, i);
        }

        a.add(r10, 16);
        a.dec(r9);
        a.jne(loop);
        for (int i = 0; i < RegisterCount; i++)
        {
            code.Store(__[rdi + (ChainLanes.StateOffset + (code.Length * i))], i);
        }

        code.Return();
    }

    private static void Gather(VectorCode code, int register)
    {
        for (int part = 0; part < code.Lanes; part++)
        {
            int lane = (register * code.Lanes) + part;
            code.Assembler.mov(rcx, __qword_ptr[rdi + (ChainLanes.SourceOffset + (8 * lane))]);
            if (part == 0)
            {
                code.At(128).Load(FirstData + register, __[rcx + r10]);
            }
            else
            {
                code.InsertLane(FirstData + register, FirstData + register, __[rcx + r10], part);
            }
        }
    }

    private static void Scatter(VectorCode code, int register)
    {
        for (int part = 0; part < code.Lanes; part++)
        {
            int lane = (register * code.Lanes) + part;
            code.Assembler.mov(rcx, __qword_ptr[rdi + (ChainLanes.DestinationOffset + (8 * lane))]);
            if (part == 0)
            {
                code.At(128).Store(__[rcx + r10], register);
            }
            else
            {
                code.StoreLane(__[rcx + r10], register, part);
            }
        }
    }

    private static void Round(VectorCode code, int state, int round, int rounds, bool sharedKey, int offset)
    {
        switch (sharedKey, round == rounds)
        {
            case (true, true):
                code.EncryptLast(state, state, FirstKey + round);
                break;
            case (true, false):
                code.Encrypt(state, state, FirstKey + round);
                break;
            case (false, true):
                code.EncryptLast(state, state, __[rax + offset]);
                break;
            default:
                code.Encrypt(state, state, __[rax + offset]);
                break;
        }
    }
}
