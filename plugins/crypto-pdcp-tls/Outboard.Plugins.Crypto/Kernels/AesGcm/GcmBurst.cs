using Iced.Intel;
using Outboard.Plugins.Crypto.Kernels.Emitted;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;
using static Iced.Intel.AssemblerRegisters;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>Writes AES-GCM over a whole burst (SP 800-38D 7.1, 7.2): void (CryptoJob* jobs, long count).</summary>
/// <remarks>
/// <para>A step is eight registers: the cipher of one runs between the products of the step before it, or, decrypting, of the same.
/// What is left, less than a step, has a text for each number of registers, in which associated data, lengths and all blocks
/// share one reduction.</para>
/// <para>Registers beside those of <see cref="BurstCode"/> and <see cref="GhashCode"/>: 8 to 15 ciphertext; 30 a block that stands
/// before what is hashed next, the associated data or the sum so far; rbx is how many bytes in front of that sum's power its power is.</para>
/// <para>The caller has made ready the counter block of an IV that is not twelve bytes (its length is 0 then), and has hashed all of
/// longer associated data but the last block, which is xored to the sum. A message is whole bytes.</para>
/// </remarks>
internal sealed class GcmBurst
{
    private const int StateCount = 8;
    private const int Data = 8;
    private const int Before = 30;
    private const int Mask = 29;
    private readonly BurstCode _code;
    private readonly GhashCode _hash;
    private readonly Assembler _a;
    private readonly VectorCode _vector;
    private readonly VectorCode _pair;
    private readonly VectorCode _block;

    private GcmBurst(Assembler assembler, int bits)
    {
        _a = assembler;
        _a.push(rbx);
        _code = new BurstCode(assembler, bits, StateCount, shortCounter: true);
        _vector = _code.Vector;
        _pair = _vector.At(256);
        _block = _code.Block;
        _hash = new GhashCode(_vector);
        _hash.LoadConstants();
    }

    public static void Write(Assembler assembler, int bits) => new GcmBurst(assembler, bits).WriteAll();

    private void WriteAll()
    {
        Label nextJob = _a.CreateLabel(), decrypt = _a.CreateLabel(), tag = _a.CreateLabel();
        _a.Label(ref nextJob);
        _code.LoadJob();
        LoadAssociated();
        _code.StartCounters(1);
        _a.mov(ebx, 16);
        _a.cmp(__byte_ptr[rdi + JobLayout.Encrypt], 0);
        _a.je(decrypt);
        Direction(encrypt: true, tag);
        _a.Label(ref decrypt);
        Direction(encrypt: false, tag);
        _a.Label(ref tag);
        BurstCode.Write(_hash.Reduce(GhashCode.Low));
        _a.mov(rdx, __qword_ptr[rdi + JobLayout.Code]);
        _block.ShuffleBytes(GhashCode.Low, GhashCode.Low, BurstCode.Reverse);
        _block.Xor(GhashCode.Low, GhashCode.Low, Mask);
        _block.Store(__[rdx], GhashCode.Low);
        _a.add(rdi, JobLayout.Size);
        _a.cmp(rdi, rsi);
        _a.jb(nextJob);
        _a.pop(rbx);
        _vector.Return();
    }

    // The first sixteen bytes of it, or all.
    private void LoadAssociated()
    {
        _a.mov(edx, __dword_ptr[rdi + JobLayout.AadLength]);
        _a.mov(r10d, 16);
        _a.cmp(edx, r10d);
        _a.cmova(edx, r10d);
        _a.mov(r10, -1L);
        _a.bzhi(rdx, r10, rdx);
        _a.kmovd(k2, edx);
        _a.mov(rdx, __qword_ptr[rdi + JobLayout.Aad]);
        _block.LoadBytes(Before, __[rdx], mask: 2);
        _block.ShuffleBytes(Before, Before, BurstCode.Reverse);
    }

    private void Direction(bool encrypt, Label end)
    {
        Label rest = _a.CreateLabel(), step = _a.CreateLabel(), shorter = _a.CreateLabel();
        _a.cmp(rcx, _code.StepLength);
        _a.jb(shorter);

        // What stands before the first step is a product of its own; from then on the sum goes into the first block of the next.
        _a.xor(ebx, ebx);
        _block.Load(GhashCode.Power, __[rax + PowerOffset(StepBlocks + 1)]);
        _hash.ClearSums();
        BurstCode.Write(_hash.MultiplyAdd(_block, Before, GhashCode.Power));
        _block.Zero(Before);
        if (encrypt)
        {
            BurstCode.Write(_code.Keystream(StateCount));
            XorAndStore();
            _a.Label(ref step);
            _a.cmp(rcx, _code.StepLength);
            _a.jb(rest);
            BurstCode.Mix(_code.Keystream(StateCount), HashStep());
            XorAndStore();
            _a.jmp(step);
            _a.Label(ref rest);
            BurstCode.Write(HashStep());
        }
        else
        {
            _a.Label(ref step);
            for (int i = 0; i < StateCount; i++)
            {
                _vector.Load(Data + i, __[r8 + (_vector.Length * i)]);
            }

            BurstCode.Mix(_code.Keystream(StateCount), HashStep());
            for (int i = 0; i < StateCount; i++)
            {
                _vector.Xor(i, i, Data + i);
                _vector.Store(__[r9 + (_vector.Length * i)], i);
            }

            _code.NextStep();
            _a.cmp(rcx, _code.StepLength);
            _a.jae(step);
        }

        _a.Label(ref shorter);
        _hash.ClearSums();
        HashEnds();
        _code.ForRegisterCount(0, end, count => Rest(count, encrypt));
    }

