using Outboard.Plugins.Regex.Rules;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.ByteScan;

/// <summary>
/// The first byte of a set. Contract: the smallest offset at or after the start whose byte is in the set, or -1. Every kernel gives the same.
/// </summary>
internal interface IByteScan : ISimdKernel
{
    static abstract int IndexOf(ByteScanSet set, ReadOnlySpan<byte> data, int start);
}

/// <summary>A kernel chosen for a scanner.</summary>
internal readonly unsafe struct ByteScanKernel(
    delegate*<ByteScanSet, ReadOnlySpan<byte>, int, int> entry)
{
    private readonly delegate*<ByteScanSet, ReadOnlySpan<byte>, int, int> _entry = entry;

    public int IndexOf(ByteScanSet set, ReadOnlySpan<byte> data, int start) => _entry(set, data, start);
}

/// <summary>A byte set in the forms the kernels read.</summary>
internal sealed class ByteScanSet
{
    public ByteScanSet(ByteSet set)
    {
        Set = set;
        for (int value = 0; value < 256; value++)
        {
            if (!set.Contains((byte)value))
            {
                continue;
            }

            Member[value] = 1;
            byte bit = (byte)(1 << (value >> 4 & 7));
            (value < 128 ? LowHalf : HighHalf)[value & 15] |= bit;
        }
    }

    public ByteSet Set { get; }

    /// <summary>One byte a value: 1 for a member.</summary>
    public byte[] Member { get; } = new byte[256];

    /// <summary>By low nibble, a bit for each high nibble 0 to 7.</summary>
    public byte[] LowHalf { get; } = new byte[16];

    /// <summary>By low nibble, a bit for each high nibble 8 to 15.</summary>
    public byte[] HighHalf { get; } = new byte[16];
}

/// <summary>The kernels of this operation.</summary>
internal static class ByteScanTable
{
    /// <summary>The operation's name in the device report.</summary>
    public const string Operation = "byte-scan";

    /// <summary>The rows, widest first.</summary>
    public static KernelDescriptor[] Rows { get; } =
    [
        KernelDescriptor.Of<ByteScanVector512>(),
        KernelDescriptor.Of<ByteScanVector256>(),
        KernelDescriptor.Of<ByteScanVector128>(),
        KernelDescriptor.Of<ByteScanScalar>(),
    ];

    /// <summary>The kernel of a row.</summary>
    public static unsafe ByteScanKernel At(int row) => row switch
    {
        0 => new ByteScanKernel(&ByteScanVector512.IndexOf),
        1 => new ByteScanKernel(&ByteScanVector256.IndexOf),
        2 => new ByteScanKernel(&ByteScanVector128.IndexOf),
        _ => new ByteScanKernel(&ByteScanScalar.IndexOf),
    };
}
