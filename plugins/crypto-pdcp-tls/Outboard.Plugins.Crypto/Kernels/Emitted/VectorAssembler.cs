namespace Outboard.Plugins.Crypto.Kernels.Emitted;

/// <summary>Encodes the few instructions that the emitted kernels are made of.</summary>
/// <remarks>
/// Vector instructions are EVEX encoded at 256 or 512 bits (Intel SDM volume 2, 2.7): four prefix bytes, opcode, ModR/M, and for
/// memory always a 32-bit displacement, which is the one form that is not scaled. No base register needs a SIB byte.
/// The tests read the result back with a disassembler.
/// </remarks>
internal sealed class VectorAssembler(int vectorBits)
{
    private const int NoMask = 0;
    private readonly List<byte> _code = [];
    private readonly int _length = vectorBits == 512 ? 2 : 1;

    /// <summary>The general registers in use; all belong to the callee in the System V convention.</summary>
    public enum General
    {
        Rax = 0,
        Rcx = 1,
        Rdx = 2,
        Rdi = 7,
        R9 = 9,
        R10 = 10,
    }

    private enum Map
    {
        M0F = 1,
        M0F38 = 2,
        M0F3A = 3,
    }

    private enum Prefix
    {
        None = 0,
        P66 = 1,
        PF3 = 2,
        PF2 = 3,
    }

    /// <summary>Where the next instruction goes.</summary>
    public int Position => _code.Count;

    public byte[] ToArray() => [.. _code];

    /// <summary>vmovdqu64 register, [address].</summary>
    public void Load(int register, General address, int offset) =>
        Memory(Map.M0F, Prefix.PF3, 1, 0x6F, register, 0, address, offset, NoMask, zero: false);

    /// <summary>vmovdqu64 [address], register.</summary>
    public void Store(General address, int offset, int register) =>
        Memory(Map.M0F, Prefix.PF3, 1, 0x7F, register, 0, address, offset, NoMask, zero: false);

    /// <summary>vmovdqu8 register {k1} {z}, [address]: bytes outside the mask are neither read nor set.</summary>
    public void LoadMasked(int register, General address, int offset) =>
        Memory(Map.M0F, Prefix.PF2, 0, 0x6F, register, 0, address, offset, mask: 1, zero: true);

    /// <summary>vmovdqu8 [address] {k1}, register.</summary>
    public void StoreMasked(General address, int offset, int register) =>
        Memory(Map.M0F, Prefix.PF2, 0, 0x7F, register, 0, address, offset, mask: 1, zero: false);

    /// <summary>vbroadcasti32x4 register, [address]: sixteen bytes into every lane.</summary>
    public void Broadcast(int register, General address, int offset) =>
        Memory(Map.M0F38, Prefix.P66, 0, 0x5A, register, 0, address, offset, NoMask, zero: false);

    /// <summary>vmovdqu64 of sixteen bytes into the lowest lane; the others become zero.</summary>
    public void LoadLane(int register, General address) =>
        Memory(Map.M0F, Prefix.PF3, 1, 0x6F, register, 0, address, 0, NoMask, zero: false, length: 0);

    /// <summary>vinserti32x4 register, register, [address], lane.</summary>
    public void InsertLane(int register, General address, int lane)
    {
        Memory(Map.M0F3A, Prefix.P66, 0, 0x38, register, register, address, 0, NoMask, zero: false);
        _code.Add((byte)lane);
    }

    /// <summary>vpxorq target, left, right.</summary>
    public void Xor(int target, int left, int right) => Registers(Map.M0F, Prefix.P66, 1, 0xEF, target, left, right);

    /// <summary>vpxorq target, left, [address].</summary>
    public void Xor(int target, int left, General address, int offset) =>
        Memory(Map.M0F, Prefix.P66, 1, 0xEF, target, left, address, offset, NoMask, zero: false);

    /// <summary>vpaddd or vpaddq target, left, right.</summary>
    public void Add(bool words32, int target, int left, int right) =>
        Registers(Map.M0F, Prefix.P66, words32 ? 0 : 1, words32 ? 0xFE : 0xD4, target, left, right);

    /// <summary>vpaddd or vpaddq target, left, [address].</summary>
    public void Add(bool words32, int target, int left, General address, int offset) =>
        Memory(Map.M0F, Prefix.P66, words32 ? 0 : 1, words32 ? 0xFE : 0xD4, target, left, address, offset, NoMask, zero: false);

    /// <summary>vpshufb target, data, control.</summary>
    public void ShuffleBytes(int target, int data, int control) => Registers(Map.M0F38, Prefix.P66, 0, 0x00, target, data, control);

    /// <summary>vaesenc target, state, key.</summary>
    public void AesRound(int target, int state, int key) => Registers(Map.M0F38, Prefix.P66, 0, 0xDC, target, state, key);

    /// <summary>vaesenclast target, state, key.</summary>
    public void AesLast(int target, int state, int key) => Registers(Map.M0F38, Prefix.P66, 0, 0xDD, target, state, key);

