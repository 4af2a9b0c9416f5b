namespace Outboard.Simd;

/// <summary>A vector register width in bits: what a kernel uses, or the widest that may be used.</summary>
/// <remarks>
/// As a limit any power of two from 64 to 32768 is legal (a limit of 1024 is one that no kernel reaches);
/// as the width of a kernel only the four named widths below <see cref="Max"/> occur.
/// <para><i>Source</i>: the max SIMD bitwidth of DPDK's EAL, same values.</para>
/// </remarks>
public enum SimdWidth
{
    /// <summary>No vector registers: 64-bit general registers only.</summary>
    Scalar = 64,

    /// <summary>128-bit registers.</summary>
    V128 = 128,

    /// <summary>256-bit registers.</summary>
    V256 = 256,

    /// <summary>512-bit registers.</summary>
    V512 = 512,

    /// <summary>No limit.</summary>
    Max = 32768,
}
