using Iced.Intel;
using Outboard.Plugins.Crypto.Keys;
using static Iced.Intel.AssemblerRegisters;

namespace Outboard.Plugins.Crypto.Kernels.Emitted;

/// <summary>What functions have in common that take a burst of jobs and encrypt counters with vector AES.</summary>
/// <remarks>
/// <para>General registers: rdi the job, rsi the end of the jobs, rax the key, r8 source, r9 destination, rcx bytes left, r11
/// sixteen times the rounds; r10 and rdx are free.</para>
/// <para>Vector registers: from 0 on counter blocks, then keystream; 25 a round key; 26 the next counters as numbers; 27 what a register
/// counts by; 28 reverses bytes; 29 the first counter block.</para>
/// <para>Round keys are read from memory in every step: loads are idle, registers are not, and keys of all three lengths run in one
/// text. Branches are on lengths and rounds, which are public.</para>
/// </remarks>
internal sealed class BurstCode
{
    public const int RoundKey = 25;
    public const int Counter = 26;
    public const int Increment = 27;
    public const int Reverse = 28;
    public const int FirstBlock = 29;

    private const int NonceMask = 7;

    private readonly AssemblerMemoryOperand _numbers;
    private readonly AssemblerMemoryOperand _one;
    private readonly bool _shortCounter;

    /// <summary>Writes the entry: constants, and the end of the jobs.</summary>
    /// <param name="assembler">Where the code goes.</param>
    /// <param name="bits">256 or 512.</param>
    /// <param name="stateCount">Registers of counter blocks in a whole step.</param>
    /// <param name="shortCounter">Whether the counter wraps in 32 bits; else it counts in 64.</param>
    public BurstCode(Assembler assembler, int bits, int stateCount, bool shortCounter)
    {
        StateCount = stateCount;
        Assembler = assembler;
        Vector = new VectorCode(assembler, bits);
        Block = Vector.At(128);
        _shortCounter = shortCounter;
        _numbers = Vector.Constant(VectorConstants.LaneNumbers);
        _one = Vector.Constant([.. new byte[15], 1]);
        Vector.Broadcast(Reverse, Vector.Constant(VectorConstants.Reverse));
        Vector.Broadcast(Increment, Vector.Constant(VectorConstants.Number(Vector.Lanes)));
        assembler.mov(edx, 0x0FFF);
        assembler.kmovd(k7, edx);
        assembler.imul(rsi, rsi, JobLayout.Size);
        assembler.add(rsi, rdi);
    }

    public Assembler Assembler { get; }

    /// <summary>Registers of counter blocks in a whole step, from register 0 on.</summary>
    public int StateCount { get; }

    /// <summary>Instructions of the function's width.</summary>
    public VectorCode Vector { get; }

    /// <summary>Instructions of one block.</summary>
    public VectorCode Block { get; }

    /// <summary>Bytes of a step with all registers.</summary>
    public int StepLength => StateCount * Vector.Length;

    /// <summary>Loads what is said of a job, and its first counter block: twelve bytes of IV and the number 1, or sixteen bytes.</summary>
    public void LoadJob()
    {
        Assembler a = Assembler;
        Label whole = a.CreateLabel(), loaded = a.CreateLabel();
        a.mov(rax, __qword_ptr[rdi + JobLayout.Key]);
        a.mov(rcx, __qword_ptr[rdi + JobLayout.BitLength]);
        a.shr(rcx, 3);
        a.mov(r8, __qword_ptr[rdi + JobLayout.Source]);
        a.mov(r9, __qword_ptr[rdi + JobLayout.Destination]);
        a.mov(rdx, __qword_ptr[rdi + JobLayout.Iv]);
        a.mov(r11d, __dword_ptr[rax + AesKey.RoundCountOffset]);
        a.shl(r11d, 4);
        a.cmp(__dword_ptr[rdi + JobLayout.IvLength], 12);
        a.jne(whole);
        Block.LoadBytes(FirstBlock, __[rdx], NonceMask);
        Block.Xor(FirstBlock, FirstBlock, _one);
        a.jmp(loaded);
        a.Label(ref whole);
        Block.Load(FirstBlock, __[rdx]);
        a.Label(ref loaded);
    }

    /// <summary>Makes the counters of the first register: from the first block, or from the one behind it.</summary>
    public void StartCounters(int firstNumber)
    {
        Block.ShuffleBytes(Counter, FirstBlock, Reverse);
        Vector.BroadcastLane(Counter, Counter);
        AddNumbers(_numbers);
        if (firstNumber != 0)
        {
            AddNumbers(Vector.Constant([.. VectorConstants.Number(1), .. VectorConstants.Number(1), .. VectorConstants.Number(1), .. VectorConstants.Number(1)]));
        }
    }

