using static Outboard.Plugins.Crypto.Kernels.Emitted.VectorAssembler.General;

namespace Outboard.Plugins.Crypto.Kernels.Emitted;

/// <summary>Emits counter mode with vector AES: the one instruction set that .NET 10 has no intrinsics for.</summary>
/// <remarks>
/// Registers 0 to 7 hold counter blocks, then keystream, two or four blocks in each; 8 counts, 9 is what it counts by, 16 and up
/// are the round keys in every lane, 31 reverses bytes. Eight registers hide the latency of a round; four, two and one do the rest,
/// and a mask the last bytes, so that a message is one call.
/// At the end every vector register is zeroed, keys and keystream with them.
/// </remarks>
internal static class CtrFunction
{
    /// <summary>Offsets into the constants: 0 byte reversal, 64 lane numbers, 128 lanes of a 512-bit register, 192 those of a 256-bit one.</summary>
    public const int ConstantsLength = 256;

    private const int Counter = 8;
    private const int Increment = 9;
    private const int FirstKey = 16;
    private const int Reverse = 31;
    private const byte JumpIfBelow = 0x82;
    private const byte JumpIfZero = 0x84;

    public static byte[] Emit(int vectorBits, int rounds, bool shortCounter)
    {
        var code = new VectorAssembler(vectorBits);
        int registerLength = vectorBits / 8;
        code.Load(Rax, Rdi, 0);
        code.Load(Rcx, Rdi, 8);
        code.Load(Rdx, Rdi, 16);
        code.Load(R9, Rdi, 24);
        code.Load(R10, Rdi, 40);
        for (int round = 0; round <= rounds; round++)
        {
            code.Broadcast(FirstKey + round, Rax, 16 * round);
        }

        code.Load(Reverse, R10, 0);
        code.Broadcast(Counter, Rdi, 48);
        code.Add(shortCounter, Counter, Counter, R10, 64);
        code.Load(Increment, R10, vectorBits == 512 ? 128 : 192);

        int loop = code.Position;
        code.Compare(R9, 8);
        int rest = code.JumpForward(JumpIfBelow);
        Step(code, 8, rounds, shortCounter, registerLength, masked: false);
        code.Subtract(R9, 8);
        code.JumpBack(loop);
        code.Land(rest);
        for (int count = 4; count >= 1; count /= 2)
        {
            code.Test(R9, count);
            int skip = code.JumpForward(JumpIfZero);
            Step(code, count, rounds, shortCounter, registerLength, masked: false);
            code.Land(skip);
        }

        code.Load(Rax, Rdi, 32);
        code.Test(Rax, -1);
        int end = code.JumpForward(JumpIfZero);
        code.SetMask(Rax);
        Step(code, 1, rounds, shortCounter, registerLength, masked: true);
        code.Land(end);
        for (int register = FirstKey; register <= FirstKey + rounds; register++)
        {
            code.Xor(register, register, register);
        }

        code.ZeroAllAndReturn();
        return code.ToArray();
    }

    private static void Step(VectorAssembler code, int count, int rounds, bool shortCounter, int registerLength, bool masked)
    {
        for (int i = 0; i < count; i++)
        {
            code.ShuffleBytes(i, Counter, Reverse);
            code.Add(shortCounter, Counter, Counter, Increment);
            code.Xor(i, i, FirstKey);
        }

        for (int round = 1; round < rounds; round++)
        {
            for (int i = 0; i < count; i++)
            {
                code.AesRound(i, i, FirstKey + round);
            }
        }

        for (int i = 0; i < count; i++)
        {
            code.AesLast(i, i, FirstKey + rounds);
        }

        if (masked)
        {
            code.LoadMasked(1, Rcx, 0);
            code.Xor(0, 0, 1);
            code.StoreMasked(Rdx, 0, 0);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            code.Xor(i, i, Rcx, registerLength * i);
        }

        for (int i = 0; i < count; i++)
        {
            code.Store(Rdx, registerLength * i, i);
        }

        code.Add(Rcx, registerLength * count);
        code.Add(Rdx, registerLength * count);
    }
}
