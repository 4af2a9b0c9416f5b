using Iced.Intel;

namespace Outboard.Plugins.Crypto.Kernels.Emitted;

/// <summary>Writes vector instructions of one width by register number, so that one text serves 128, 256 and 512 bits.</summary>
/// <remarks>
/// The encoding is always EVEX: it reaches all thirty-two registers and has masks, and left to itself Iced takes the older one for
/// some instructions, which reaches sixteen. Mask register 0 means no mask.
/// </remarks>
/// <param name="assembler">Where the instructions go.</param>
/// <param name="bits">128, 256 or 512.</param>
internal sealed class VectorCode(Assembler assembler, int bits)
{
    private readonly List<(Label Label, byte[] Bytes)> _constants = [];

    /// <summary>Where the instructions go, for those of general registers.</summary>
    public Assembler Assembler => assembler;

    /// <summary>The width.</summary>
    public int Bits => bits;

    /// <summary>Bytes of a register.</summary>
    public int Length => bits / 8;

    /// <summary>Blocks of a register.</summary>
    public int Lanes => bits / 128;

    /// <summary>The same place in the code at another width; constants belong to this one.</summary>
    public VectorCode At(int otherBits) => new(assembler, otherBits);

    public void Load(int to, AssemblerMemoryOperand from) => Memory(
        Pick(Code.EVEX_Vmovdqu64_xmm_k1z_xmmm128, Code.EVEX_Vmovdqu64_ymm_k1z_ymmm256, Code.EVEX_Vmovdqu64_zmm_k1z_zmmm512), to, from);

    public void Store(AssemblerMemoryOperand to, int from) => Add(Instruction.Create(
        Pick(Code.EVEX_Vmovdqu64_xmmm128_k1z_xmm, Code.EVEX_Vmovdqu64_ymmm256_k1z_ymm, Code.EVEX_Vmovdqu64_zmmm512_k1z_zmm),
        Operand(to),
        Vector(from)));

    /// <summary>Loads the bytes whose bit of the mask is set, and zeroes the others; touches no other memory.</summary>
    public void LoadBytes(int to, AssemblerMemoryOperand from, int mask)
    {
        Instruction instruction = Instruction.Create(
            Pick(Code.EVEX_Vmovdqu8_xmm_k1z_xmmm128, Code.EVEX_Vmovdqu8_ymm_k1z_ymmm256, Code.EVEX_Vmovdqu8_zmm_k1z_zmmm512),
            Vector(to),
            Operand(from));
        instruction.OpMask = Register.K0 + mask;
        instruction.ZeroingMasking = true;
        Add(instruction);
    }

    /// <summary>Stores the bytes whose bit of the mask is set.</summary>
    public void StoreBytes(AssemblerMemoryOperand to, int from, int mask)
    {
        Instruction instruction = Instruction.Create(
            Pick(Code.EVEX_Vmovdqu8_xmmm128_k1z_xmm, Code.EVEX_Vmovdqu8_ymmm256_k1z_ymm, Code.EVEX_Vmovdqu8_zmmm512_k1z_zmm),
            Operand(to),
            Vector(from));
        instruction.OpMask = Register.K0 + mask;
        Add(instruction);
    }

    /// <summary>Copies the bytes whose bit of the mask is set, and zeroes the others.</summary>
    public void KeepBytes(int to, int from, int mask)
    {
        Instruction instruction = Instruction.Create(
            Pick(Code.EVEX_Vmovdqu8_xmm_k1z_xmmm128, Code.EVEX_Vmovdqu8_ymm_k1z_ymmm256, Code.EVEX_Vmovdqu8_zmm_k1z_zmmm512),
            Vector(to),
            Vector(from));
        instruction.OpMask = Register.K0 + mask;
        instruction.ZeroingMasking = true;
        Add(instruction);
    }

    /// <summary>Loads sixteen bytes into every lane; into the one lane of 128 bits.</summary>
    public void Broadcast(int to, AssemblerMemoryOperand from) => Memory(
        Pick(Code.EVEX_Vmovdqu64_xmm_k1z_xmmm128, Code.EVEX_Vbroadcasti32x4_ymm_k1z_m128, Code.EVEX_Vbroadcasti32x4_zmm_k1z_m128), to, from);

    public void Move(int to, int from) => Add(Instruction.Create(
        Pick(Code.EVEX_Vmovdqa64_xmm_k1z_xmmm128, Code.EVEX_Vmovdqa64_ymm_k1z_ymmm256, Code.EVEX_Vmovdqa64_zmm_k1z_zmmm512),
        Vector(to),
        Vector(from)));

    public void Xor(int to, int first, int second) => Three(
        Code.EVEX_Vpxorq_xmm_k1z_xmm_xmmm128b64, Code.EVEX_Vpxorq_ymm_k1z_ymm_ymmm256b64, Code.EVEX_Vpxorq_zmm_k1z_zmm_zmmm512b64, to, first, second);

