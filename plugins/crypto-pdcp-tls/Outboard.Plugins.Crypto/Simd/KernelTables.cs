using Outboard.Plugins.Crypto.Kernels.AesCmac;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.AesGcm;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Simd;

/// <summary>The kernels of each operation, widest first, and the engine closed over a choice of them.</summary>
internal static class KernelTables
{
    private static KernelDescriptor[] Ctr =>
    [
        KernelDescriptor.Of<AesCtrEmitted512>(),
        KernelDescriptor.Of<AesCtrVector512>(),
        KernelDescriptor.Of<AesCtrEmitted256>(),
        KernelDescriptor.Of<AesCtrVector256>(),
        KernelDescriptor.Of<AesCtrVector128>(),
        KernelDescriptor.Of<AesCtrScalar>(),
    ];

    private static KernelDescriptor[] Gcm =>
    [
        KernelDescriptor.Of<AesGcmEmitted512>(),
        KernelDescriptor.Of<AesGcmVector512>(),
        KernelDescriptor.Of<AesGcmEmitted256>(),
        KernelDescriptor.Of<AesGcmVector256>(),
        KernelDescriptor.Of<AesGcmVector128>(),
        KernelDescriptor.Of<AesGcmScalar>(),
    ];

    private static KernelDescriptor[] Cmac =>
    [
        KernelDescriptor.Of<AesCmacEmitted512>(),
        KernelDescriptor.Of<AesCmacEmitted256>(),
        KernelDescriptor.Of<AesCmacVector128>(),
        KernelDescriptor.Of<AesCmacScalar>(),
    ];

    /// <summary>Chooses a kernel for each operation and builds the engine.</summary>
    /// <param name="selector">The widths allowed.</param>
    /// <param name="emitted">Whether emitted kernels may be chosen.</param>
    /// <param name="choices">What was chosen and why.</param>
    public static CryptoEngine Build(SimdSelector selector, bool emitted, out IReadOnlyList<KernelChoice> choices)
    {
        KernelChoice ctr = selector.Choose("aes-ctr", Allowed(Ctr, emitted), out int ctrIndex);
        KernelChoice gcm = selector.Choose("aes-gcm", Allowed(Gcm, emitted), out int gcmIndex);
        KernelChoice cmac = selector.Choose("aes-cmac", Allowed(Cmac, emitted), out int cmacIndex);
        choices = [ctr, gcm, cmac];
        return ctrIndex switch
        {
            0 => Close<AesCtrEmitted512>(gcmIndex, cmacIndex),
            1 => Close<AesCtrVector512>(gcmIndex, cmacIndex),
            2 => Close<AesCtrEmitted256>(gcmIndex, cmacIndex),
            3 => Close<AesCtrVector256>(gcmIndex, cmacIndex),
            4 => Close<AesCtrVector128>(gcmIndex, cmacIndex),
            _ => Close<AesCtrScalar>(gcmIndex, cmacIndex),
        };
    }

    // Without emitted code the rows stay, so that indices do, but they are not there to be chosen.
    private static KernelDescriptor[] Allowed(KernelDescriptor[] table, bool emitted) => emitted
        ? table
        : [.. table.Select(row => row.Name.Contains("emitted", StringComparison.Ordinal) ? row with { IsSupported = false } : row)];

    private static CryptoEngine Close<TCtr>(int gcm, int cmac)
        where TCtr : struct, IAesCtrKernel => gcm switch
        {
            0 => Close<TCtr, AesGcmEmitted512>(cmac),
            1 => Close<TCtr, AesGcmVector512>(cmac),
            2 => Close<TCtr, AesGcmEmitted256>(cmac),
            3 => Close<TCtr, AesGcmVector256>(cmac),
            4 => Close<TCtr, AesGcmVector128>(cmac),
            _ => Close<TCtr, AesGcmScalar>(cmac),
        };

    private static CryptoEngine Close<TCtr, TGcm>(int cmac)
        where TCtr : struct, IAesCtrKernel
        where TGcm : struct, IAesGcmKernel => cmac switch
        {
            0 => new CryptoEngine<TCtr, TGcm, AesCmacEmitted512>(),
            1 => new CryptoEngine<TCtr, TGcm, AesCmacEmitted256>(),
            2 => new CryptoEngine<TCtr, TGcm, AesCmacVector128>(),
            _ => new CryptoEngine<TCtr, TGcm, AesCmacScalar>(),
        };
}
