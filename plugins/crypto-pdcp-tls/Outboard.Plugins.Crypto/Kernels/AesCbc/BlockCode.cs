using Iced.Intel;
using Outboard.Plugins.Crypto.Kernels.Emitted;

namespace Outboard.Plugins.Crypto.Kernels.AesCbc;

/// <summary>Instructions of 256 and 512 bits that move whole blocks.</summary>
internal static class BlockCode
{
    /// <summary>Stores one lane of a register.</summary>
    public static void StoreLane(this VectorCode code, AssemblerMemoryOperand to, int from, int lane) =>
        code.Assembler.AddInstruction(code.Bits == 512
            ? Instruction.Create(Code.EVEX_Vextracti32x4_xmmm128_k1z_zmm_imm8, Operand(to), Register.ZMM0 + from, lane)
            : Instruction.Create(Code.EVEX_Vextracti32x4_xmmm128_k1z_ymm_imm8, Operand(to), Register.YMM0 + from, lane));

    /// <summary>The last lane of one register, and behind it all but the last of the next.</summary>
    public static void Previous(this VectorCode code, int to, int next, int before) =>
        code.Assembler.AddInstruction(code.Bits == 512
            ? Instruction.Create(
                Code.EVEX_Valignq_zmm_k1z_zmm_zmmm512b64_imm8, Register.ZMM0 + to, Register.ZMM0 + next, Register.ZMM0 + before, 6)
            : Instruction.Create(
                Code.EVEX_Valignq_ymm_k1z_ymm_ymmm256b64_imm8, Register.YMM0 + to, Register.YMM0 + next, Register.YMM0 + before, 2));

    private static MemoryOperand Operand(AssemblerMemoryOperand memory) =>
        new(memory.Base, memory.Index, memory.Scale, memory.Displacement, memory.Displacement == 0 ? 0 : 1);
}
