using Outboard.Plugins.Regex.Rules;
using Outboard.Simd;

namespace Outboard.Plugins.Regex.Kernels.ByteScan;

/// <summary>
/// The first byte of a set. Contract: the smallest offset at or after the start whose byte is in the set, or -1. Every kernel gives the same.
/// </summary>
internal interface IByteScan
{
    static abstract SimdWidth Width { get; }

    static abstract bool IsSupported { get; }

    static abstract int IndexOf(ByteScanSet set, ReadOnlySpan<byte> data, int start);
}

/// <summary>A kernel chosen for a scanner.</summary>
internal readonly unsafe struct ByteScanKernel(
    SimdWidth width, string name, delegate*<ByteScanSet, ReadOnlySpan<byte>, int, int> entry)
{
    private readonly delegate*<ByteScanSet, ReadOnlySpan<byte>, int, int> _entry = entry;

    /// <summary>The registers it uses.</summary>
    public SimdWidth Width { get; } = width;

    /// <summary>Its name in the device report.</summary>
    public string Name { get; } = name;

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
    /// <summary>The kernel of exactly a width, or null where the processor lacks it.</summary>
    public static unsafe ByteScanKernel? Exactly(SimdWidth width) => width switch
    {
        SimdWidth.V512 when ByteScanVector512.IsSupported =>
            new(SimdWidth.V512, "set shuffle, 64 bytes a step", &ByteScanVector512.IndexOf),
        SimdWidth.V256 when ByteScanVector256.IsSupported =>
            new(SimdWidth.V256, "set shuffle, 32 bytes a step", &ByteScanVector256.IndexOf),
        SimdWidth.V128 when ByteScanVector128.IsSupported =>
            new(SimdWidth.V128, "set shuffle, 16 bytes a step", &ByteScanVector128.IndexOf),
        SimdWidth.Scalar => new(SimdWidth.Scalar, "byte table", &ByteScanScalar.IndexOf),
        _ => null,
    };

    /// <summary>The widest kernel at or under a cap.</summary>
    public static ByteScanKernel Widest(SimdWidth cap) =>
        (cap >= SimdWidth.V512 ? Exactly(SimdWidth.V512) : null)
        ?? (cap >= SimdWidth.V256 ? Exactly(SimdWidth.V256) : null)
        ?? (cap >= SimdWidth.V128 ? Exactly(SimdWidth.V128) : null)
        ?? Exactly(SimdWidth.Scalar)!.Value;
}