    private void XorAndStore()
    {
        for (int i = 0; i < StateCount; i++)
        {
            _vector.Xor(Data + i, i, __[r8 + (_vector.Length * i)]);
            _vector.Store(__[r9 + (_vector.Length * i)], Data + i);
        }

        _code.NextStep();
    }

    // The products of a whole step, the one with the sum so far last, and their reduction.
    private List<Action> HashStep()
    {
        var steps = new List<Action>();
        for (int i = StateCount - 2; i >= 0; i -= 2)
        {
            steps.AddRange(Products(i, 2, rax, StepBlocks, i == 0 ? Before : -1));
        }

        steps.AddRange(_hash.Reduce(Before));
        steps.Add(_hash.ClearSums);
        return steps;
    }

    // What stands before the rest and the lengths behind it, in one register of two blocks. Leaves in r10 where the powers of the
    // rest's blocks are, less what a power's offset is.
    private void HashEnds()
    {
        _a.lea(edx, __[rcx + 15]);
        _a.and(edx, -16);
        _a.mov(r10, rax);
        _a.sub(r10, rdx);
        _a.mov(rdx, r10);
        _a.sub(rdx, rbx);
        _block.Load(GhashCode.Power, __[rdx + PowerOffset(1)]);
        _pair.InsertLane(GhashCode.Power, GhashCode.Power, __[rax + PowerOffset(1)], 1);
        _a.mov(edx, __dword_ptr[rdi + JobLayout.AadLength]);
        _a.shl(rdx, 3);
        _a.vmovq(xmm0, __qword_ptr[rdi + JobLayout.BitLength]);
        _a.vpinsrq(xmm0, xmm0, rdx, 1);
        _pair.InsertLane(Before, Before, 0, 1);
        BurstCode.Write(_hash.MultiplyAdd(_pair, Before, GhashCode.Power));
    }

    // Less than a step: cipher, first block and hash.
    private void Rest(int count, bool encrypt)
    {
        int last = count - 1;
        if (count != 0)
        {
            _code.SetTailMask(count);
        }

        for (int i = 0; i < count; i++)
        {
            LoadRest(i, i == last);
        }

        if (encrypt)
        {
            BurstCode.Write(_code.Keystream(count, Mask));
        }
        else
        {
            BurstCode.Mix(_code.Keystream(count, Mask), HashRest(count));
        }

        for (int i = 0; i < count; i++)
        {
            int at = _vector.Length * i;
            _vector.Xor(encrypt ? Data + i : i, i, Data + i);
            if (i == last)
            {
                _vector.StoreBytes(__[r9 + at], encrypt ? Data + i : i, mask: 1);
            }
            else
            {
                _vector.Store(__[r9 + at], encrypt ? Data + i : i);
            }
        }

        if (encrypt)
        {
            if (count != 0)
            {
                _vector.KeepBytes(Data + last, Data + last, mask: 1);
            }

            BurstCode.Write(HashRest(count));
        }
    }

    private void LoadRest(int i, bool isLast)
    {
        if (isLast)
        {
            _vector.LoadBytes(Data + i, __[r8 + (_vector.Length * i)], mask: 1);
        }
        else
        {
            _vector.Load(Data + i, __[r8 + (_vector.Length * i)]);
        }
    }

    private List<Action> HashRest(int count)
    {
        var steps = new List<Action>();
        for (int i = 0; i < count; i += 2)
        {
            steps.AddRange(Products(i, Math.Min(2, count - i), r10, 1, -1));
        }

        return steps;
    }

    // Registers of ciphertext from one on, times powers of which the first of all registers has this one.
    private List<Action> Products(int first, int count, AssemblerRegister64 key, int power, int before)
    {
        int[] data = [.. Enumerable.Range(Data + first, count)];
        int at = (_vector.Length * first) - (16 * power);
        return _hash.MultiplyAdd(
            data,
            [.. data.Select((_, i) => __[key + (AesKey.HashPowersEnd + at + (_vector.Length * i))])],
            power == StepBlocks ? __[key + (AesKey.HashPowersEnd + (_vector.Length * first / 2))] : null,
            BurstCode.Reverse,
            before);
    }

    private int StepBlocks => StateCount * _vector.Lanes;

    private static int PowerOffset(int power) => AesKey.HashPowersEnd - (16 * power);
}
