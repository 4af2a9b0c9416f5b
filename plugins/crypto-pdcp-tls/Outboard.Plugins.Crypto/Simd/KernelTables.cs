using Outboard.Plugins.Crypto.Kernels.AesCmac;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.AesGcm;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>The kernels of each operation, widest first, and the engine closed over a choice of them.</summary>
internal static class KernelTables
{
    private static ReadOnlySpan<KernelDescriptor> Ctr => new KernelDescriptor[]
    {
        KernelDescriptor.Of<AesCtrVector512>(),
        KernelDescriptor.Of<AesCtrVector256>(),
        KernelDescriptor.Of<AesCtrVector128>(),
        KernelDescriptor.Of<AesCtrScalar>(),
    };

    private static ReadOnlySpan<KernelDescriptor> Gcm => new KernelDescriptor[]
    {
        KernelDescriptor.Of<AesGcmVector512>(),
        KernelDescriptor.Of<AesGcmVector256>(),
        KernelDescriptor.Of<AesGcmVector128>(),
        KernelDescriptor.Of<AesGcmScalar>(),
    };

    private static ReadOnlySpan<KernelDescriptor> Cmac => new KernelDescriptor[]
    {
        KernelDescriptor.Of<AesCmacVector128>(),
        KernelDescriptor.Of<AesCmacScalar>(),
    };

    /// <summary>Chooses a kernel for each operation and builds the engine.</summary>
    public static CryptoEngine Build(SimdSelector selector, out IReadOnlyList<KernelChoice> choices)
    {
        KernelChoice ctr = selector.Choose("aes-ctr", Ctr, out int ctrIndex);
        KernelChoice gcm = selector.Choose("aes-gcm", Gcm, out int gcmIndex);
        KernelChoice cmac = selector.Choose("aes-cmac", Cmac, out int cmacIndex);
        choices = [ctr, gcm, cmac];
        return ctrIndex switch
        {
            0 => Close<AesCtrVector512>(gcmIndex, cmacIndex),
            1 => Close<AesCtrVector256>(gcmIndex, cmacIndex),
            2 => Close<AesCtrVector128>(gcmIndex, cmacIndex),
            _ => Close<AesCtrScalar>(gcmIndex, cmacIndex),
        };
    }

    private static CryptoEngine Close<TCtr>(int gcm, int cmac)
        where TCtr : struct, IAesCtrKernel => gcm switch
        {
            0 => Close<TCtr, AesGcmVector512>(cmac),
            1 => Close<TCtr, AesGcmVector256>(cmac),
            2 => Close<TCtr, AesGcmVector128>(cmac),
            _ => Close<TCtr, AesGcmScalar>(cmac),
        };

    private static CryptoEngine Close<TCtr, TGcm>(int cmac)
        where TCtr : struct, IAesCtrKernel
        where TGcm : struct, IAesGcmKernel => cmac switch
        {
            0 => new CryptoEngine<TCtr, TGcm, AesCmacVector128>(),
            _ => new CryptoEngine<TCtr, TGcm, AesCmacScalar>(),
        };
}
