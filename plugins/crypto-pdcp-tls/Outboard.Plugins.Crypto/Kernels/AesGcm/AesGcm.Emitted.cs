using Outboard.Plugins.Crypto.Kernels.Emitted;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesGcm;

/// <summary>GCM with emitted vector AES and VPCLMULQDQ, mixed, on 512-bit registers.</summary>
internal readonly struct AesGcmEmitted512 : ISimdKernel
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "vaes-zmm+vpclmul-zmm emitted";

    public static bool IsSupported => EmittedCode.Obstacle is null;

    public static bool IsAccelerated => IsSupported;

    /// <summary>Does a whole burst.</summary>
    public static EmittedFunction Burst { get; } = new("aes-gcm 512", assembler => GcmBurst.Write(assembler, 512));
}

/// <summary>GCM with emitted vector AES and VPCLMULQDQ, mixed, on 256-bit registers.</summary>
internal readonly struct AesGcmEmitted256 : ISimdKernel
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "vaes-ymm+vpclmul-ymm emitted";

    public static bool IsSupported => EmittedCode.Obstacle is null;

    public static bool IsAccelerated => IsSupported;

    /// <summary>Does a whole burst.</summary>
    public static EmittedFunction Burst { get; } = new("aes-gcm 256", assembler => GcmBurst.Write(assembler, 256));
}