    public void Xor(int to, int first, AssemblerMemoryOperand second) => Add(Instruction.Create(
        Pick(Code.EVEX_Vpxorq_xmm_k1z_xmm_xmmm128b64, Code.EVEX_Vpxorq_ymm_k1z_ymm_ymmm256b64, Code.EVEX_Vpxorq_zmm_k1z_zmm_zmmm512b64),
        Vector(to),
        Vector(first),
        Operand(second)));

    /// <summary>to ^= first ^ second.</summary>
    public void XorBoth(int to, int first, int second) => Add(Instruction.Create(
        Pick(
            Code.EVEX_Vpternlogq_xmm_k1z_xmm_xmmm128b64_imm8,
            Code.EVEX_Vpternlogq_ymm_k1z_ymm_ymmm256b64_imm8,
            Code.EVEX_Vpternlogq_zmm_k1z_zmm_zmmm512b64_imm8),
        Vector(to),
        Vector(first),
        Vector(second),
        0x96));

    public void Zero(int register) => Xor(register, register, register);

    /// <summary>Moves the bytes of each lane to where the indices say.</summary>
    public void ShuffleBytes(int to, int from, int indices) => Three(
        Code.EVEX_Vpshufb_xmm_k1z_xmm_xmmm128, Code.EVEX_Vpshufb_ymm_k1z_ymm_ymmm256, Code.EVEX_Vpshufb_zmm_k1z_zmm_zmmm512, to, from, indices);

    public void AddWords(int to, int first, int second) => Three(
        Code.EVEX_Vpaddd_xmm_k1z_xmm_xmmm128b32, Code.EVEX_Vpaddd_ymm_k1z_ymm_ymmm256b32, Code.EVEX_Vpaddd_zmm_k1z_zmm_zmmm512b32, to, first, second);

    public void AddLongs(int to, int first, int second) => Three(
        Code.EVEX_Vpaddq_xmm_k1z_xmm_xmmm128b64, Code.EVEX_Vpaddq_ymm_k1z_ymm_ymmm256b64, Code.EVEX_Vpaddq_zmm_k1z_zmm_zmmm512b64, to, first, second);

    public void Encrypt(int to, int state, int key) => Three(
        Code.EVEX_Vaesenc_xmm_xmm_xmmm128, Code.EVEX_Vaesenc_ymm_ymm_ymmm256, Code.EVEX_Vaesenc_zmm_zmm_zmmm512, to, state, key);

    public void Encrypt(int to, int state, AssemblerMemoryOperand key) => Add(Instruction.Create(
        Pick(Code.EVEX_Vaesenc_xmm_xmm_xmmm128, Code.EVEX_Vaesenc_ymm_ymm_ymmm256, Code.EVEX_Vaesenc_zmm_zmm_zmmm512),
        Vector(to),
        Vector(state),
        Operand(key)));

    public void EncryptLast(int to, int state, int key) => Three(
        Code.EVEX_Vaesenclast_xmm_xmm_xmmm128, Code.EVEX_Vaesenclast_ymm_ymm_ymmm256, Code.EVEX_Vaesenclast_zmm_zmm_zmmm512, to, state, key);

    public void EncryptLast(int to, int state, AssemblerMemoryOperand key) => Add(Instruction.Create(
        Pick(Code.EVEX_Vaesenclast_xmm_xmm_xmmm128, Code.EVEX_Vaesenclast_ymm_ymm_ymmm256, Code.EVEX_Vaesenclast_zmm_zmm_zmmm512),
        Vector(to),
        Vector(state),
        Operand(key)));

    public void Decrypt(int to, int state, int key) => Three(
        Code.EVEX_Vaesdec_xmm_xmm_xmmm128, Code.EVEX_Vaesdec_ymm_ymm_ymmm256, Code.EVEX_Vaesdec_zmm_zmm_zmmm512, to, state, key);

    public void DecryptLast(int to, int state, int key) => Three(
        Code.EVEX_Vaesdeclast_xmm_xmm_xmmm128, Code.EVEX_Vaesdeclast_ymm_ymm_ymmm256, Code.EVEX_Vaesdeclast_zmm_zmm_zmmm512, to, state, key);

    /// <summary>Carry-less products of a half of each lane: bit 0 chooses that of first, bit 4 that of second.</summary>
    public void Multiply(int to, int first, int second, int halves) => Add(Instruction.Create(
        Pick(
            Code.EVEX_Vpclmulqdq_xmm_xmm_xmmm128_imm8,
            Code.EVEX_Vpclmulqdq_ymm_ymm_ymmm256_imm8,
            Code.EVEX_Vpclmulqdq_zmm_zmm_zmmm512_imm8),
        Vector(to),
        Vector(first),
        Vector(second),
        halves));

    public void Multiply(int to, int first, AssemblerMemoryOperand second, int halves) => Add(Instruction.Create(
        Pick(
            Code.EVEX_Vpclmulqdq_xmm_xmm_xmmm128_imm8,
            Code.EVEX_Vpclmulqdq_ymm_ymm_ymmm256_imm8,
            Code.EVEX_Vpclmulqdq_zmm_zmm_zmmm512_imm8),
        Vector(to),
        Vector(first),
        Operand(second),
        halves));