    /// <summary>vaesenc target, state, [address].</summary>
    public void AesRound(int target, int state, General address, int offset) =>
        Memory(Map.M0F38, Prefix.P66, 0, 0xDC, target, state, address, offset, NoMask, zero: false);

    /// <summary>vaesenclast target, state, [address].</summary>
    public void AesLast(int target, int state, General address, int offset) =>
        Memory(Map.M0F38, Prefix.P66, 0, 0xDD, target, state, address, offset, NoMask, zero: false);

    /// <summary>mov register, [address].</summary>
    public void Load(General register, General address, int offset)
    {
        Rex(register, address);
        _code.Add(0x8B);
        ModRm(2, (int)register & 7, (int)address & 7);
        Word(offset);
    }

    /// <summary>add register, value.</summary>
    public void Add(General register, int value) => Immediate(0, register, value);

    /// <summary>add register, addend.</summary>
    public void Add(General register, General addend)
    {
        Rex(addend, register);
        _code.Add(0x01);
        ModRm(3, (int)addend & 7, (int)register & 7);
    }

    /// <summary>sub register, value.</summary>
    public void Subtract(General register, int value) => Immediate(5, register, value);

    /// <summary>cmp register, value.</summary>
    public void Compare(General register, int value) => Immediate(7, register, value);

    /// <summary>test register, value.</summary>
    public void Test(General register, int value)
    {
        Rex(0, register);
        _code.Add(0xF7);
        ModRm(3, 0, (int)register & 7);
        Word(value);
    }

    /// <summary>kmovq k1, register.</summary>
    public void SetMask(General register)
    {
        _code.AddRange([0xC4, (byte)(0xC1 | (((~(int)register >> 3) & 1) << 5)), 0xFB, 0x92]);
        ModRm(3, 1, (int)register & 7);
    }

    /// <summary>A forward jump that is set later: jb (0x82), jz (0x84) or jmp (0xE9).</summary>
    public int JumpForward(byte condition)
    {
        if (condition == 0xE9)
        {
            _code.Add(0xE9);
        }
        else
        {
            _code.AddRange([0x0F, condition]);
        }

        Word(0);
        return Position;
    }

    /// <summary>Lets a forward jump land here.</summary>
    public void Land(int jump)
    {
        int distance = Position - jump;
        for (int i = 0; i < 4; i++)
        {
            _code[jump - 4 + i] = (byte)(distance >> (8 * i));
        }
    }

    /// <summary>jmp to an earlier place.</summary>
    public void JumpBack(int place)
    {
        _code.Add(0xE9);
        Word(place - Position - 4);
    }

    /// <summary>jne to an earlier place.</summary>
    public void JumpBackIfNotZero(int place)
    {
        _code.AddRange([0x0F, 0x85]);
        Word(place - Position - 4);
    }

    /// <summary>vzeroall; ret.</summary>
    public void ZeroAllAndReturn() => _code.AddRange([0xC5, 0xFC, 0x77, 0xC3]);

    private void Registers(Map map, Prefix prefix, int wide, int opcode, int register, int first, int second)
    {
        Evex(map, prefix, wide, register, first, second >> 4, second >> 3, NoMask, zero: false, _length);
        _code.Add((byte)opcode);
        ModRm(3, register & 7, second & 7);
    }

    private void Memory(
        Map map,
        Prefix prefix,
        int wide,
        int opcode,
        int register,
        int first,
        General address,
        int offset,
        int mask,
        bool zero,
        int? length = null)
    {
        Evex(map, prefix, wide, register, first, 0, (int)address >> 3, mask, zero, length ?? _length);
        _code.Add((byte)opcode);
        ModRm(2, register & 7, (int)address & 7);
        Word(offset);
    }

    private void Evex(
        Map map, Prefix prefix, int wide, int register, int first, int extendX, int extendB, int mask, bool zero, int length)
    {
        _code.Add(0x62);
        _code.Add((byte)((Inverted(register >> 3) << 7) | (Inverted(extendX) << 6) | (Inverted(extendB) << 5)
            | (Inverted(register >> 4) << 4) | (int)map));
        _code.Add((byte)((wide << 7) | ((~first & 15) << 3) | 4 | (int)prefix));
        _code.Add((byte)(((zero ? 1 : 0) << 7) | (length << 5) | (Inverted(first >> 4) << 3) | mask));
    }

    private void Immediate(int extension, General register, int value)
    {
        Rex(0, register);
        _code.Add(0x81);
        ModRm(3, extension, (int)register & 7);
        Word(value);
    }

    private void Rex(General register, General address) =>
        _code.Add((byte)(0x48 | (((int)register >> 3) << 2) | ((int)address >> 3)));

    private void ModRm(int mode, int register, int memory) => _code.Add((byte)((mode << 6) | (register << 3) | memory));

    private void Word(int value) => _code.AddRange([(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)]);

    private static int Inverted(int bit) => ~bit & 1;
}
