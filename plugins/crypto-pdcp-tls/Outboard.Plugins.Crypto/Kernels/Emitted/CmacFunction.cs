using static Outboard.Plugins.Crypto.Kernels.Emitted.VectorAssembler.General;

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

    public static byte[] Emit(int vectorBits, int rounds, bool sharedKey)
    {
        var code = new VectorAssembler(vectorBits);
        int registerLength = vectorBits / 8, lanes = vectorBits / 128, stateLength = RegisterCount * registerLength;
        code.Load(Rax, Rdi, 0);
        code.Load(Rdx, Rdi, 8);
        code.Load(R9, Rdi, 16);
        code.Load(R10, Rdi, 24);
        for (int i = 0; i < RegisterCount; i++)
        {
            code.Load(i, Rdx, registerLength * i);
        }

        for (int round = 0; sharedKey && round <= rounds; round++)
        {
            code.Broadcast(FirstKey + round, Rax, 16 * round);
        }

        int loop = code.Position;
        for (int lane = 0; lane < RegisterCount * lanes; lane++)
        {
            int register = FirstData + (lane / lanes);
            code.Load(Rcx, Rdi, 32 + (8 * lane));
            code.Add(Rcx, R10);
            if (lane % lanes == 0)
            {
                code.LoadLane(register, Rcx);
            }
            else
            {
                code.InsertLane(register, Rcx, lane % lanes);
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
                Round(code, i, round, rounds, sharedKey, (stateLength * round) + (registerLength * i));
            }
        }

        code.Add(R10, 16);
        code.Subtract(R9, 1);
        code.JumpBackIfNotZero(loop);
        for (int i = 0; i < RegisterCount; i++)
        {
            code.Store(Rdx, registerLength * i, i);
        }

        for (int round = 0; sharedKey && round <= rounds; round++)
        {
            code.Xor(FirstKey + round, FirstKey + round, FirstKey + round);
        }

        code.ZeroAllAndReturn();
        return code.ToArray();
    }

    private static void Round(VectorAssembler code, int state, int round, int rounds, bool sharedKey, int offset)
    {
        int key = FirstKey + round;
        switch (sharedKey)
        {
            case true when round == 0:
                code.Xor(state, state, key);
                break;
            case true when round == rounds:
                code.AesLast(state, state, key);
                break;
            case true:
                code.AesRound(state, state, key);
                break;
            case false when round == 0:
                code.Xor(state, state, Rax, offset);
                break;
            case false when round == rounds:
                code.AesLast(state, state, Rax, offset);
                break;
            default:
                code.AesRound(state, state, Rax, offset);
                break;
        }
    }
}
