using Outboard.Plugins.Crypto.Kernels.Emitted;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCtr;

/// <summary>Counter mode with emitted vector AES on 512-bit registers: four blocks an instruction, thirty-two in flight.</summary>
internal readonly struct AesCtrEmitted512 : ISimdKernel
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "vaes-zmm emitted";

    public static bool IsSupported => EmittedCode.Obstacle is null;

    public static bool IsAccelerated => IsSupported;

    /// <summary>Does a whole burst.</summary>
    public static EmittedFunction Burst { get; } = new("aes-ctr 512", assembler => CtrBurst.Write(assembler, 512));
}

/// <summary>Counter mode with emitted vector AES on 256-bit registers: two blocks an instruction, sixteen in flight.</summary>
internal readonly struct AesCtrEmitted256 : ISimdKernel
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "vaes-ymm emitted";

    public static bool IsSupported => EmittedCode.Obstacle is null;

    public static bool IsAccelerated => IsSupported;

    /// <summary>Does a whole burst.</summary>
    public static EmittedFunction Burst { get; } = new("aes-ctr 256", assembler => CtrBurst.Write(assembler, 256));
}
