using Iced.Intel;
using Outboard.Crypto;
using Outboard.Plugins.Crypto.Kernels.AesCbc;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.AesGcm;
using Outboard.Plugins.Crypto.Kernels.Emitted;
using Outboard.Plugins.Crypto.Tests.Simd;

namespace Outboard.Plugins.Crypto.Tests.Kernels;

/// <summary>What the assembler wrote, read back by a disassembler that is not ours.</summary>
public sealed class EmittedCodeTests
{
    public static TheoryData<string, byte[]> Functions
    {
        get
        {
            var data = new TheoryData<string, byte[]>();
            foreach (int bits in (int[])[256, 512])
            {
                Add($"ctr {bits}", a => CtrBurst.Write(a, bits));
                Add($"gcm {bits}", a => GcmBurst.Write(a, bits));
                foreach (int rounds in (int[])[10, 12, 14])
                {
                    foreach (bool other in (bool[])[false, true])
                    {
                        Add($"chain {bits} {rounds} {other}", a => ChainFunction.Write(a, bits, rounds, other, store: false));
                        Add($"chain {bits} {rounds} {other} stored", a => ChainFunction.Write(a, bits, rounds, other, store: true));
                    }

                    Add($"cbc decrypt {bits} {rounds}", a => CbcDecryptFunction.Write(a, bits, rounds, CbcKey.ScheduleOffset));
                }
            }

            return data;

            void Add(string name, Action<Assembler> write) => data.Add(name, new EmittedFunction(name, write).Assemble());
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void OnlyRegistersThatACalleeMayChangeAreChangedOrTheyAreSaved(string name, byte[] bytes)
    {
        List<Instruction> code = Disassemble(bytes);
        Register[] kept = [Register.RBX, Register.RBP, Register.R12, Register.R13, Register.R14, Register.R15];
        List<Register> pushed = [.. code.Where(i => i.Mnemonic == Mnemonic.Push).Select(i => i.Op0Register)];
        List<Register> popped = [.. code.Where(i => i.Mnemonic == Mnemonic.Pop).Select(i => i.Op0Register)];
        popped.Reverse();
        Assert.Equal(pushed, popped);
        var information = new InstructionInfoFactory();
        foreach (Instruction instruction in code.Where(i => i.Mnemonic is not (Mnemonic.Push or Mnemonic.Pop or Mnemonic.Ret)))
        {
            foreach (UsedRegister used in information.GetInfo(instruction).GetUsedRegisters())
            {
                Register whole = used.Register.GetFullRegister();
                bool written = used.Access is not (OpAccess.Read or OpAccess.CondRead or OpAccess.None or OpAccess.NoMemAccess);
                Assert.False(written && whole == Register.RSP, $"{name}: {instruction}");
                Assert.False(written && kept.Contains(whole) && !pushed.Contains(whole), $"{name}: {instruction}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void EveryJumpLandsOnAnInstructionAndTheReturnIsTheEnd(string name, byte[] bytes)
    {
        List<Instruction> code = Disassemble(bytes);
        HashSet<ulong> starts = [.. code.Select(i => i.IP)];
        Assert.All(code.Where(i => i.IsJccShortOrNear || i.IsJmpShortOrNear), jump => Assert.True(starts.Contains(jump.NearBranchTarget), name));
        Assert.Single(code, i => i.Mnemonic == Mnemonic.Ret);
        Assert.Single(code, i => i.Mnemonic == Mnemonic.Vzeroupper);
    }

    [Fact]
    public void EmissionCanBeSwitchedOffAndTheDeviceSaysSo()
    {
        using CryptoDevice off = SimdDevices.CreateRegistry().OpenCrypto("crypto_simd0,emit=off");
        Assert.Contains("emit=off", off.Info.Backend, StringComparison.Ordinal);
        Assert.DoesNotContain(off.Info.Kernels, kernel => kernel.Kernel.Contains("emitted", StringComparison.Ordinal));
        using CryptoDevice on = SimdDevices.CreateRegistry().OpenCrypto("crypto_simd1");
        bool present = on.Info.Kernels.Any(kernel => kernel.Kernel.Contains("emitted", StringComparison.Ordinal));
        Assert.Equal(EmittedCode.Obstacle is null, present);
    }

    // Behind the return stand the constants.
    private static List<Instruction> Disassemble(byte[] code)
    {
        var decoder = Decoder.Create(64, code);
        var all = new List<Instruction>();
        do
        {
            Instruction instruction = decoder.Decode();
            Assert.False(instruction.IsInvalid, $"at {instruction.IP:x}: {decoder.LastError}");
            all.Add(instruction);
        }
        while (all[^1].Mnemonic != Mnemonic.Ret);
        return all;
    }
}
