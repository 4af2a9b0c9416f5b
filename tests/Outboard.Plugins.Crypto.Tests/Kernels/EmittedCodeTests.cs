using Iced.Intel;
using Outboard.Crypto;
using Outboard.Plugins.Crypto.Kernels.Emitted;
using Outboard.Plugins.Crypto.Tests.Simd;

namespace Outboard.Plugins.Crypto.Tests.Kernels;

/// <summary>What the assembler wrote, read back by a disassembler that is not ours.</summary>
public sealed class EmittedCodeTests
{
    public static TheoryData<int, int, bool> Functions
    {
        get
        {
            var data = new TheoryData<int, int, bool>();
            foreach (int bits in (int[])[256, 512])
            {
                foreach (int rounds in (int[])[10, 12, 14])
                {
                    data.Add(bits, rounds, false);
                    data.Add(bits, rounds, true);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void CounterModeIsMadeOfTheInstructionsItShouldBe(int bits, int rounds, bool shortCounter)
    {
        List<Instruction> code = Disassemble(CtrFunction.Emit(bits, rounds, shortCounter));

        // Steps of 8, 4, 2, 1 and a masked one.
        Assert.Equal((rounds - 1) * 16, code.Count(i => i.Mnemonic == Mnemonic.Vaesenc));
        Assert.Equal(16, code.Count(i => i.Mnemonic == Mnemonic.Vaesenclast));
        Assert.Equal(16, code.Count(i => i.Mnemonic == Mnemonic.Vpshufb));
        Assert.Equal(rounds + 2, code.Count(i => i.Mnemonic == Mnemonic.Vbroadcasti32x4));
        Assert.Equal(17, code.Count(i => i.Mnemonic == (shortCounter ? Mnemonic.Vpaddd : Mnemonic.Vpaddq)));
        Assert.Equal(2, code.Count(i => i.Mnemonic == Mnemonic.Vmovdqu8 && i.OpMask == Register.K1));
        Mnemonic[] allowed =
        [
            Mnemonic.Vaesenc, Mnemonic.Vaesenclast, Mnemonic.Vpshufb, Mnemonic.Vbroadcasti32x4, Mnemonic.Vpaddd, Mnemonic.Vpaddq,
            Mnemonic.Vmovdqu8, Mnemonic.Vmovdqu64, Mnemonic.Vpxorq, Mnemonic.Kmovq, Mnemonic.Vzeroall, Mnemonic.Mov, Mnemonic.Add,
            Mnemonic.Sub, Mnemonic.Cmp, Mnemonic.Test, Mnemonic.Jb, Mnemonic.Je, Mnemonic.Jmp, Mnemonic.Ret,
        ];
        Assert.Empty(code.Select(i => i.Mnemonic).Distinct().Except(allowed));
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void RegistersAreOfTheWidthAndOnlyTheCalleesOwn(int bits, int rounds, bool shortCounter)
    {
        Register[] general =
            [Register.RAX, Register.RCX, Register.RDX, Register.RDI, Register.R9, Register.R10, Register.K1];
        foreach (Instruction instruction in Disassemble(CtrFunction.Emit(bits, rounds, shortCounter)))
        {
            for (int operand = 0; operand < instruction.OpCount; operand++)
            {
                if (instruction.GetOpKind(operand) == OpKind.Register)
                {
                    Register register = instruction.GetOpRegister(operand);
                    Assert.True(
                        register.IsVectorRegister() ? register.GetSize() * 8 == bits : general.Contains(register),
                        instruction.ToString());
                }
            }

            if (instruction.MemoryBase != Register.None)
            {
                Assert.Contains(instruction.MemoryBase, general);
                Assert.Equal(Register.None, instruction.MemoryIndex);
                Assert.InRange((long)instruction.MemoryDisplacement64, 0, 512);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void EveryJumpLandsOnAnInstructionAndEveryKeyIsWipedBeforeTheReturn(int bits, int rounds, bool shortCounter)
    {
        List<Instruction> code = Disassemble(CtrFunction.Emit(bits, rounds, shortCounter));
        HashSet<ulong> starts = [.. code.Select(i => i.IP)];
        Assert.All(code.Where(i => i.IsJccShortOrNear || i.IsJmpShortOrNear), jump => Assert.Contains(jump.NearBranchTarget, starts));
        Assert.Single(code, i => i.Mnemonic == Mnemonic.Ret);
        Assert.Equal(Mnemonic.Ret, code[^1].Mnemonic);
        Assert.Equal(Mnemonic.Vzeroall, code[^2].Mnemonic);
        Register first = bits == 512 ? Register.ZMM16 : Register.YMM16;
        var wiped = code[^(rounds + 3)..^2].Select(i => (i.Mnemonic, i.Op0Register, i.Op1Register, i.Op2Register)).ToList();
        for (int key = 0; key <= rounds; key++)
        {
            Assert.Equal((Mnemonic.Vpxorq, first + key, first + key, first + key), wiped[key]);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void CmacIsMadeOfTheInstructionsItShouldBe(int bits, int rounds, bool sharedKey)
    {
        List<Instruction> code = Disassemble(CmacFunction.Emit(bits, rounds, sharedKey));
        int lanes = bits / 16;
        Assert.Equal((rounds - 1) * 8, code.Count(i => i.Mnemonic == Mnemonic.Vaesenc));
        Assert.Equal(8, code.Count(i => i.Mnemonic == Mnemonic.Vaesenclast));
        Assert.Equal(lanes - 8, code.Count(i => i.Mnemonic == Mnemonic.Vinserti32x4));
        Assert.Equal(8, code.Count(i => i.Mnemonic == Mnemonic.Vmovdqu64 && i.Op0Register.IsXMM()));
        Assert.Equal(sharedKey ? rounds + 1 : 0, code.Count(i => i.Mnemonic == Mnemonic.Vbroadcasti32x4));
        Mnemonic[] allowed =
        [
            Mnemonic.Vaesenc, Mnemonic.Vaesenclast, Mnemonic.Vinserti32x4, Mnemonic.Vbroadcasti32x4, Mnemonic.Vmovdqu64,
            Mnemonic.Vpxorq, Mnemonic.Vzeroall, Mnemonic.Mov, Mnemonic.Add, Mnemonic.Sub, Mnemonic.Jne, Mnemonic.Ret,
        ];
        Assert.Empty(code.Select(i => i.Mnemonic).Distinct().Except(allowed));
        HashSet<ulong> starts = [.. code.Select(i => i.IP)];
        Assert.All(code.Where(i => i.IsJccShortOrNear), jump => Assert.Contains(jump.NearBranchTarget, starts));
        Assert.Equal(Mnemonic.Ret, code[^1].Mnemonic);
        Assert.Equal(Mnemonic.Vzeroall, code[^2].Mnemonic);
    }

    [Fact]
    public void EmissionCanBeSwitchedOffAndTheDeviceSaysSo()
    {
        using CryptoDevice off = SimdDevices.CreateRegistry().OpenCrypto("crypto_simd0,emit=off");
        Assert.Contains("emit=off", off.Info.Backend, StringComparison.Ordinal);
        Assert.DoesNotContain(off.Info.Kernels, kernel => kernel.Kernel.Contains("emitted", StringComparison.Ordinal));
        using CryptoDevice on = SimdDevices.CreateRegistry().OpenCrypto("crypto_simd1");
        bool present = on.Info.Kernels.Any(kernel => kernel.Kernel.Contains("emitted", StringComparison.Ordinal));
        Assert.Equal(EmittedCode.Shared.Obstacle is null, present);
    }

    private static List<Instruction> Disassemble(byte[] code)
    {
        var decoder = Decoder.Create(64, code);
        var all = new List<Instruction>();
        while (decoder.IP < (ulong)code.Length)
        {
            Instruction instruction = decoder.Decode();
            Assert.False(instruction.IsInvalid, $"at {instruction.IP:x}: {decoder.LastError}");
            all.Add(instruction);
        }

        return all;
    }
}