    /// <summary>Moves the four words of each lane to where the two-bit fields say.</summary>
    public void ShuffleWords(int to, int from, int order) => Add(Instruction.Create(
        Pick(
            Code.EVEX_Vpshufd_xmm_k1z_xmmm128b32_imm8,
            Code.EVEX_Vpshufd_ymm_k1z_ymmm256b32_imm8,
            Code.EVEX_Vpshufd_zmm_k1z_zmmm512b32_imm8),
        Vector(to),
        Vector(from),
        order));

    /// <summary>Moves each lane up by bytes, zeroes coming in.</summary>
    public void ShiftLaneUp(int to, int from, int bytes) => Add(Instruction.Create(
        Pick(Code.EVEX_Vpslldq_xmm_xmmm128_imm8, Code.EVEX_Vpslldq_ymm_ymmm256_imm8, Code.EVEX_Vpslldq_zmm_zmmm512_imm8),
        Vector(to),
        Vector(from),
        bytes));

    /// <summary>Moves each lane down by bytes, zeroes coming in.</summary>
    public void ShiftLaneDown(int to, int from, int bytes) => Add(Instruction.Create(
        Pick(Code.EVEX_Vpsrldq_xmm_xmmm128_imm8, Code.EVEX_Vpsrldq_ymm_ymmm256_imm8, Code.EVEX_Vpsrldq_zmm_zmmm512_imm8),
        Vector(to),
        Vector(from),
        bytes));

    /// <summary>Puts sixteen bytes of memory into one lane, the others as they are in from.</summary>
    public void InsertLane(int to, int from, AssemblerMemoryOperand lane, int index) => Add(Instruction.Create(
        Pick(Code.INVALID, Code.EVEX_Vinserti32x4_ymm_k1z_ymm_xmmm128_imm8, Code.EVEX_Vinserti32x4_zmm_k1z_zmm_xmmm128_imm8),
        Vector(to),
        Vector(from),
        Operand(lane),
        index));

    /// <summary>Puts the lowest lane of a register into one lane, the others as they are in from.</summary>
    public void InsertLane(int to, int from, int lane, int index) => Add(Instruction.Create(
        Pick(Code.INVALID, Code.EVEX_Vinserti32x4_ymm_k1z_ymm_xmmm128_imm8, Code.EVEX_Vinserti32x4_zmm_k1z_zmm_xmmm128_imm8),
        Vector(to),
        Vector(from),
        Register.XMM0 + lane,
        index));

    /// <summary>Copies the lowest lane into every lane, at 256 and 512 bits.</summary>
    public void BroadcastLane(int to, int from) => Add(Instruction.Create(
        Pick(Code.INVALID, Code.EVEX_Vshufi32x4_ymm_k1z_ymm_ymmm256b32_imm8, Code.EVEX_Vshufi32x4_zmm_k1z_zmm_zmmm512b32_imm8),
        Vector(to),
        Vector(from),
        Vector(from),
        0));

    /// <summary>The upper half of a register of 256 or 512 bits, in the lower half of another.</summary>
    public void UpperHalf(int to, int from) => Add(bits == 512
        ? Instruction.Create(Code.EVEX_Vextracti64x4_ymmm256_k1z_zmm_imm8, Register.YMM0 + to, Register.ZMM0 + from, 1)
        : Instruction.Create(Code.EVEX_Vextracti32x4_xmmm128_k1z_ymm_imm8, Register.XMM0 + to, Register.YMM0 + from, 1));

    /// <summary>Bytes that the code reads; they stand behind the return.</summary>
    public AssemblerMemoryOperand Constant(params ReadOnlySpan<byte> bytes)
    {
        Label label = assembler.CreateLabel();
        _constants.Add((label, bytes.ToArray()));
        return AssemblerRegisters.__[label];
    }

    /// <summary>The end of a function: the upper parts of the registers are zeroed, as the caller's code wants them, and the constants follow.</summary>
    public void Return()
    {
        assembler.vzeroupper();
        assembler.ret();
        foreach ((Label label, byte[] bytes) in _constants)
        {
            Label here = label;
            assembler.Label(ref here);
            assembler.db(bytes);
        }
    }

    private void Three(Code xmm, Code ymm, Code zmm, int to, int first, int second) =>
        Add(Instruction.Create(Pick(xmm, ymm, zmm), Vector(to), Vector(first), Vector(second)));

    private void Memory(Code code, int register, AssemblerMemoryOperand memory) =>
        Add(Instruction.Create(code, Vector(register), Operand(memory)));

    private static MemoryOperand Operand(AssemblerMemoryOperand memory) =>
        new(memory.Base, memory.Index, memory.Scale, memory.Displacement, memory.Displacement == 0 ? 0 : 1);

    private void Add(Instruction instruction) => assembler.AddInstruction(instruction);

    private Code Pick(Code xmm, Code ymm, Code zmm) => bits switch
    {
        512 => zmm,
        256 => ymm,
        _ => xmm,
    };

    private Register Vector(int index) => (bits == 512 ? Register.ZMM0 : bits == 256 ? Register.YMM0 : Register.XMM0) + index;
}