    /// <summary>The steps that turn counters into keystream in the first registers, in an order that hides latency.</summary>
    /// <param name="count">How many registers, 0 to <see cref="StateCount"/>.</param>
    /// <param name="extra">A register with one block that is encrypted beside them, or -1.</param>
    public List<Action> Keystream(int count, int extra = -1)
    {
        Assembler a = Assembler;
        var steps = new List<Action>();
        for (int i = 0; i < count; i++)
        {
            int state = i;
            steps.Add(() =>
            {
                Vector.ShuffleBytes(state, Counter, Reverse);
                Count();
            });
        }

        steps.Add(() => Vector.Load(RoundKey, Key(0)));
        ForAll((v, state) => v.Xor(state, state, RoundKey), steps.Add);
        for (int round = 1; round <= 9; round++)
        {
            Round(round, steps.Add);
        }

        // One step, since part of it is jumped over.
        steps.Add(() =>
        {
            Label last = a.CreateLabel();
            for (int round = 10; round <= 12; round += 2)
            {
                a.cmp(r11d, 16 * round);
                a.je(last);
                Round(round, step => step());
                Round(round + 1, step => step());
            }

            a.Label(ref last);
        });
        steps.Add(() => Vector.Load(RoundKey, __[rax + (r11 * 4) + AesKey.WideKeysOffset]));
        ForAll((v, state) => v.EncryptLast(state, state, RoundKey), steps.Add);
        return steps;

        void Round(int round, Action<Action> add)
        {
            add(() => Vector.Load(RoundKey, Key(round)));
            ForAll((v, state) => v.Encrypt(state, state, RoundKey), add);
        }

        void ForAll(Action<VectorCode, int> write, Action<Action> add)
        {
            for (int i = 0; i < count; i++)
            {
                int state = i;
                add(() => write(Vector, state));
            }

            if (extra >= 0)
            {
                add(() => write(Block, extra));
            }
        }
    }

    /// <summary>Branches on how many registers the bytes left in rcx, below a step, fill or begin, and writes each case.</summary>
    /// <param name="least">The fewest registers there can be.</param>
    /// <param name="end">Where the code goes on behind a case.</param>
    /// <param name="write">Writes a case.</param>
    public void ForRegisterCount(int least, Label end, Action<int> write)
    {
        Between(least, StateCount);

        void Between(int low, int high)
        {
            if (low == high)
            {
                write(low);
                Assembler.jmp(end);
                return;
            }

            int middle = (low + high) / 2;
            Label above = Assembler.CreateLabel();
            Assembler.cmp(rcx, middle * Vector.Length);
            Assembler.ja(above);
            Between(low, middle);
            Assembler.Label(ref above);
            Between(middle + 1, high);
        }
    }

    /// <summary>Sets mask 1 to the bytes of the last of so many registers; rdx and rcx are changed.</summary>
    public void SetTailMask(int count)
    {
        Assembler.lea(edx, __[rcx - (Vector.Length * (count - 1))]);
        Assembler.mov(rcx, -1L);
        Assembler.bzhi(rdx, rcx, rdx);
        Assembler.kmovq(k1, rdx);
    }

    /// <summary>Moves source, destination and the length past a whole step.</summary>
    public void NextStep()
    {
        Assembler.add(r8, StepLength);
        Assembler.add(r9, StepLength);
        Assembler.sub(rcx, StepLength);
    }

    /// <summary>Writes two lists of steps as one, each in its order and evenly mixed.</summary>
    public static void Mix(List<Action> first, List<Action> second)
    {
        int taken = 0;
        for (int i = 0; i < first.Count; i++)
        {
            first[i]();
            for (; taken < (i + 1) * second.Count / first.Count; taken++)
            {
                second[taken]();
            }
        }
    }

    /// <summary>Writes a list of steps.</summary>
    public static void Write(List<Action> steps) => steps.ForEach(step => step());

    private static AssemblerMemoryOperand Key(int round) => __[rax + (AesKey.WideKeysOffset + (AesKey.WideKeyLength * round))];

    private void Count()
    {
        if (_shortCounter)
        {
            Vector.AddWords(Counter, Counter, Increment);
        }
        else
        {
            Vector.AddLongs(Counter, Counter, Increment);
        }
    }

    private void AddNumbers(AssemblerMemoryOperand numbers)
    {
        Vector.Load(RoundKey, numbers);
        if (_shortCounter)
        {
            Vector.AddWords(Counter, Counter, RoundKey);
        }
        else
        {
            Vector.AddLongs(Counter, Counter, RoundKey);
        }
    }
}
