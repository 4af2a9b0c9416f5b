using Outboard.Plugins.Crypto.Kernels.AesCbc;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Kernels.AesCcm;

/// <summary>CCM over the bit-plane cipher.</summary>
internal readonly unsafe struct AesCcmScalar : IAesCcmKernel
{
    public static SimdWidth Width => SimdWidth.Scalar;

    public static string Name => "bitsliced";

    public static bool IsSupported => true;

    public static bool IsAccelerated => true;

    public static void Chain(ChainJob* jobs, int count, byte* scratch) =>
        AesChain<AesChainScalar>.Run(jobs, count, store: false, scratch);

    public static void Count(AesKey* key, byte* counter, byte* source, byte* destination, nuint length) =>
        AesCtrScalar.Apply(ref *key, ref *counter, ref *source, ref *destination, length);
}

/// <summary>CCM with AES-NI: the code by eight messages, the text by eight blocks.</summary>
internal readonly unsafe struct AesCcmVector128 : IAesCcmKernel
{
    public static SimdWidth Width => SimdWidth.V128;

    public static string Name => "aesni-x8";

    public static bool IsSupported => AesChainVector128.IsSupported && AesCtrVector128.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Chain(ChainJob* jobs, int count, byte* scratch) =>
        AesChain<AesChainVector128>.Run(jobs, count, store: false, scratch);

    public static void Count(AesKey* key, byte* counter, byte* source, byte* destination, nuint length) =>
        AesCtrVector128.Apply(ref *key, ref *counter, ref *source, ref *destination, length);
}

/// <summary>CCM with emitted vector AES on 256-bit registers: the code by sixteen messages, the text by sixteen blocks.</summary>
internal readonly unsafe struct AesCcmEmitted256 : IAesCcmKernel
{
    public static SimdWidth Width => SimdWidth.V256;

    public static string Name => "vaes-ymm emitted";

    public static bool IsSupported => AesChainEmitted256.IsSupported && AesCtrEmitted256.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Prepare() => AesChainEmitted256.Prepare();

    public static void Chain(ChainJob* jobs, int count, byte* scratch) =>
        AesChain<AesChainEmitted256>.Run(jobs, count, store: false, scratch);

    public static void Count(AesKey* key, byte* counter, byte* source, byte* destination, nuint length) =>
        AesCtrEmitted256.Apply(ref *key, ref *counter, ref *source, ref *destination, length);
}

/// <summary>CCM with emitted vector AES on 512-bit registers: the code by thirty-two messages, the text by thirty-two blocks.</summary>
internal readonly unsafe struct AesCcmEmitted512 : IAesCcmKernel
{
    public static SimdWidth Width => SimdWidth.V512;

    public static string Name => "vaes-zmm emitted";

    public static bool IsSupported => AesChainEmitted512.IsSupported && AesCtrEmitted512.IsSupported;

    public static bool IsAccelerated => IsSupported;

    public static void Prepare() => AesChainEmitted512.Prepare();

    public static void Chain(ChainJob* jobs, int count, byte* scratch) =>
        AesChain<AesChainEmitted512>.Run(jobs, count, store: false, scratch);

    public static void Count(AesKey* key, byte* counter, byte* source, byte* destination, nuint length) =>
        AesCtrEmitted512.Apply(ref *key, ref *counter, ref *source, ref *destination, length);
}
