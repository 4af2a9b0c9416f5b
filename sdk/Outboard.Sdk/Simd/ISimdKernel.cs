namespace Outboard.Simd;

/// <summary>What every kernel says of itself, so that a table can choose among the widths of one operation.</summary>
public interface ISimdKernel
{
    /// <summary>The width of the registers that the kernel works in.</summary>
    static abstract SimdWidth Width { get; }

    /// <summary>A short name for reports, such as <c>aesni-x8+pclmul</c>.</summary>
    static abstract string Name { get; }

    /// <summary>Whether this processor and runtime have the instructions that the kernel needs.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Whether the kernel, where it is supported, is worth choosing over a narrower one.</summary>
    static abstract bool IsAccelerated { get; }
}
