using Iced.Intel;
using Outboard.Plugins.Crypto.Kernels.Emitted;

namespace Outboard.Plugins.Crypto.Kernels.Ghash;

/// <summary>Writes GHASH for emitted functions: products of blocks and powers of the hash key, added up, and their reduction.</summary>
/// <remarks>
/// Registers: 16 to 18 the low, high and middle sums; 19 to 23 temporary; 31 the reduction constant. Karatsuba's three products a
/// register, since a carry-less multiplication takes the place of four simple instructions. Sums are reduced lane by lane and
/// the lanes added after: it is the same number of multiplications and fewer additions.
/// </remarks>
/// <param name="vector">The full width.</param>
internal sealed class GhashCode(VectorCode vector)
{
    public const int Low = 16;
    public const int High = 17;
    public const int Middle = 18;
    public const int FoldConstant = 31;

    /// <summary>A register for a caller's powers.</summary>
    public const int Power = 21;

    private const int Product = 19;
    private const int Blocks = 21;
    private const int Scratch = 23;
    private const int SwapHalves = 0x4E;

    /// <summary>Loads what <see cref="Reduce"/> needs: x^7 + x^2 + x in the reflected order, as the upper word.</summary>
    public void LoadConstants() => vector.Broadcast(FoldConstant, vector.Constant([.. new byte[7], 0xC2, .. new byte[7], 0xC2]));

    public void ClearSums()
    {
        vector.Zero(Low);
        vector.Zero(High);
        vector.Zero(Middle);
    }

    /// <summary>Adds the products of a register's blocks, byte-reversed, and a register of powers; both are changed.</summary>
    /// <param name="width">The width multiplied in: lanes above it are left out.</param>
    /// <param name="blocks">The register of the blocks.</param>
    /// <param name="power">The register of the powers.</param>
    public List<Action> MultiplyAdd(VectorCode width, int blocks, int power) =>
    [
        () => width.Multiply(Product, blocks, power, 0x00),
        () => width.Multiply(Product + 1, blocks, power, 0x11),
        () => width.ShuffleWords(Scratch, blocks, SwapHalves),
        () => width.Xor(blocks, blocks, Scratch),
        () => width.ShuffleWords(Scratch, power, SwapHalves),
        () => width.Xor(power, power, Scratch),
        () => vector.Xor(Low, Low, Product),
        () => vector.Xor(High, High, Product + 1),
        () => width.Multiply(Product, blocks, power, 0x00),
        () => vector.Xor(Middle, Middle, Product),
    ];

    /// <summary>Adds the products of one register of ciphertext, or of two, and their powers.</summary>
    /// <param name="data">The registers, as they are in the message; unchanged.</param>
    /// <param name="power">The powers of each.</param>
    /// <param name="folded">Those powers with their halves added, one's low halves and the other's high ones, or null where they are not kept.</param>
    /// <param name="reverse">The register that reverses bytes.</param>
    /// <param name="before">A register that is xored to the first, or -1.</param>
    public List<Action> MultiplyAdd(
        int[] data, AssemblerMemoryOperand[] power, AssemblerMemoryOperand? folded, int reverse, int before)
    {
        var steps = new List<Action>();
        ForEach(i => vector.ShuffleBytes(Blocks + i, data[i], reverse));
        if (before >= 0)
        {
            steps.Add(() => vector.Xor(Blocks, Blocks, before));
        }

        ForEach(i => vector.Multiply(Product + i, Blocks + i, power[i], 0x00));
        AddTo(Low);
        ForEach(i => vector.Multiply(Product + i, Blocks + i, power[i], 0x11));
        AddTo(High);
        ForEach(i => vector.ShuffleWords(Scratch, Blocks + i, SwapHalves), i => vector.Xor(Blocks + i, Blocks + i, Scratch));
        if (folded is { } sums)
        {
            ForEach(i => vector.Multiply(Product + i, Blocks + i, sums, 0x10 * i));
        }
        else
        {
            ForEach(i => vector.Load(Product + i, power[i]));
            ForEach(i => vector.ShuffleWords(Scratch, Product + i, SwapHalves), i => vector.Xor(Product + i, Product + i, Scratch));
            ForEach(i => vector.Multiply(Product + i, Blocks + i, Product + i, 0x00));
        }

        AddTo(Middle);
        return steps;

        void ForEach(params ReadOnlySpan<Action<int>> writes)
        {
            for (int i = 0; i < data.Length; i++)
            {
                int index = i;
                foreach (Action<int> write in writes)
                {
                    steps.Add(() => write(index));
                }
            }
        }

        void AddTo(int sum) => steps.Add(() =>
        {
            if (data.Length == 2)
            {
                vector.XorBoth(sum, Product, Product + 1);
            }
            else
            {
                vector.Xor(sum, sum, Product);
            }
        });
    }

    /// <summary>Folds the sums to one block, which stands alone in a register.</summary>
    public List<Action> Reduce(int to)
    {
        List<Action> steps =
        [
            () => vector.XorBoth(Middle, Low, High),
            () => vector.ShiftLaneUp(Scratch, Middle, 8),
            () => vector.Xor(Low, Low, Scratch),
            () => vector.ShiftLaneDown(Middle, Middle, 8),
            () => vector.Multiply(Scratch, Low, FoldConstant, 0x00),
            () => vector.ShuffleWords(Low, Low, SwapHalves),
            () => vector.Xor(Low, Low, Scratch),
            () => vector.Multiply(Scratch, Low, FoldConstant, 0x00),
            () => vector.ShuffleWords(Low, Low, SwapHalves),
            () => vector.Xor(High, High, Middle),
            () => vector.XorBoth(High, Low, Scratch),
        ];
        for (int bits = vector.Bits; bits > 128; bits /= 2)
        {
            VectorCode whole = vector.At(bits), half = vector.At(bits / 2);
            bool isLast = bits == 256;
            steps.Add(() => whole.UpperHalf(Scratch, High));
            steps.Add(() => half.Xor(isLast ? to : High, High, Scratch));
        }

        return steps;
    }
}
